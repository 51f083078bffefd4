/* SPDX-License-Identifier: MIT */
/* assets.c - files of the program itself, embedded when it is built (meson.build, embed.py) */
#include "replay/assets.h"

#include "replay/site.h"

static const struct {
	const char *name, *type;
	const char *content;
	const size_t *length;
} assets[] = {
	{"worker.js", "text/javascript", asset_worker_js, &asset_worker_js_length},
	{"start.html", "text/html; charset=utf-8", asset_start_html, &asset_start_html_length},
	{"start.js", "text/javascript", asset_start_js, &asset_start_js_length},
	{"page.js", "text/javascript", asset_page_js, &asset_page_js_length},
	{"frame.js", "text/javascript", asset_frame_js, &asset_frame_js_length},
	{"style.css", "text/css", asset_style_css, &asset_style_css_length},
	{"icon.svg", "image/svg+xml", asset_icon_svg, &asset_icon_svg_length},
};

void site_asset(const struct site_call *call, struct reply *reply)
{
	for (size_t i = 0; i < sizeof(assets) / sizeof(assets[0]); i++) {
		if (!bytes_equal(call->route->rest, bytes_of(assets[i].name))) {
			continue;
		}
		reply->status = 200;
		reply_field(reply, "Content-Type", bytes_of(assets[i].type));
		/* The worker answers for the whole origin, not only for its folder. */
		if (bytes_equal(call->route->rest, BYTES("worker.js"))) {
			reply_field(reply, "Service-Worker-Allowed", BYTES("/"));
		}
		if (call->request->side == SITE_CAPTURES) {
			reply_field(reply, "X-Content-Type-Options", BYTES("nosniff"));
			reply_field(reply, "Cache-Control", BYTES("no-cache"));
			reply_field(reply, "Content-Security-Policy",
				BYTES("default-src 'self'; frame-src 'self'"));
		}
		buf_add(&reply->body, bytes_from(assets[i].content, *assets[i].length));
		return;
	}
	reply_plain(reply, 404, "flong: no such file");
}
