#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""map_test.py SOURCE_ROOT - src/README.md's tree names every file under src/ and no other. Prints TAP."""
import fnmatch
import os
import re
import sys


def names_in(tree):
    """What the tree says: layer -> patterns of names. Two spaces end the names of a line."""
    layers, layer = {}, None
    for line in tree.splitlines():
        heading = re.fullmatch(r'(\w+)/', line)
        if heading:
            layer = layers.setdefault(heading[1], [])
        elif layer is not None and line.startswith('  '):
            left = re.split(r' {2,}', line.strip())[0]
            layer += [name.strip() for name in left.split(',') if not name.endswith('/')]
    return layers


def files_in(src, layer):
    return {name.rsplit('.', 1)[0] for name in os.listdir(os.path.join(src, layer)) if name.endswith(('.c', '.h'))}


def main():
    src = os.path.join(sys.argv[1], 'src')
    with open(os.path.join(src, 'README.md'), encoding='utf-8') as file:
        layers = names_in(file.read().split('## Tree', 1)[1])
    folders = sorted(name for name in os.listdir(src) if os.path.isdir(os.path.join(src, name)))
    failed = folders != sorted(layers)
    print('not ok' if failed else 'ok', '1 - the tree has the layers that src/ has')
    for number, layer in enumerate(folders, 2):
        files, names = files_in(src, layer), layers.get(layer, [])
        lost = [file for file in files if not any(fnmatch.fnmatch(file, name) for name in names)]
        gone = [name for name in names if not fnmatch.filter(files, name)]
        failed = failed or lost or gone
        print('not ok' if lost or gone else 'ok', f'{number} - the tree names the files of {layer}')
        for name in sorted(lost):
            print(f'# src/{layer}/{name} is not in the tree')
        for name in gone:
            print(f'# {layer}: {name} is in the tree, but is no file')
    print(f'1..{len(folders) + 1}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
