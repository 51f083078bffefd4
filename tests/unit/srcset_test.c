/* SPDX-License-Identifier: MIT */
/* srcset_test.c - image candidates and the choice among them */
#include "unit.h"

#include "base/buf.h"
#include "links/sizes.h"
#include "links/srcset.h"

/* "url value unit;" of each candidate. */
static void list(const char *attribute, struct buf *out)
{
	struct srcset set;
	buf_reset(out);
	srcset_parse(bytes_of(attribute), &set);
	for (size_t i = 0; i < set.count; i++) {
		buf_add(out, set.items[i].url);
		buf_addf(out, " %g%c;", set.items[i].value,
			set.items[i].unit == SRCSET_WIDTH ? 'w' : 'x');
	}
}

TEST(candidates_end_at_commas_behind_space_or_descriptors)
{
	static const struct {
		const char *attribute;
		const char *candidates;
	} cases[] = {
		{"a,b.jpg 1x, c.jpg 2x", "a,b.jpg 1x;c.jpg 2x;"},
		{"a.jpg, b.jpg", "a.jpg 1x;b.jpg 1x;"},
		{"a.jpg,b.jpg", "a.jpg,b.jpg 1x;"},
		{",,a.jpg,,", "a.jpg 1x;"},
		{"/w_100,h_50/a.jpg 100w,/w_200,h_100/a.jpg 200w",
			"/w_100,h_50/a.jpg 100w;/w_200,h_100/a.jpg 200w;"},
		{"a 1w 2x, b 2x", "b 2x;"},
		{"a 0w, b 1.5x, c -1x, d 1e1x", "b 1.5x;c 1x;d 10x;"},
		{"a foo, b 1x NaNx, c NaNx, d 1x 2x", "a 1x;b 1x;"},
		{"a 10h, b 10w 20h", "b 10w;"},
		{"a (1x, 2x) , b", "a 1x;b 1x;"},
		{"a (1x, b", ""},
		{"", ""},
	};
	SCOPED(buf_clear) struct buf got = {0};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		list(cases[i].attribute, &got);
		assert_string_equal(buf_text(&got), cases[i].candidates);
	}
}

TEST(sizes_give_the_length_of_the_first_matching_condition)
{
	static const struct {
		const char *sizes;
		double screen;
		double length;
	} cases[] = {
		{"", 1440, 1440},
		{"50vw", 1440, 720},
		{"(max-width: 600px) 100vw, 300px", 360, 360},
		{"(max-width: 600px) 100vw, 300px", 1440, 300},
		{"(min-width:1000px)40em,100vw", 1440, 640},
		{"(min-width: 700px) and (max-width: 1000px) 1px, 20rem", 800, 1},
		{"calc(100vw - 40px)", 360, 320},
		{"calc((100vw - 40px) / 2)", 1440, 700},
		{"min(100vw, 500px)", 1440, 500},
		{"clamp(100px, 50vw, 300px)", 1440, 300},
		{"auto, 200px", 1440, 200},
		{"not (min-width: 500px) 1px, 2px", 360, 1},
		{"(width <= 600px) 7px, 8px", 360, 7},
		{"(400px < width < 600px) 7px, 8px", 360, 8},
		{"50%, 12q", 1440, 1440},
		{"calc(100vw / 0)", 1440, 1440},
		{"((((((((((((1px))))))))))))", 1440, 1440},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		double got = sizes_length(bytes_of(cases[i].sizes), cases[i].screen);
		if (got < cases[i].length - 0.01 || got > cases[i].length + 0.01) {
			fail_msg("%s at %g: %g", cases[i].sizes, cases[i].screen, got);
		}
	}
}

TEST(media_queries_match_screens_one_by_one)
{
	static const struct {
		const char *media;
		unsigned screens;
	} cases[] = {
		{"", 7},
		{"(min-width: 0px) and (max-width: 575px)", 1},
		{"(min-width: 992px) ", 6},
		{"screen and (min-width: 1000px)", 6},
		{"only screen", 7},
		{"print", 0},
		{"print, (max-width: 400px)", 1},
		{"(orientation: portrait)", 1},
		{"(min-resolution: 2dppx)", 5},
		{"(-webkit-min-device-pixel-ratio: 2)", 5},
		{"(hover: hover)", 0},
		{"not screen", 0},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned got = srcset_media_screens(bytes_of(cases[i].media));
		if (got != cases[i].screens) {
			fail_msg("%s: %u", cases[i].media, got);
		}
	}
}

TEST(each_screen_takes_the_lowest_density_that_is_enough)
{
	struct srcset set;
	srcset_parse(BYTES("a 320w, b 640w, c 1280w, d 2560w"), &set);
	srcset_choose(&set, BYTES("(max-width: 600px) 100vw, 50vw"), SRCSET_ALL_SCREENS);
	/* Phone 720 px: c; laptop 720 px: c; laptop 2x 1440 px: d. */
	assert_int_equal(set.items[0].shown, 0);
	assert_int_equal(set.items[1].shown, 0);
	assert_int_equal(set.items[2].shown, 3);
	assert_int_equal(set.items[3].shown, 4);
	srcset_parse(BYTES("a 1x, b 1.5x"), &set);
	srcset_choose(&set, BYTES(""), SRCSET_ALL_SCREENS);
	assert_int_equal(set.items[0].shown, 2);
	assert_int_equal(set.items[1].shown, 5);
}

RUN_TESTS(CASE(candidates_end_at_commas_behind_space_or_descriptors),
	CASE(sizes_give_the_length_of_the_first_matching_condition),
	CASE(media_queries_match_screens_one_by_one),
	CASE(each_screen_takes_the_lowest_density_that_is_enough))
