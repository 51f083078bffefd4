/* SPDX-License-Identifier: MIT */
/* date_words.c - words of dates: months, units of time, "ago", "yesterday" */
#include "article/date_words.h"

struct word_value {
	const char *prefix;
	int value;
};

/* Month names by prefix; of two that fit, the longer stands first. */
static const struct word_value months[] = {{"jan", 1}, {"jän", 1}, {"ene", 1}, {"gen", 1},
	{"ian", 1}, {"янв", 1}, {"јан", 1}, {"стыч", 1}, {"січ", 1}, {"януа", 1}, {"sty", 1},
	{"led", 1}, {"tammi", 1}, {"saus", 1}, {"siječ", 1}, {"oca", 1}, {"ιαν", 1}, {"Ιαν", 1},
	{"يناير", 1}, {"ינואר", 1}, {"בינואר", 1}, {"जनवरी", 1}, {"feb", 2}, {"fév", 2}, {"fev", 2},
	{"févr", 2}, {"peb", 2}, {"фев", 2}, {"феб", 2}, {"lut", 2}, {"úno", 2}, {"helmi", 2},
	{"vasar", 2}, {"velj", 2}, {"şub", 2}, {"Şub", 2}, {"лют", 2}, {"φεβ", 2}, {"Φεβ", 2},
	{"فبراير", 2}, {"شباط", 2}, {"פברואר", 2}, {"בפברואר", 2}, {"फरवरी", 2}, {"फ़रवरी", 2},
	{"marras", 11}, {"nov", 11}, {"ноя", 11}, {"нов", 11}, {"ноем", 11}, {"lis", 11},
	{"lapkr", 11}, {"stud", 11}, {"kas", 11}, {"noi", 11}, {"листоп", 11}, {"νοε", 11},
	{"Νοε", 11}, {"νοέ", 11}, {"نوفمبر", 11}, {"נובמבר", 11}, {"בנובמבר", 11}, {"नवंबर", 11},
	{"märz", 3}, {"mär", 3}, {"mrz", 3}, {"marz", 3}, {"mars", 3}, {"março", 3}, {"maart", 3},
	{"maalis", 3}, {"maa", 3}, {"már", 3}, {"март", 3}, {"мар", 3}, {"берез", 3}, {"břez", 3},
	{"kovo", 3}, {"ožuj", 3}, {"μαρ", 3}, {"Μαρ", 3}, {"μάρ", 3}, {"Μάρ", 3}, {"مارس", 3},
	{"آذار", 3}, {"מרץ", 3}, {"במרץ", 3}, {"mar", 3}, {"मार्च", 3}, {"may", 5}, {"mai", 5},
	{"maj", 5}, {"mag", 5}, {"mei", 5}, {"máj", 5}, {"мая", 5}, {"май", 5}, {"kvet", 5},
	{"květ", 5}, {"touko", 5}, {"geguž", 5}, {"svib", 5}, {"трав", 5}, {"μαΐ", 5}, {"Μαΐ", 5},
	{"μαϊ", 5}, {"Μαϊ", 5}, {"μάι", 5}, {"Μάι", 5}, {"مايو", 5}, {"أيار", 5}, {"أيّار", 5},
	{"מאי", 5}, {"במאי", 5}, {"मई", 5}, {"apr", 4}, {"avr", 4}, {"abr", 4}, {"апр", 4},
	{"ápr", 4}, {"kwi", 4}, {"dub", 4}, {"huhti", 4}, {"balan", 4}, {"nis", 4}, {"квіт", 4},
	{"απρ", 4}, {"Απρ", 4}, {"أبريل", 4}, {"ابريل", 4}, {"إبريل", 4}, {"نيسان", 4},
	{"אפריל", 4}, {"באפריל", 4}, {"अप्रैल", 4}, {"juli", 7}, {"july", 7}, {"juil", 7}, {"jul", 7},
	{"júl", 7}, {"iul", 7}, {"lug", 7}, {"июл", 7}, {"јул", 7}, {"юли", 7}, {"lipc", 7},
	{"lipi", 7}, {"červenc", 7}, {"červenec", 7}, {"heinä", 7}, {"liep", 7}, {"tem", 7},
	{"лип", 7}, {"ιουλ", 7}, {"Ιουλ", 7}, {"يوليو", 7}, {"يوليه", 7}, {"تموز", 7}, {"تمّوز", 7},
	{"יולי", 7}, {"ביולי", 7}, {"जुलाई", 7}, {"juni", 6}, {"june", 6}, {"juin", 6}, {"jun", 6},
	{"jún", 6}, {"iun", 6}, {"giu", 6}, {"июн", 6}, {"јун", 6}, {"юни", 6}, {"cze", 6},
	{"červ", 6}, {"kesä", 6}, {"birž", 6}, {"lipn", 6}, {"haz", 6}, {"черв", 6}, {"ιουν", 6},
	{"Ιουν", 6}, {"يونيو", 6}, {"يونيه", 6}, {"حزيران", 6}, {"יוני", 6}, {"ביוני", 6},
	{"जून", 6}, {"aug", 8}, {"aoû", 8}, {"aou", 8}, {"ago", 8}, {"agu", 8}, {"авг", 8},
	{"sie", 8}, {"srp", 8}, {"elo", 8}, {"rugp", 8}, {"kol", 8}, {"ağu", 8}, {"серп", 8},
	{"αυγ", 8}, {"Αυγ", 8}, {"أغسطس", 8}, {"اغسطس", 8}, {"آب", 8}, {"אוגוסט", 8},
	{"באוגוסט", 8}, {"अगस्त", 8}, {"sep", 9}, {"set", 9}, {"сен", 9}, {"септ", 9}, {"сеп", 9},
	{"wrz", 9}, {"szept", 9}, {"září", 9}, {"syys", 9}, {"rugs", 9}, {"ruj", 9}, {"eyl", 9},
	{"верес", 9}, {"σεπ", 9}, {"Σεπ", 9}, {"سبتمبر", 9}, {"أيلول", 9}, {"ספטמבר", 9},
	{"בספטמבר", 9}, {"सितंबर", 9}, {"oct", 10}, {"okt", 10}, {"ott", 10}, {"out", 10},
	{"окт", 10}, {"paź", 10}, {"říj", 10}, {"loka", 10}, {"spal", 10}, {"eki", 10},
	{"жовт", 10}, {"οκτ", 10}, {"Οκτ", 10}, {"أكتوبر", 10}, {"اكتوبر", 10}, {"אוקטובר", 10},
	{"באוקטובר", 10}, {"अक्टूबर", 10}, {"dez", 12}, {"dec", 12}, {"déc", 12}, {"dic", 12},
	{"des", 12}, {"дек", 12}, {"дец", 12}, {"gru", 12}, {"pros", 12}, {"joulu", 12},
	{"gruod", 12}, {"ara", 12}, {"груд", 12}, {"δεκ", 12}, {"Δεκ", 12}, {"ديسمبر", 12},
	{"דצמבר", 12}, {"בדצמבר", 12}, {"दिसंबर", 12}};

/* Units in minutes, by prefix. */
static const struct word_value units[] = {{"sec", 0}, {"sek", 0}, {"min", 1}, {"мин", 1},
	{"dakika", 1}, {"hour", 60}, {"hr", 60}, {"std", 60}, {"stund", 60}, {"heure", 60},
	{"hora", 60}, {"ore", 60}, {"ora", 60}, {"uur", 60}, {"uren", 60}, {"tim", 60},
	{"godz", 60}, {"час", 60}, {"saat", 60}, {"h", 60}, {"day", 1440}, {"tag", 1440},
	{"jour", 1440}, {"día", 1440}, {"dia", 1440}, {"giorn", 1440}, {"dag", 1440}, {"dni", 1440},
	{"дн", 1440}, {"gün", 1440}, {"week", 10080}, {"woche", 10080}, {"semain", 10080},
	{"seman", 10080}, {"settiman", 10080}, {"d", 1440}, {"m", 1}};

static const struct word_value near_days[] = {{"today", 0}, {"heute", 0}, {"hoy", 0}, {"oggi", 0},
	{"vandaag", 0}, {"сегодня", 0}, {"yesterday", 1}, {"gestern", 1}, {"hier", 1}, {"ayer", 1},
	{"ieri", 1}, {"gisteren", 1}, {"вчера", 1}};

/* ASCII letters without case; the accents of the lists are as pages write them. */
static int value_of(struct bytes word, const struct word_value *list, size_t count, bool is_whole)
{
	for (size_t i = 0; i < count; i++) {
		if (word.len == 0 || char_lower(word.ptr[0]) != list[i].prefix[0]) {
			continue;
		}
		struct bytes prefix = bytes_of(list[i].prefix);
		bool fits = is_whole || prefix.len <= 1 ? bytes_equal_nocase(word, prefix)
							: bytes_starts_nocase(word, prefix);
		if (fits) {
			return list[i].value;
		}
	}
	return -1;
}

#define LOOK_UP(word, list, is_whole)                                                              \
	value_of((word), (list), sizeof(list) / sizeof((list)[0]), is_whole)

int date_words_month(struct bytes word)
{
	return LOOK_UP(word, months, false);
}

int date_words_unit_minutes(struct bytes word)
{
	return LOOK_UP(word, units, false);
}

int date_words_days_back(struct bytes word)
{
	return LOOK_UP(word, near_days, true);
}

bool date_words_is_ago(struct bytes word)
{
	static const char *const words[] = {"ago", "vor", "hace", "fa", "geleden", "siden", "sedan",
		"temu", "назад", "önce", "há", "il"};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (bytes_equal_nocase(word, bytes_of(words[i]))) {
			return true;
		}
	}
	return false;
}
