#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""faults_table_test [TREE] - tests/faults/README.md names a test for each fault, and every test it names is there

A row names tests as `scenarios/x.py` or `unit/x_test.c` with words of the case, which must stand in that file;
the file must be one that Meson runs.
"""
import os
import re
import sys

ROOT = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FAULTS = ['F-%02d' % number for number in range(1, 86)]
WITH_TEST = 82  # rows at least
NAMED = re.compile(r'`([a-z]+/[a-z0-9_]+\.(?:py|c|sh))`: "([^"]+)"')


def read(*names):
    with open(os.path.join(ROOT, *names), encoding='utf-8') as file:
        return file.read()


def runs(path):
    """Whether the meson.build of its folder names the file's test."""
    folder, name = path.split('/')
    stem = name.rsplit('.', 1)[0]
    listed = re.findall(r"'([\w.]+)'", read('tests', folder, 'meson.build'))
    return bool({name, stem, re.sub(r'_test$', '', stem)} & set(listed))


def faults_of(row):
    """What is wrong with a row."""
    number, _, tests = (cell.strip() for cell in row.strip().strip('|').split('|'))
    named = NAMED.findall(tests)
    if not named and not re.match(r'(not yet|none): \w', tests):
        yield '%s: neither a test nor a reason' % number
    if tests.count('`') != 2 * len(named):
        yield '%s: a test is not written as `folder/file`: "words of its case"' % number
    for path, words in named:
        if not os.path.exists(os.path.join(ROOT, 'tests', path)):
            yield '%s: no file tests/%s' % (number, path)
        elif words not in read('tests', *path.split('/')):
            yield '%s: tests/%s has no case "%s"' % (number, path, words)
        elif not runs(path):
            yield '%s: no meson.build runs tests/%s' % (number, path)


def main():
    rows = [line for line in read('tests', 'faults', 'README.md').splitlines() if line.startswith('| F-')]
    bad = [fault for row in rows for fault in faults_of(row)]
    numbers = [row.split('|')[1].strip() for row in rows]
    if numbers != FAULTS:
        bad.append('the rows are not F-01 to F-85, each once: %s' % sorted(set(FAULTS) ^ set(numbers)))
    count = sum(bool(NAMED.search(row)) for row in rows)
    if count < WITH_TEST:
        bad.append('%d rows name a test, of at least %d' % (count, WITH_TEST))
    for fault in bad:
        print(fault)
    print('%d of %d faults have a test' % (count, len(rows)))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
