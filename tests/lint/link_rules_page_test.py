#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""link_rules_page_test.py LINK_RULES_TABLE SOURCE_ROOT - src/links/README.md is what the table of rules prints, the
rules that the code gives are in it, and the tests it names exist. Prints TAP."""
import glob
import os
import re
import subprocess
import sys

TABLE, ROOT = sys.argv[1:3]


def read(*parts):
    with open(os.path.join(ROOT, *parts), encoding='utf-8') as file:
        return file.read()


def main():
    page = subprocess.run([TABLE], capture_output=True, text=True, check=True).stdout
    rows = [line.split(' | ') for line in page.splitlines() if line.startswith('| L-')]
    numbers = [row[0].strip('| ') for row in rows]
    tests = {row[-1].strip('| ') for row in rows} - {'not done yet'}
    known = set(re.findall(r"^  '(\w+)':", read('tests', 'unit', 'meson.build'), re.M))
    given = set()
    for path in glob.glob(os.path.join(ROOT, 'src', 'links', '*.c')):
        given |= set(re.findall(r'"(L-\d+)"', read(path)))
    claims = {
        'src/links/README.md is what the table prints': page == read('src', 'links', 'README.md'),
        'the rules are L-01 to L-63, in order': numbers == ['L-%02d' % i for i in range(1, 64)],
        'each rule that the code gives is in the table': given <= set(numbers),
        'each test that the table names exists': tests <= known,
    }
    for number, (claim, holds) in enumerate(claims.items(), 1):
        print('%s %d - %s' % ('ok' if holds else 'not ok', number, claim))
    print('1..%d' % len(claims))
    return 0 if all(claims.values()) else 1


if __name__ == '__main__':
    sys.exit(main())
