/* SPDX-License-Identifier: MIT */
/* replay_corpus.c - runs a fuzz target over every file of its corpus, so that each find stays found
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *dir, const char *name)
{
	char path[4096];
	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	FILE *file = fopen(path, "rb");
	if (file == NULL) {
		(void)fprintf(stderr, "%s: cannot be opened\n", path);
		return -1;
	}
	size_t cap = 1 << 20;
	uint8_t *data = malloc(cap);
	if (data == NULL) {
		(void)fclose(file);
		return -1;
	}
	size_t size = fread(data, 1, cap, file);
	(void)fclose(file);
	/* An exact copy, so that a read past the end is caught by the sanitizer. */
	uint8_t *exact = malloc(size == 0 ? 1 : size);
	if (exact == NULL) {
		free(data);
		return -1;
	}
	memcpy(exact, data, size);
	free(data);
	int rc = LLVMFuzzerTestOneInput(exact, size);
	free(exact);
	return rc;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		(void)fprintf(stderr, "usage: %s CORPUS\n", argv[0]);
		return 2;
	}
	DIR *dir = opendir(argv[1]);
	if (dir == NULL) {
		(void)fprintf(stderr, "%s: no such corpus\n", argv[1]);
		return 1;
	}
	size_t count = 0;
	int rc = 0;
	for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
		if (entry->d_name[0] == '.') {
			continue;
		}
		if (replay_file(argv[1], entry->d_name) != 0) {
			rc = 1;
		}
		count++;
	}
	(void)closedir(dir);
	(void)printf("%zu inputs replayed\n", count);
	return count == 0 ? 1 : rc;
}
