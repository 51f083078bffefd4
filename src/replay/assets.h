/* SPDX-License-Identifier: MIT */
/* assets.h - the files of assets/, as they were when the program was built; embed.py writes them */
#ifndef REPLAY_ASSETS_H
#define REPLAY_ASSETS_H

#include <stddef.h>

extern const char asset_worker_js[], asset_start_html[], asset_start_js[], asset_page_js[];
extern const char asset_frame_js[], asset_style_css[], asset_icon_svg[];
extern const size_t asset_worker_js_length, asset_start_html_length, asset_start_js_length;
extern const size_t asset_page_js_length, asset_frame_js_length, asset_style_css_length;
extern const size_t asset_icon_svg_length;

#endif
