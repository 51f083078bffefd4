/* SPDX-License-Identifier: MIT */
/* sign_words.c - what titles and headings say where a story should be */
#include "article/sign_words.h"

#include "base/buf.h"
#include "web/utf8.h"

/* Bytes that are read: titles and headings are shorter. */
#define READ_MAX ((size_t)2000)

/* What is said, and the classes it speaks for; in the order of bytes. */
struct phrase {
	const char *text; /* small letters, straight apostrophes */
	unsigned words;
};

static const struct phrase phrases[] = {{"404", WORDS_NOT_FOUND}, {"aanmelden", WORDS_LOGIN},
	{"abbonati", WORDS_WALL}, {"abo abschließen", WORDS_WALL}, {"abonamen", WORDS_WALL},
	{"abone ol", WORDS_WALL}, {"abonează", WORDS_WALL}, {"aboneler", WORDS_WALL},
	{"abonnee", WORDS_WALL}, {"abonnent", WORDS_WALL}, {"abonner", WORDS_WALL},
	{"abonnez-vous", WORDS_WALL}, {"aby czytać dalej", WORDS_WALL}, {"accedi", WORDS_LOGIN},
	{"acceso denegado", WORDS_DENIED}, {"access denied", WORDS_DENIED},
	{"access to this page has been denied", WORDS_CHECK}, {"access to this site", WORDS_DENIED},
	{"accesso negato", WORDS_DENIED}, {"accès bloqué", WORDS_DENIED},
	{"accès refusé", WORDS_DENIED}, {"acesso negado", WORDS_DENIED}, {"adatvéd", WORDS_CONSENT},
	{"adgang nægtet", WORDS_DENIED}, {"alleen voor abonnees", WORDS_WALL},
	{"already a subscriber", WORDS_WALL}, {"anmelden", WORDS_LOGIN}, {"anmeldung", WORDS_LOGIN},
	{"antes de continuar", WORDS_CONSENT}, {"are a robot", WORDS_CHECK},
	{"are you human", WORDS_CHECK}, {"assinante", WORDS_WALL}, {"assine", WORDS_WALL},
	{"attention required", WORDS_CHECK}, {"autentific", WORDS_LOGIN},
	{"avant de continuer", WORDS_CONSENT}, {"become a subscriber", WORDS_WALL},
	{"before you continue", WORDS_CONSENT}, {"bejelentkez", WORDS_LOGIN},
	{"berlangganan", WORDS_WALL}, {"bestaat niet", WORDS_NOT_FOUND},
	{"beveiligingscontrole", WORDS_CHECK}, {"bevor sie fortfahren", WORDS_CONSENT},
	{"bist du ein mensch", WORDS_CHECK}, {"biztonsági ellenőrzés", WORDS_CHECK},
	{"bli abonnent", WORDS_WALL}, {"bliv abonnent", WORDS_WALL}, {"blocked", WORDS_DENIED},
	{"bot detection", WORDS_CHECK}, {"browser check", WORDS_CHECK},
	{"browser wird überprüft", WORDS_CHECK}, {"bukan robot", WORDS_CHECK},
	{"bulunamadı", WORDS_NOT_FOUND}, {"can't be found", WORDS_NOT_FOUND},
	{"can't find", WORDS_NOT_FOUND}, {"cannot be found", WORDS_NOT_FOUND},
	{"cannot find", WORDS_NOT_FOUND}, {"captcha", WORDS_CHECK},
	{"checking if the site", WORDS_CHECK}, {"checking your browser", WORDS_CHECK},
	{"ciasteczk", WORDS_CONSENT}, {"comprobación de seguridad", WORDS_CHECK},
	{"conecta", WORDS_LOGIN}, {"confidentialité", WORDS_CONSENT},
	{"confidențialitate", WORDS_CONSENT}, {"connectez-vous", WORDS_LOGIN},
	{"connexion", WORDS_LOGIN}, {"consenso", WORDS_CONSENT}, {"consent", WORDS_CONSENT},
	{"consentement", WORDS_CONSENT}, {"consentimento", WORDS_CONSENT},
	{"consentimiento", WORDS_CONSENT}, {"consimțământ", WORDS_CONSENT},
	{"continue reading this", WORDS_WALL}, {"continue reading with", WORDS_WALL},
	{"controllo di sicurezza", WORDS_CHECK}, {"cookie", WORDS_CONSENT},
	{"cookies", WORDS_CONSENT}, {"could not be found", WORDS_NOT_FOUND},
	{"could not find", WORDS_NOT_FOUND}, {"couldn't be found", WORDS_NOT_FOUND},
	{"couldn't find", WORDS_NOT_FOUND}, {"create a free account", WORDS_LOGIN},
	{"create an account", WORDS_LOGIN}, {"créer un compte", WORDS_LOGIN},
	{"datenschutz", WORDS_CONSENT}, {"ddos", WORDS_CHECK}, {"digital-abo", WORDS_WALL},
	{"does not exist", WORDS_NOT_FOUND}, {"doesn't exist", WORDS_NOT_FOUND},
	{"déjà abonné", WORDS_WALL}, {"een mens bent", WORDS_CHECK},
	{"effettua l'accesso", WORDS_LOGIN}, {"ei leitud", WORDS_NOT_FOUND},
	{"ei löydy", WORDS_NOT_FOUND}, {"ei löytynyt", WORDS_NOT_FOUND},
	{"ei ole olemassa", WORDS_NOT_FOUND}, {"einloggen", WORDS_LOGIN},
	{"einwilligung", WORDS_CONSENT}, {"eksisterer ikke", WORDS_NOT_FOUND},
	{"előfizet", WORDS_WALL}, {"entrar", WORDS_LOGIN}, {"entre na sua", WORDS_LOGIN},
	{"er et menneske", WORDS_CHECK}, {"eres humano", WORDS_CHECK},
	{"eres un robot", WORDS_CHECK}, {"erişim engellendi", WORDS_DENIED},
	{"es humano", WORDS_CHECK}, {"et øjeblik", WORDS_CHECK}, {"et øyeblikk", WORDS_CHECK},
	{"ett ögonblick", WORDS_CHECK}, {"evästee", WORDS_CONSENT},
	{"exclusive to subscribers", WORDS_WALL}, {"exclusivo para assinantes", WORDS_WALL},
	{"exclusivo para suscr", WORDS_WALL}, {"existiert nicht", WORDS_NOT_FOUND},
	{"fant ikke", WORDS_NOT_FOUND}, {"faça login", WORDS_LOGIN},
	{"findes ikke", WORDS_NOT_FOUND}, {"finnes ikke", WORDS_NOT_FOUND},
	{"finns inte", WORDS_NOT_FOUND}, {"for abonnenter", WORDS_WALL},
	{"for subscribers", WORDS_WALL}, {"forbidden by", WORDS_DENIED},
	{"free articles", WORDS_WALL}, {"för att läsa", WORDS_WALL},
	{"før du fortsetter", WORDS_CONSENT}, {"før du fortsætter", WORDS_CONSENT},
	{"für abonnenten", WORDS_WALL}, {"geen robot", WORDS_CHECK},
	{"gibt es nicht", WORDS_NOT_FOUND}, {"giriş yap", WORDS_LOGIN}, {"gizlilik", WORDS_CONSENT},
	{"güvenlik kontrolü", WORDS_CHECK}, {"has been removed", WORDS_NOT_FOUND},
	{"hittades inte", WORDS_NOT_FOUND}, {"hittas inte", WORDS_NOT_FOUND},
	{"hozzájárul", WORDS_CONSENT}, {"human verification", WORDS_CHECK},
	{"identifiez-vous", WORDS_LOGIN}, {"ihminen", WORDS_CHECK},
	{"ihr browser wird", WORDS_CHECK}, {"ikke en robot", WORDS_CHECK},
	{"ikke fundet", WORDS_NOT_FOUND}, {"ikke funnet", WORDS_NOT_FOUND},
	{"il vous reste", WORDS_WALL}, {"ingen tilgang", WORDS_DENIED},
	{"inicia sesión", WORDS_LOGIN}, {"iniciar sesión", WORDS_LOGIN},
	{"iniciar sessão", WORDS_LOGIN}, {"inicie sesión", WORDS_LOGIN}, {"inloggen", WORDS_LOGIN},
	{"innan du fortsätter", WORDS_CONSENT}, {"insan oldu", WORDS_CHECK},
	{"integritet", WORDS_CONSENT}, {"introuvable", WORDS_NOT_FOUND},
	{"is not available", WORDS_NOT_FOUND}, {"isn't available", WORDS_NOT_FOUND},
	{"javascript", WORDS_SCRIPTS}, {"jesteś człowiekiem", WORDS_CHECK},
	{"jetzt abonnieren", WORDS_WALL}, {"jetzt weiterlesen", WORDS_WALL},
	{"just a moment", WORDS_CHECK}, {"kein roboter", WORDS_CHECK},
	{"không tìm thấy", WORDS_NOT_FOUND}, {"không tồn tại", WORDS_NOT_FOUND},
	{"kirjaudu", WORDS_LOGIN}, {"kun for abonnenter", WORDS_WALL},
	{"kunde inte hittas", WORDS_NOT_FOUND}, {"lees verder met", WORDS_WALL},
	{"log in", WORDS_LOGIN}, {"log ind", WORDS_LOGIN}, {"log on", WORDS_LOGIN},
	{"logg inn", WORDS_LOGIN}, {"logga in", WORDS_LOGIN}, {"login", WORDS_LOGIN},
	{"logowanie", WORDS_LOGIN}, {"masuk", WORDS_LOGIN}, {"mevcut değil", WORDS_NOT_FOUND},
	{"mit abo", WORDS_WALL}, {"mit werbung", WORDS_CONSENT},
	{"n'est plus disponible", WORDS_NOT_FOUND}, {"n'existe pas", WORDS_NOT_FOUND},
	{"n'existe plus", WORDS_NOT_FOUND}, {"ne postoji", WORDS_NOT_FOUND},
	{"neatrast", WORDS_NOT_FOUND}, {"nebyla nalezena", WORDS_NOT_FOUND},
	{"neexistuje", WORDS_NOT_FOUND}, {"nem létezik", WORDS_NOT_FOUND},
	{"nem található", WORDS_NOT_FOUND}, {"nenalezen", WORDS_NOT_FOUND},
	{"nenašla", WORDS_NOT_FOUND}, {"nerast", WORDS_NOT_FOUND}, {"người máy", WORDS_CHECK},
	{"ni bilo mogoče najti", WORDS_NOT_FOUND}, {"nicht finden", WORDS_NOT_FOUND},
	{"nicht gefunden", WORDS_NOT_FOUND}, {"nicht mehr da", WORDS_NOT_FOUND},
	{"nicht mehr verfügbar", WORDS_NOT_FOUND}, {"nicht verfügbar", WORDS_NOT_FOUND},
	{"nie istnieje", WORDS_NOT_FOUND}, {"nie znaleziono", WORDS_NOT_FOUND},
	{"nie została znaleziona", WORDS_NOT_FOUND}, {"niet gevonden", WORDS_NOT_FOUND},
	{"niet meer beschikbaar", WORDS_NOT_FOUND}, {"niet vinden", WORDS_NOT_FOUND},
	{"nije pronađena", WORDS_NOT_FOUND}, {"no encontrada", WORDS_NOT_FOUND},
	{"no encontrado", WORDS_NOT_FOUND}, {"no es un robot", WORDS_CHECK},
	{"no existe", WORDS_NOT_FOUND}, {"no hemos encontrado", WORDS_NOT_FOUND},
	{"no longer available", WORDS_NOT_FOUND}, {"no longer exists", WORDS_NOT_FOUND},
	{"no se encontr", WORDS_NOT_FOUND}, {"no se ha encontrado", WORDS_NOT_FOUND},
	{"no soy un robot", WORDS_CHECK}, {"no trobada", WORDS_NOT_FOUND},
	{"non esiste", WORDS_NOT_FOUND}, {"non trouvée", WORDS_NOT_FOUND},
	{"non trovata", WORDS_NOT_FOUND}, {"non trovato", WORDS_NOT_FOUND},
	{"non è più disponibile", WORDS_NOT_FOUND}, {"non è stata trovata", WORDS_NOT_FOUND},
	{"not a bot", WORDS_CHECK}, {"not a robot", WORDS_CHECK},
	{"not available anymore", WORDS_NOT_FOUND}, {"not found", WORDS_NOT_FOUND},
	{"nothing here", WORDS_NOT_FOUND}, {"nu a fost găsit", WORDS_NOT_FOUND},
	{"nu există", WORDS_NOT_FOUND}, {"nur einen moment", WORDS_CHECK},
	{"não encontrada", WORDS_NOT_FOUND}, {"não encontrado", WORDS_NOT_FOUND},
	{"não está disponível", WORDS_NOT_FOUND}, {"não existe", WORDS_NOT_FOUND},
	{"não foi encontrad", WORDS_NOT_FOUND}, {"odmowa dostępu", WORDS_DENIED},
	{"onay", WORDS_CONSENT}, {"oturum aç", WORDS_LOGIN}, {"ověření", WORDS_CHECK},
	{"page is missing", WORDS_NOT_FOUND}, {"page missing", WORDS_NOT_FOUND},
	{"para continuar lendo", WORDS_WALL}, {"para seguir leyendo", WORDS_WALL},
	{"pardon our interruption", WORDS_CHECK}, {"pas trouvée", WORDS_NOT_FOUND},
	{"pas un robot", WORDS_CHECK}, {"per continuare a leggere", WORDS_WALL},
	{"personvern", WORDS_CONSENT}, {"pour lire la suite", WORDS_WALL}, {"predplat", WORDS_WALL},
	{"prenumerant", WORDS_WALL}, {"prenumerat", WORDS_WALL}, {"prenumerera", WORDS_WALL},
	{"press & hold", WORDS_CHECK}, {"press and hold", WORDS_CHECK}, {"prihlás", WORDS_LOGIN},
	{"prima di continuare", WORDS_CONSENT}, {"privacidad", WORDS_CONSENT},
	{"privacidade", WORDS_CONSENT}, {"privacy", WORDS_CONSENT}, {"privasi", WORDS_CONSENT},
	{"privatliv", WORDS_CONSENT}, {"privatsphäre", WORDS_CONSENT}, {"probeabo", WORDS_WALL},
	{"prywatno", WORDS_CONSENT}, {"pääsy estetty", WORDS_DENIED}, {"předplat", WORDS_WALL},
	{"přihlá", WORDS_LOGIN}, {"přístup odepřen", WORDS_DENIED},
	{"quyền riêng tư", WORDS_CONSENT}, {"register to", WORDS_LOGIN},
	{"registrati", WORDS_LOGIN}, {"registrieren", WORDS_LOGIN},
	{"request blocked", WORDS_DENIED}, {"request unsuccessful", WORDS_DENIED},
	{"riservato agli abbonati", WORDS_WALL}, {"robot check", WORDS_CHECK},
	{"robot olmad", WORDS_CHECK}, {"robotem", WORDS_CHECK}, {"robotti", WORDS_CHECK},
	{"robô", WORDS_CHECK}, {"réservé aux abonnés", WORDS_WALL},
	{"réservé à nos abonnés", WORDS_WALL}, {"s'abonner", WORDS_WALL},
	{"s'identifier", WORDS_LOGIN}, {"samtycke", WORDS_CONSENT}, {"samtykke", WORDS_CONSENT},
	{"se connecter", WORDS_LOGIN}, {"security check", WORDS_CHECK},
	{"security verification", WORDS_CHECK}, {"sei umano", WORDS_CHECK},
	{"sei un robot", WORDS_CHECK}, {"sicherheitsabfrage", WORDS_CHECK},
	{"sicherheitscheck", WORDS_CHECK}, {"sicherheitsprüfung", WORDS_CHECK},
	{"sicherheitsüberprüfung", WORDS_CHECK}, {"sie ein mensch", WORDS_CHECK},
	{"sign in", WORDS_LOGIN}, {"sign up", WORDS_LOGIN}, {"sikkerhedskontrol", WORDS_CHECK},
	{"sikkerhetssjekk", WORDS_CHECK}, {"solo para suscriptores", WORDS_WALL},
	{"souhlas", WORDS_CONSENT}, {"soukrom", WORDS_CONSENT},
	{"start your free trial", WORDS_WALL}, {"subscribe and", WORDS_WALL},
	{"subscribe for", WORDS_WALL}, {"subscribe now", WORDS_WALL}, {"subscribe to", WORDS_WALL},
	{"subscriber-only", WORDS_WALL}, {"subscribers only", WORDS_WALL}, {"subskry", WORDS_WALL},
	{"suostumus", WORDS_CONSENT}, {"suscriptor", WORDS_WALL}, {"suscríbete", WORDS_WALL},
	{"säkerhetskontroll", WORDS_CHECK}, {"só um momento", WORDS_CHECK},
	{"tidak ditemukan", WORDS_NOT_FOUND}, {"tilaa", WORDS_WALL}, {"tilaajille", WORDS_WALL},
	{"to continue reading", WORDS_WALL}, {"to keep reading", WORDS_WALL},
	{"to read the full", WORDS_WALL}, {"to read the rest", WORDS_WALL},
	{"to read this article", WORDS_WALL}, {"toegang geweigerd", WORDS_DENIED},
	{"toestemming", WORDS_CONSENT}, {"tylko dla prenumerator", WORDS_WALL},
	{"um robô", WORDS_CHECK}, {"um weiterzulesen", WORDS_WALL},
	{"unusual activity", WORDS_CHECK}, {"unusual traffic", WORDS_CHECK},
	{"verifica di sicurezza", WORDS_CHECK}, {"verificación de seguridad", WORDS_CHECK},
	{"verificação de segurança", WORDS_CHECK}, {"verifikasi keamanan", WORDS_CHECK},
	{"verify you", WORDS_CHECK}, {"vie privée", WORDS_CONSENT},
	{"voordat je verder", WORDS_CONSENT}, {"voordat u verder", WORDS_CONSENT},
	{"vérification de sécurité", WORDS_CHECK},
	{"vérification de votre navigateur", WORDS_CHECK}, {"vérification en cours", WORDS_CHECK},
	{"weiterlesen mit", WORDS_WALL}, {"weiterlesen mit werbung", WORDS_CONSENT},
	{"word abonnee", WORDS_WALL}, {"xác minh", WORDS_CHECK},
	{"ya no está disponible", WORDS_NOT_FOUND}, {"yksityisyy", WORDS_CONSENT},
	{"you a robot", WORDS_CHECK}, {"you are a human", WORDS_CHECK},
	{"you are human", WORDS_CHECK}, {"you have been blocked", WORDS_CHECK},
	{"you're human", WORDS_CHECK}, {"your data", WORDS_CONSENT}, {"zaloguj", WORDS_LOGIN},
	{"zarejestruj", WORDS_LOGIN}, {"zgod", WORDS_CONSENT}, {"zugang verweigert", WORDS_DENIED},
	{"zugriff blockiert", WORDS_DENIED}, {"zugriff verweigert", WORDS_DENIED},
	{"zustimmung", WORDS_CONSENT}, {"är människa", WORDS_CHECK},
	{"åtkomst nekad", WORDS_DENIED}, {"çerez", WORDS_CONSENT}, {"é humano", WORDS_CHECK},
	{"êtes humain", WORDS_CHECK}, {"đăng nhập", WORDS_LOGIN},
	{"έλεγχος ασφαλείας", WORDS_CHECK}, {"απόρρητο", WORDS_CONSENT},
	{"δεν βρέθηκε", WORDS_NOT_FOUND}, {"δεν υπάρχει", WORDS_NOT_FOUND},
	{"είσοδος", WORDS_LOGIN}, {"είστε άνθρωπος", WORDS_CHECK}, {"συγκατάθεση", WORDS_CONSENT},
	{"συνδρομ", WORDS_WALL}, {"σύνδεση", WORDS_LOGIN}, {"авторизац", WORDS_LOGIN},
	{"ви людина", WORDS_CHECK}, {"войдите", WORDS_LOGIN}, {"войти", WORDS_LOGIN},
	{"вход", WORDS_LOGIN}, {"вхід", WORDS_LOGIN}, {"вы человек", WORDS_CHECK},
	{"доступ заборонено", WORDS_DENIED}, {"доступ запрещ", WORDS_DENIED},
	{"доступ ограничен", WORDS_DENIED}, {"згод", WORDS_CONSENT},
	{"конфиденциальн", WORDS_CONSENT}, {"конфіденційн", WORDS_CONSENT}, {"куки", WORDS_CONSENT},
	{"не е намерена", WORDS_NOT_FOUND}, {"не знайден", WORDS_NOT_FOUND},
	{"не найден", WORDS_NOT_FOUND}, {"не робот", WORDS_CHECK},
	{"не существует", WORDS_NOT_FOUND}, {"не удалось найти", WORDS_NOT_FOUND},
	{"не існує", WORDS_NOT_FOUND}, {"один момент", WORDS_CHECK}, {"перевірка", WORDS_CHECK},
	{"передплат", WORDS_WALL}, {"подписк", WORDS_WALL}, {"подписчик", WORDS_WALL},
	{"подпишитесь", WORDS_WALL}, {"подтвердите, что", WORDS_CHECK},
	{"проверка безопасности", WORDS_CHECK}, {"проверка браузера", WORDS_CHECK},
	{"согласие", WORDS_CONSENT}, {"увійти", WORDS_LOGIN}, {"удалена", WORDS_NOT_FOUND},
	{"התחבר", WORDS_LOGIN}, {"כניסה", WORDS_LOGIN}, {"לא נמצא", WORDS_NOT_FOUND},
	{"למנויים", WORDS_WALL}, {"פרטיות", WORDS_CONSENT}, {"רובוט", WORDS_CHECK},
	{"اشترك", WORDS_WALL}, {"التحقق من", WORDS_CHECK}, {"تسجيل الدخول", WORDS_LOGIN},
	{"خصوصي", WORDS_CONSENT}, {"غير موجود", WORDS_NOT_FOUND}, {"لحظة من فضلك", WORDS_CHECK},
	{"لست روبوت", WORDS_CHECK}, {"للمشتركين", WORDS_WALL}, {"لم يتم العثور", WORDS_NOT_FOUND},
	{"موافقة", WORDS_CONSENT}, {"پیدا نشد", WORDS_NOT_FOUND}, {"नहीं मिला", WORDS_NOT_FOUND},
	{"पृष्ठ नहीं मिला", WORDS_NOT_FOUND}, {"ความเป็นส่วนตัว", WORDS_CONSENT}, {"หุ่นยนต์", WORDS_CHECK},
	{"เข้าสู่ระบบ", WORDS_LOGIN}, {"โรบอต", WORDS_CHECK}, {"ไม่พบ", WORDS_NOT_FOUND},
	{"アクセスが拒否", WORDS_DENIED}, {"クッキー", WORDS_CONSENT},
	{"セキュリティチェック", WORDS_CHECK}, {"セキュリティ確認", WORDS_CHECK},
	{"プライバシー", WORDS_CONSENT}, {"ログイン", WORDS_LOGIN}, {"ロボット", WORDS_CHECK},
	{"不存在", WORDS_NOT_FOUND}, {"人机验证", WORDS_CHECK}, {"人間であること", WORDS_CHECK},
	{"付费", WORDS_WALL}, {"会员专享", WORDS_WALL}, {"会員登録", WORDS_LOGIN},
	{"会員限定", WORDS_WALL}, {"同意", WORDS_CONSENT}, {"存在しません", WORDS_NOT_FOUND},
	{"安全检查", WORDS_CHECK}, {"安全驗證", WORDS_CHECK}, {"安全验证", WORDS_CHECK},
	{"已删除", WORDS_NOT_FOUND}, {"已被删除", WORDS_NOT_FOUND}, {"您是真人", WORDS_CHECK},
	{"找不到", WORDS_NOT_FOUND}, {"拒絕存取", WORDS_DENIED}, {"有料会員", WORDS_WALL},
	{"有料記事", WORDS_WALL}, {"登入", WORDS_LOGIN}, {"登录", WORDS_LOGIN},
	{"登錄", WORDS_LOGIN}, {"続きを読むには", WORDS_WALL}, {"見つかりません", WORDS_NOT_FOUND},
	{"見つかりませんでした", WORDS_NOT_FOUND}, {"訂閱", WORDS_WALL}, {"請稍候", WORDS_CHECK},
	{"订阅", WORDS_WALL}, {"访问被拒绝", WORDS_DENIED}, {"请稍候", WORDS_CHECK},
	{"隐私", WORDS_CONSENT}, {"隱私", WORDS_CONSENT}, {"개인정보", WORDS_CONSENT},
	{"구독", WORDS_WALL}, {"동의", WORDS_CONSENT}, {"로그인", WORDS_LOGIN},
	{"로봇이", WORDS_CHECK}, {"보안 확인", WORDS_CHECK}, {"사람인지", WORDS_CHECK},
	{"액세스 거부", WORDS_DENIED}, {"유료", WORDS_WALL}, {"잠시만", WORDS_CHECK},
	{"접근이 거부", WORDS_DENIED}, {"존재하지 않", WORDS_NOT_FOUND},
	{"찾을 수 없", WORDS_NOT_FOUND}, {"쿠키", WORDS_CONSENT}};

/* Small letters of Latin, Greek and Cyrillic; apostrophes and blanks in their plain form. */
static uint32_t fold(uint32_t code)
{
	if ((code >= 'A' && code <= 'Z') || (code >= 0xc0 && code <= 0xde && code != 0xd7) ||
		(code >= 0x391 && code <= 0x3a9) || (code >= 0x410 && code <= 0x42f)) {
		return code + 0x20;
	}
	if (code >= 0x400 && code <= 0x40f) {
		return code + 0x50;
	}
	if (code >= 0x100 && code <= 0x17f && code != 0x130 && code != 0x131) {
		/* Latin Extended-A: capital and small letter are neighbours. */
		bool is_odd_pair =
			(code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17e);
		bool is_capital = (code & 1) == (is_odd_pair ? 1 : 0);
		return is_capital && code != 0x138 && code != 0x149 && code < 0x178 ? code + 1
										    : code;
	}
	if (code == 0x2019 || code == 0x2bc) {
		return '\'';
	}
	return code == 0xa0 || code == 0x202f || code == '\n' || code == '\t' ? ' ' : code;
}

static bool starts_word(struct bytes text, size_t at)
{
	unsigned char c = (unsigned char)text.ptr[at];
	return (c & 0xc0) != 0x80 && (at == 0 || c >= 0xe0 || !char_is_alnum(text.ptr[at - 1]));
}

/* A phrase that ends in a digit ends there. */
static bool ends_well(struct bytes rest, struct bytes phrase)
{
	return !char_is_digit(phrase.ptr[phrase.len - 1]) || rest.len == phrase.len ||
	       !char_is_alnum(rest.ptr[phrase.len]);
}

/* The first phrase that begins with this byte or a greater one. */
static size_t first_of(char byte)
{
	size_t low = 0;
	size_t high = sizeof(phrases) / sizeof(phrases[0]);
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if ((unsigned char)phrases[middle].text[0] < (unsigned char)byte) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

unsigned sign_words_of(struct bytes text)
{
	SCOPED(buf_clear) struct buf folded = {0};
	text = bytes_slice(text, 0, READ_MAX);
	for (size_t at = 0; at < text.len;) {
		utf8_add(&folded, fold(utf8_next(text, &at)));
	}
	struct bytes plain = buf_bytes(&folded);
	unsigned found = 0;
	for (size_t at = 0; at < plain.len; at++) {
		if (!starts_word(plain, at)) {
			continue;
		}
		struct bytes rest = bytes_slice(plain, at, plain.len);
		for (size_t i = first_of(rest.ptr[0]); i < sizeof(phrases) / sizeof(phrases[0]) &&
						       phrases[i].text[0] == rest.ptr[0];
			i++) {
			struct bytes phrase = bytes_of(phrases[i].text);
			if (bytes_starts(rest, phrase) && ends_well(rest, phrase)) {
				found |= phrases[i].words;
			}
		}
	}
	return found;
}
