/* SPDX-License-Identifier: MIT */
/* verdict_test.c - what comes in the place of a story, in the forms it has on the web, and pages
 * that look like it and are none */
#include "page_read.h"

#include "article/sign_words.h"
#include "article/verdict.h"
#include "base/buf.h"

#define STORY "https://www.courier.example/en/bridge-opens-at-last-in-dunmere/a-65908274"

/* A reply to a request for STORY. */
struct reply {
	const char *markup;
	int status;        /* 0: 200 */
	const char *field; /* "name: value" or NULL */
	const char *url;   /* where redirects led, or NULL */
};

static enum verdict judge(const struct reply *reply, struct buf *reasons)
{
	const char *url = reply->url == NULL ? STORY : reply->url;
	struct page_result page = read_page(url, bytes_of(reply->markup));
	struct headers headers = {0};
	struct bytes name;
	struct bytes value;
	if (reply->field != NULL && bytes_cut(bytes_of(reply->field), ':', &name, &value)) {
		headers_add(&headers, name, bytes_trim(value));
	}
	struct flong_error err;
	struct url *parsed = NULL;
	assert_int_equal(url_parse(bytes_of(url), NULL, &parsed, &err), FLONG_OK);
	const struct verdict_input input = {.page = &page,
		.url = parsed,
		.asked_url = bytes_of(reply->url == NULL ? "" : STORY),
		.status = reply->status == 0 ? 200 : reply->status,
		.headers = &headers};
	enum verdict verdict = verdict_of(&input, reasons);
	url_close(parsed);
	headers_clear(&headers);
	page_result_clear(&page);
	return verdict;
}

static void check_all(const struct reply *replies, size_t count, enum verdict expected)
{
	for (size_t i = 0; i < count; i++) {
		struct buf reasons = {0};
		enum verdict verdict = judge(&replies[i], &reasons);
		if (verdict != expected) {
			fail_msg("row %zu is %d, not %d (%s): %.80s", i, (int)verdict,
				(int)expected, buf_text(&reasons), replies[i].markup);
		}
		assert_int_equal(buf_bytes(&reasons).len > 0, expected != VERDICT_NONE);
		buf_clear(&reasons);
	}
}

#define CHECK_ALL(rows, expected) check_all(rows, sizeof(rows) / sizeof((rows)[0]), expected)

TEST(bot_checks)
{
	static const struct reply rows[] = {
		{"<html lang=en><title>Just a moment...</title><meta name=robots "
		 "content='noindex,nofollow'><meta http-equiv=refresh content=360><body><noscript>"
		 "Enable JavaScript and cookies to continue</noscript><script>window._cf_chl_opt={}"
		 "</script></body>",
			403, "cf-mitigated: challenge", NULL},
		{"<html lang=de><title>Nur einen Moment…</title><meta name=robots content=noindex>"
		 "<body><noscript>JavaScript und Cookies aktivieren</noscript>"
		 "<script>(function(){window._cf_chl_opt={cType:'managed'};})()</script></body>",
			503, NULL, NULL},
		{"<title>courier.example</title><body><p id=cmsg>Please enable JS and disable any "
		 "ad blocker</p><script>var dd={'rt':'c','host':'geo.captcha-delivery.com'}"
		 "</script><script src='https://ct.captcha-delivery.com/c.js'></script></body>",
			403, NULL, NULL},
		{"<title>courier.example</title><body><iframe "
		 "src='https://geo.captcha-delivery.com/captcha/?cid=A' title='Check' width=100% "
		 "height=100%></iframe></body>",
			200, NULL, NULL},
		{"<title>Access to this page has been denied.</title><meta name=robots "
		 "content='noindex, nofollow'><body><h1>Press &amp; Hold to confirm you are a "
		 "human (and not a bot).</h1><div id=px-captcha></div><p>Reference ID "
		 "0a1b2c3d-1111-11ee-9999-0242ac120002</p><script>window._pxAppId='PX';</script>",
			403, NULL, NULL},
		{"<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1>You "
		 "don't have permission to access \"http://www.courier.example/\" on this "
		 "server.<P>Reference&#32;&#35;18&#46;2d351ab8&#46;1557333295&#46;a4e16ab</BODY>",
			403, NULL, NULL},
		{"<html style='height:100%'><head><META NAME='ROBOTS' CONTENT='NOINDEX, NOFOLLOW'>"
		 "<script src='/_Incapsula_Resource?SWJIYLWA=719d34d31c8e3a6e'></script></head>"
		 "<body><iframe id=main-iframe src='/_Incapsula_Resource?CWUDNSAI=9'>Request "
		 "unsuccessful. Incident ID: "
		 "1234000540123456789-123456789012345678</iframe></body>",
			200, NULL, NULL},
		{"<html lang=fr><title>Vérification de sécurité</title><body><h1>Confirmez que "
		 "vous n’êtes pas un robot</h1><form method=post><div class=h-captcha "
		 "data-sitekey=x></div></form><script src='https://js.hcaptcha.com/1/api.js'>"
		 "</script></body>",
			429, NULL, NULL},
		{"<html lang=es><title>courier.example</title><body><p>Antes de seguir, compruebe "
		 "que no es un robot.</p><form action=/check><div class=g-recaptcha></div>"
		 "<input type=submit></form></body>",
			200, NULL, NULL},
		{"<html lang=ru><title>Проверка браузера</title><body><h1>Подтвердите, что вы не "
		 "робот</h1><form action=/showcaptcha><input name=captcha></form></body>",
			200, NULL, NULL},
		{"<html lang=ja><title>セキュリティ確認</title><body><p>ロボットではないことを確認"
		 "してください。</p><div class=cf-turnstile></div></body>",
			403, NULL, NULL},
		{"<html lang=en><title></title><body><script src='https://a1b2.awswaf.com/x/"
		 "challenge.js'></script><noscript><h1>JavaScript is disabled</h1></noscript>"
		 "<div id=challenge-container></div></body>",
			202, "x-amzn-waf-action: challenge", NULL},
		{"<html lang=en><title>Attention Required!</title><body><h1>Sorry, you have been "
		 "blocked</h1><h2>You are unable to access courier.example</h2><p>This website is "
		 "using a security service to protect itself from online attacks.</p><p>Ray ID: "
		 "7d0a1b2c3d4e5f60</p></body>",
			403, NULL, NULL},
		{"<html lang=pl><title>Weryfikacja</title><body><p>Potwierdź, że nie jesteś "
		 "robotem.</p><div id=challenge></div></body>",
			429, NULL, NULL},
		{"<html lang=en><title>Loading</title><meta name=robots content=noindex><body>"
		 "<p>Please enable JavaScript to go on.</p><form action=/verify><div "
		 "class=captcha-box></div></form></body>",
			200, NULL, NULL},
	};
	CHECK_ALL(rows, VERDICT_CHALLENGE);
}

#define CONSENT_URL "https://consent.courier.example/?continue=" ASKED_ENCODED
#define ASKED_ENCODED                                                                              \
	"https%3A%2F%2Fwww.courier.example%2Fen%2Fbridge-opens-at-last-in-dunmere%2Fa-65908274"

TEST(walls_of_consent)
{
	static const struct reply rows[] = {
		{"<html lang=en><title>Before you continue</title><body><h1>Before you continue to "
		 "the Courier</h1><p>We use cookies and data to deliver and maintain our "
		 "services.</p><form action=/save method=post><button>Reject all</button><button>"
		 "Accept all</button></form></body>",
			0, NULL, CONSENT_URL},
		{"<html lang=de><title>Zustimmung</title><body><h1>Weiterlesen mit Werbung</h1><p>"
		 "Besuchen Sie uns wie gewohnt mit Werbung und Tracking.</p><button>Einwilligen"
		 "</button></body>",
			0, NULL, "https://www.courier.example/zustimmung?url=" ASKED_ENCODED},
		{"<html lang=en><title>The Courier is part of a family of brands</title><body>"
		 "<div class=consent-overlay><h1>The Courier is part of a family of brands</h1>"
		 "<p>If you click accept all, we and our partners will also store information on "
		 "a device and use personal data.</p><form class=consent-form><button name=agree>"
		 "Accept all</button></form></div></body>",
			0, NULL, "https://guce.courier.example/v2/collectConsent?sessionId=3"},
		{"<html lang=fr><title>Courrier - avec votre accord</title><body><div id=cmp-wall>"
		 "<h1>Votre vie privée nous importe</h1><p>Avec votre consentement, nos "
		 "partenaires utilisent des cookies.</p><button class=cmp-accept>Accepter"
		 "</button></div></body>",
			0, NULL, NULL},
		{"<html lang=nl><title>Privacy-instellingen</title><body><div id=cookiewall><div "
		 "class=gdpr-box><h1>Wij vragen je toestemming</h1><p>Om verder te gaan moet je "
		 "cookies accepteren.</p><a class=button href='#'>Akkoord</a></div></div></body>",
			0, NULL,
			"https://myprivacy.courier.example/consent?callbackUrl=" ASKED_ENCODED},
		{"<html lang=it><title>Consenso</title><body><section class='privacy-gate'><h1>"
		 "Prima di continuare</h1><p>Usiamo i cookie.</p><button>Accetta</button>"
		 "</section></body>",
			0, NULL, NULL},
		{"<html lang=es><title>Privacidad</title><body><div id=consent><h1>Tu privacidad "
		 "es importante</h1><p>Necesitamos tu consentimiento.</p><button>Aceptar</button>"
		 "</div></body>",
			0, NULL, NULL},
		{"<html lang=da><title>Samtykke</title><body><div class=cookie-consent><h2>Vi "
		 "beder om dit samtykke</h2><button>OK</button></div></body>",
			0, NULL, NULL},
		{"<html lang=pl><title>Twoja prywatność</title><body><form id=gdpr-form><p>Prosimy "
		 "o zgodę na przetwarzanie danych.</p><button>Zgadzam się</button></form></body>",
			0, NULL, NULL},
		{"<html lang=ja><title>同意</title><body><div class=consent><p>クッキーの利用に同意"
		 "してください。</p><button>同意する</button></div></body>",
			0, NULL, NULL},
		{"<html lang=en><title>The Courier</title><body><iframe "
		 "src='https://cdn.example/consent/index.html' title='Privacy manager'></iframe>"
		 "</body>",
			0, NULL,
			"https://www.courier.example/privacy-gate?returnTo=" ASKED_ENCODED},
	};
	CHECK_ALL(rows, VERDICT_CONSENT);
}

TEST(walls_of_login)
{
	static const struct reply rows[] = {
		{"<html lang=en><title>Log in</title><body><h1>Log in to the Courier</h1><form>"
		 "<input name=email><input type=password></form></body>",
			0, NULL, "https://www.courier.example/login?return=%2Fen%2Fbridge-opens"},
		{"<html lang=de><title>Anmelden</title><body><h1>Anmelden</h1><form><input "
		 "type=password name=p></form></body>",
			0, NULL, NULL},
		{"<html lang=fr><title>Connexion</title><body><h1>Connectez-vous pour lire la "
		 "suite</h1><input type=email></body>",
			0, NULL, "https://secure.courier.example/connexion?cible=" ASKED_ENCODED},
		{"<html lang=en><title>Sign in - The Courier</title><meta name=robots "
		 "content=noindex><body><h1>Sign in</h1><input name=email></body>",
			0, NULL, "https://accounts.courier.example/?next=" ASKED_ENCODED},
		{"<html lang=es><title>Inicia sesión</title><body><form><input type=password>"
		 "</form></body>",
			0, NULL, NULL},
		{"<html lang=it><title>Accedi</title><body><form><input type=password></form>"
		 "</body>",
			0, NULL, NULL},
		{"<html lang=sv><title>Logga in</title><body><form><input type=password></form>"
		 "</body>",
			0, NULL, NULL},
		{"<html lang=ru><title>Войти</title><body><form><input type=password></form>"
		 "</body>",
			0, NULL, NULL},
		{"<html lang=ja><title>ログイン</title><body><form><input type=password></form>"
		 "</body>",
			0, NULL, NULL},
		{"<html lang=pt><title>Faça login</title><body><form><input type=password></form>"
		 "</body>",
			0, NULL, NULL},
		{"<html><title>Authorization Required</title><body><h1>Authorization Required</h1>"
		 "</body>",
			401, NULL, NULL},
	};
	CHECK_ALL(rows, VERDICT_LOGIN);
}

#define NOT_FREE                                                                                   \
	"<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"Bridge "     \
	"opens at last\",\"isAccessibleForFree\":false,\"hasPart\":{\"@type\":"                    \
	"\"WebPageElement\",\"isAccessibleForFree\":\"False\",\"cssSelector\":\".paid\"}}</"       \
	"script>"
#define LEAD                                                                                       \
	"<p>The new bridge over the river, long awaited by the town, opened on Monday, and the "   \
	"first cars crossed it"

TEST(paywalls)
{
	static const struct reply rows[] = {
		{NOT_FREE "<article><h1>Bridge opens at last</h1>" LEAD " …</p></article>", 0, NULL,
			NULL},
		{NOT_FREE "<article><h1>Bridge opens at last</h1>" LEAD ".</p></article><div "
			  "class=paywall><h2>Subscribe to read on</h2><p>Subscribe to the Courier "
			  "for 1 a week.</p><a href=/offers>Go on</a></div>",
			0, NULL, NULL},
		{NOT_FREE "<article><h1>Bridge opens at last</h1>" LEAD "...</p><div><b>Jetzt "
			  "weiterlesen mit Courier Plus</b></div></article>",
			0, NULL, NULL},
		{"<article><h1>Bridge opens at last</h1>" LEAD " …</p></article><section "
		 "id=premium-barrier><p>Cet article est réservé aux abonnés.</p><a href=/abo>"
		 "S’abonner</a></section>",
			0, NULL, NULL},
		{"<meta property='article:content_tier' "
		 "content=locked><article><h1>Puente</h1>" LEAD
		 ".</p></article><div class='subscription-wall'><p>Contenido exclusivo para "
		 "suscriptores</p><button>Suscríbete</button></div>",
			0, NULL, NULL},
		{"<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":"
		 "\"Bridge\",\"isAccessibleForFree\":\"false\",\"wordCount\":900}</script>"
		 "<article><h1>Bridge opens at last</h1>" LEAD ".</p></article>",
			0, NULL, NULL},
		{NOT_FREE "<article><h1>Ponte</h1>" LEAD ".</p></article><div class=paywall-box><p>"
			  "Contenuto riservato agli abbonati.</p><a href=/a>Abbonati</a></div>",
			0, NULL, NULL},
		{NOT_FREE "<article><h1>Brug</h1>" LEAD ".</p></article><div class=paywall><p>"
			  "Alleen voor abonnees: lees verder met een abonnement.</p>"
			  "<button>Word abonnee</button></div>",
			0, NULL, NULL},
		{NOT_FREE "<article><h1>Мост</h1>" LEAD
			  ".</p></article><div id=paywall><p>Материал "
			  "доступен по подписке. Подпишитесь, чтобы читать дальше.</p><a "
			  "href=/s>Купить</a></div>",
			0, NULL, NULL},
		{NOT_FREE "<article><h1>橋</h1>" LEAD ".</p></article><div class=member-premium><p>"
			  "有料会員限定記事です。</p><a href=/s>登録</a></div>",
			0, NULL, NULL},
		{"<article><h1>Bridge opens at last</h1>" LEAD "</p></article>", 402, NULL, NULL},
	};
	CHECK_ALL(rows, VERDICT_PAYWALL);
}

TEST(missing_pages_with_another_status)
{
	static const struct reply rows[] = {
		{"<html lang=en><title>Page not found - The Courier</title><meta name=robots "
		 "content=noindex><body><h1>Page not found</h1><p>Try the front page.</p></body>",
			0, NULL, NULL},
		{"<html lang=de><title>The Courier</title><body><h1>Seite nicht gefunden</h1><p>"
		 "Leider ist diese Seite umgezogen.</p><a href=/>Startseite</a></body>",
			0, NULL, "https://www.courier.example/404"},
		{"<html lang=fr><title>Page introuvable</title><body><h1>Cette page n’existe plus"
		 "</h1></body>",
			0, NULL, NULL},
		{"<html lang=es><title>Error 404</title><body><h1>Página no encontrada</h1></body>",
			0, NULL, NULL},
		{"<html lang=pt><title>Página não encontrada</title><body><h1>Ops!</h1></body>", 0,
			NULL, NULL},
		{"<html lang=it><title>404</title><link rel=canonical href=/><body><p>La pagina "
		 "non è stata trovata</p></body>",
			0, NULL, NULL},
		{"<html lang=sv><title>Sidan hittades inte</title><body><h2>Sidan finns inte</h2>"
		 "</body>",
			0, NULL, NULL},
		{"<html lang=pl><title>Nie znaleziono strony</title><body><h1>Strona nie istnieje"
		 "</h1></body>",
			0, NULL, NULL},
		{"<html lang=ru><title>СТРАНИЦА НЕ НАЙДЕНА</title><body><h1>Ошибка 404</h1></body>",
			0, NULL, NULL},
		{"<html "
		 "lang=ja><title>ページが見つかりません</title><body><p>お探しのページは見つか"
		 "りませんでした。</p></body>",
			0, NULL, NULL},
		{"<html lang=ar><title>الصفحة غير موجودة</title><body><h1>لم يتم العثور على "
		 "الصفحة</h1></body>",
			0, NULL, NULL},
		/* The front page, whatever it says. */
		{"<html lang=en><title>The Courier</title><link rel=canonical href=/><body><main>"
		 "<h2><a href=/en/other-story-of-the-day/a-1>Another story of the day</a></h2>"
		 "</main></body>",
			0, NULL, "https://www.courier.example/"},
		{"<html lang=en><title>The Courier</title><body><h1>News</h1></body>", 0, NULL,
			"https://www.courier.example/en/"},
	};
	CHECK_ALL(rows, VERDICT_NOT_FOUND);
}

TEST(nothing_at_all)
{
	static const struct reply rows[] = {
		{"", 0, NULL, NULL},
		{"<html><head><title>The Courier</title></head><body></body></html>", 0, NULL,
			NULL},
		{"<!doctype html><body>\n  \n</body>", 0, NULL, NULL},
		{"<body><div id=root></div><script src=app.js></script><noscript>Please enable "
		 "JavaScript</noscript></body>",
			0, NULL, NULL},
		{"<body><app-root id=app></app-root><script type=module src=main.js></script>"
		 "</body>",
			0, NULL, NULL},
		{"<body><noscript>Sie müssen JavaScript einschalten</noscript><script src=a.js>"
		 "</script></body>",
			0, NULL, NULL},
	};
	CHECK_ALL(rows, VERDICT_EMPTY);
}

TEST(what_only_looks_like_it)
{
	static const struct reply rows[] = {
		/* Stories about it. */
		{"<title>\"Page not found\": what we lose online</title><meta property=og:type "
		 "content=article><link rel=canonical href='" STORY "'><article><h1>\"Page not "
		 "found\": what we lose online</h1>" PROSE PROSE "</article>",
			0, NULL, NULL},
		{"<title>Are you a robot? The captcha turns 20</title><article><h1>Are you a "
		 "robot? The captcha turns 20</h1>" PROSE PROSE PROSE "</article><form><div "
		 "class=g-recaptcha></div></form>",
			0, NULL, NULL},
		{"<title>Cookies and privacy: what changes</title><article><h1>Cookies and "
		 "privacy: what changes</h1>" PROSE PROSE PROSE PROSE "</article><div "
		 "id=cookie-banner><p>We use cookies.</p><button>OK</button></div>",
			0, NULL, NULL},
		/* A story with a login in its header and an offer at its end. */
		{"<title>Bridge opens at last</title><header><form><input type=password>"
		 "</form></header><article><h1>Bridge opens at last</h1>" PROSE PROSE PROSE PROSE
		 "</article><div class=subscribe><p>Subscribe to our newsletter</p><a href=/n>Go"
		 "</a></div>",
			0, NULL, NULL},
		/* Not free, and there as a whole. */
		{"<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":"
		 "\"Bridge\",\"isAccessibleForFree\":false,\"wordCount\":65}</script><article><h1>"
		 "Bridge</h1>" PROSE PROSE "</article><div class=paywall><p>Subscribe to the "
		 "Courier.</p><a href=/s>Go</a></div>",
			0, NULL, NULL},
		/* Refusals that are only that, and servers in trouble. */
		{"<title>403 Forbidden</title><body><center><h1>403 Forbidden</h1></center>"
		 "<hr><center>nginx</center>",
			403, NULL, NULL},
		{"<title>503 Backend fetch failed</title><body><h1>Error 503</h1><p>Backend fetch "
		 "failed</p><h3>Guru Meditation:</h3><p>XID: 123456789</p><hr><p>cache server</p>",
			503, NULL, NULL},
		{"<title>Page not found</title><body><h1>Page not found</h1>", 404, NULL, NULL},
		/* Contact forms have a check too. */
		{"<title>Contact us</title><link rel=canonical href='" STORY "'><body><h1>Contact "
		 "us</h1><form><textarea></textarea><div class=g-recaptcha></div></form></body>",
			0, NULL, NULL},
		/* Short pages, pictures, pages that send on. */
		{"<p>A short but honest page, made of words alone.</p>", 0, NULL, NULL},
		{"<body><div id=root></div><script src=a.js></script><img src=a.png></body>", 0,
			NULL, NULL},
		{"<frameset cols='*,*'><frame src=a.html><frame src=b.html></frameset>", 0, NULL,
			NULL},
		{"<meta http-equiv=refresh content='0; url=/elsewhere'><body></body>", 0, NULL,
			NULL},
		{"<link rel=stylesheet href=a.css><body></body>", 0, NULL, NULL},
		/* A short link leads to its story, a story to its new address. */
		{"<title>Bridge opens at last</title><h1>Bridge opens at last</h1>" PROSE, 0, NULL,
			"https://www.courier.example/news/bridge-opens-at-last-in-dunmere/a-1"},
	};
	CHECK_ALL(rows, VERDICT_NONE);
}

TEST(names_and_texts)
{
	assert_string_equal(verdict_name(VERDICT_NONE, PAGE_ARTICLE), "article");
	assert_string_equal(verdict_name(VERDICT_EMPTY, PAGE_NEEDS_SCRIPTS), "needs-scripts");
	assert_string_equal(verdict_name(VERDICT_NOT_FOUND, PAGE_OTHER), "soft-404");
	assert_null(verdict_text(VERDICT_NONE, PAGE_EMPTY));
	for (int kind = VERDICT_CHALLENGE; kind <= VERDICT_EMPTY; kind++) {
		assert_int_equal(
			verdict_of_text(bytes_of(verdict_text((enum verdict)kind, PAGE_OTHER))),
			kind);
		assert_int_equal(verdict_of_text(bytes_of(
					 verdict_text((enum verdict)kind, PAGE_NEEDS_SCRIPTS))),
			kind);
	}
	assert_int_equal(verdict_of_text(BYTES("answered")), VERDICT_NONE);
}

TEST(words_begin_where_words_do)
{
	assert_int_equal(sign_words_of(BYTES("Error 404")), WORDS_NOT_FOUND);
	assert_int_equal(sign_words_of(BYTES("Route 4045, A404")), 0);
	assert_int_equal(sign_words_of(BYTES("CETTE PAGE N\u2019EXISTE PAS")), WORDS_NOT_FOUND);
	assert_int_equal(sign_words_of(BYTES("STRÁNKA NEEXISTUJE")), WORDS_NOT_FOUND);
	assert_int_equal(sign_words_of(BYTES("ΔΕΝ ΥΠΆΡΧΕΙ")) & WORDS_LOGIN, 0);
	assert_int_equal(sign_words_of(BYTES("zaloguj się")), WORDS_LOGIN);
	assert_int_equal(sign_words_of(BYTES("")), 0);
	assert_int_equal(sign_words_of(BYTES("\xff\xc3")), 0);
}

RUN_TESTS(CASE(bot_checks), CASE(walls_of_consent), CASE(walls_of_login), CASE(paywalls),
	CASE(missing_pages_with_another_status), CASE(nothing_at_all),
	CASE(what_only_looks_like_it), CASE(names_and_texts), CASE(words_begin_where_words_do))
