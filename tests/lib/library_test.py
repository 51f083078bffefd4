#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""library_test.py SHARED STATIC SOURCE_ROOT VERSION - what libflong exports, its headers declare and libflong(3)
tells is the same; and the page shows the examples as they are. Prints TAP."""
import os
import re
import subprocess
import sys

HEADERS = ['cdxj.h', 'error.h', 'flong.h', 'http.h', 'reader.h', 'record.h', 'url.h', 'wacz.h', 'writer.h']
EXAMPLES = ['list_records', 'write_and_find']


def read(*path):
    with open(os.path.join(*path), encoding='utf-8') as file:
        return file.read()


def exported(library, *options):
    """Names of global symbols; those with two underscores in front are the compiler's."""
    lines = subprocess.run(['nm', '--defined-only', *options, library], check=True, capture_output=True, text=True)
    names = [line.split()[-1] for line in lines.stdout.splitlines() if len(line.split()) == 3]
    return sorted(name for name in names if not name.startswith('__'))


def without_comments(text):
    return re.sub(r'/\*.*?\*/', '', text, flags=re.S)


def declared(root):
    """Functions of the public headers, and those that lack the mark."""
    names, unmarked = [], []
    for header in HEADERS:
        text = read(root, 'include', 'flong', header)
        found = re.findall(r'^(?:FLONG_API|FLONG_FALLIBLE) [^;{]*?\b(flong_\w+)\(', text, flags=re.M)
        names += found
        plain = re.findall(r'^(?!typedef)[a-z][^;{=]*?\b(flong_\w+)\(', without_comments(text), flags=re.M)
        unmarked += [name for name in plain if name not in found]
    return sorted(names), unmarked


def blocks_of(page):
    return re.findall(r'^```\n(.*?)^```$', page, flags=re.S | re.M)


def as_shown(source):
    """The example as the page's source has it: without the licence, four spaces for a tab, escaped."""
    return source.split('\n', 1)[1].replace('\t', '    ').replace('\\', '\\\\')


class Points:
    def __init__(self):
        self.count = 0
        self.failed = 0

    def point(self, claim, faults):
        self.count += 1
        self.failed += 1 if faults else 0
        print('not ok' if faults else 'ok', self.count, '-', claim)
        for fault in faults:
            print('#', fault)


def difference(left, right, what):
    return [f'{name} {what[0]}' for name in sorted(set(left) - set(right))] + \
        [f'{name} {what[1]}' for name in sorted(set(right) - set(left))]


def main():
    shared, static, root, version = sys.argv[1:]
    points = Points()
    page = read(root, 'src', 'cli', 'man', 'libflong.3.scd')
    names, unmarked = declared(root)
    told = re.findall(r'\*(flong_\w+)\*$', page, flags=re.M)
    points.point('every function of the headers is marked', unmarked)
    points.point('the shared library exports what the headers declare',
                 difference(names, exported(shared, '-D'), ['is not exported', 'is exported, but not declared']))
    points.point('the static library exports what the headers declare',
                 difference(names, exported(static, '-g'), ['is not exported', 'is exported, but not declared']))
    points.point('libflong(3) tells of every function, once',
                 difference(names, told, ['is not told of', 'is told of, but not declared']) +
                 [f'{name} is told of twice' for name in sorted({n for n in told if told.count(n) > 1})])
    blocks = blocks_of(page)
    for number, example in enumerate(EXAMPLES):
        source = read(root, 'src', 'lib', 'examples', example + '.c')
        same = number < len(blocks) and blocks[number] == as_shown(source)
        points.point(f'libflong(3) shows {example}.c as it is',
                     [] if same else ['copy the file, four spaces for a tab, \\\\ for \\'])
        points.point(f'{example}.c is short', [] if source.count('\n') < 80 else ['80 lines or more'])
    numbers = [re.search(rf'FLONG_VERSION_{part} (\d+)', read(root, 'include', 'flong', 'flong.h'))[1]
               for part in ('MAJOR', 'MINOR', 'PATCH')]
    points.point('the headers have the version of the project',
                 [] if '.'.join(numbers) == version else [f"{'.'.join(numbers)} and {version}"])
    print(f'1..{points.count}')
    return 1 if points.failed else 0


if __name__ == '__main__':
    sys.exit(main())
