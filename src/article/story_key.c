/* SPDX-License-Identifier: MIT */
/* story_key.c - which story a page is */
#include "article/story_key.h"

#include "article/url_key.h"
#include "article/url_shape.h"

static bool can_be_believed(const struct url *url, const struct url *canonical)
{
	if (!canonical->is_http ||
		!url_key_same_site(canonical->host, url_registrable_domain(url->host))) {
		return false;
	}
	struct url_shape own = url_shape_of(url->path, url->query);
	struct url_shape named = url_shape_of(canonical->path, canonical->query);
	return (!story_key_is_front(canonical) || story_key_is_front(url)) &&
	       (!named.has_listing || own.has_listing);
}

void story_key_add(struct buf *out, const struct url *url, struct bytes canonical)
{
	SCOPED(url_closep) struct url *named = NULL;
	struct flong_error ignored = {0};
	bool is_named = canonical.len > 0 &&
			url_parse(canonical, url, &named, &ignored) == FLONG_OK &&
			can_be_believed(url, named);
	url_key_add(out, is_named ? named : url);
}

bool story_key_is_front(const struct url *url)
{
	struct bytes path = url->path;
	if (path.len > 0 && path.ptr[0] == '/') {
		path = bytes_slice(path, 1, path.len);
	}
	if (path.len > 0 && path.ptr[path.len - 1] == '/') {
		path.len--;
	}
	if (path.len > 2) {
		return false;
	}
	for (size_t i = 0; i < path.len; i++) {
		if (!char_is_alpha(path.ptr[i])) {
			return false;
		}
	}
	return path.len != 1 && (path.len > 0 || url->query.len <= 1);
}
