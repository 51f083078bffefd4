# SPDX-License-Identifier: MIT
"""embed.py OUT FILE... - the files as C arrays, for assets.h"""
import os
import sys

out, files = sys.argv[1], sys.argv[2:]
lines = ['/* Written by embed.py. */', '#include "replay/assets.h"', '']
for path in files:
    name = 'asset_' + os.path.basename(path).replace('.', '_')
    with open(path, 'rb') as file:
        data = file.read()
    lines.append('const size_t %s_length = %d;' % (name, len(data)))
    lines.append('const char %s[] = {' % name)
    for start in range(0, len(data), 20):
        lines.append('\t' + ' '.join('%d,' % (byte if byte < 128 else byte - 256) for byte in data[start:start + 20]))
    lines.append('\t0};')
with open(out, 'w', encoding='ascii') as file:
    file.write('\n'.join(lines) + '\n')
