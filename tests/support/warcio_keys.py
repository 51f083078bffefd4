#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""warcio_keys - for each path on standard input a JSON line: [url, date, payload digest] of the replies that warcio reads"""
import json
import sys

from warcio.archiveiterator import ArchiveIterator


def keys(path):
    found = []
    try:
        with open(path, 'rb') as file:
            for record in ArchiveIterator(file):
                if record.rec_type in ('response', 'revisit', 'resource'):
                    record.content_stream().read()
                    found.append([record.rec_headers.get_header(name) or '-'
                                  for name in ('WARC-Target-URI', 'WARC-Date', 'WARC-Payload-Digest')])
    except Exception as problem:  # pylint: disable=broad-except # a file may end anywhere
        print(path, problem, file=sys.stderr)
    return found


for line in sys.stdin:
    print(json.dumps(keys(line.rstrip('\n'))), flush=True)
