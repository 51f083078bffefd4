/* SPDX-License-Identifier: MIT */
/* script_state.c - which scripts hold a page's state */
#include "article/script_state.h"

size_t script_state_start(struct bytes script)
{
	size_t i = 0;
	while (i < script.len && (char_is_space(script.ptr[i]) || script.ptr[i] == ';')) {
		i++;
	}
	size_t name_end = i;
	while (name_end < script.len && name_end < i + 120 && script.ptr[name_end] != '=' &&
		script.ptr[name_end] != '(' && script.ptr[name_end] != '{') {
		name_end++;
	}
	if (name_end >= script.len || script.ptr[name_end] != '=' || name_end == i) {
		return SIZE_MAX;
	}
	i = name_end + 1;
	while (i < script.len && char_is_space(script.ptr[i])) {
		i++;
	}
	return i < script.len && (script.ptr[i] == '{' || script.ptr[i] == '[') ? i : SIZE_MAX;
}
