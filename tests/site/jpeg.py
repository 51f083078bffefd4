# SPDX-License-Identifier: MIT
"""A baseline JPEG encoder (ITU T.81): 4:2:0, one quantisation table, the Huffman tables of annex K.

Pictures of the site are flat shapes, so most blocks repeat; each different block is transformed once.
"""

import math
import struct

_ZIGZAG = sorted(range(64), key=lambda i: (i // 8 + i % 8, i // 8 if (i // 8 + i % 8) % 2 else i % 8))
_QUANT = [min(255, 4 + 2 * (i // 8 + i % 8)) for i in range(64)]
_STEPS = [1 / _QUANT[i] for i in _ZIGZAG]
_C1, _C2, _C3, _C4, _C5, _C6, _C7 = (math.cos(k * math.pi / 16) / 2 for k in range(1, 8))

_DC_BITS = (0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0)
_DC_VALUES = tuple(range(12))
_AC_BITS = (0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125)
_AC_VALUES = bytes.fromhex(
    "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a"
    "3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a929394"
    "95969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8"
    "e9eaf1f2f3f4f5f6f7f8f9fa")


def _codes(bits, values):
    """Symbol -> code as a string of 0 and 1 (T.81 annex C)."""
    table, code, at = {}, 0, 0
    for length, count in enumerate(bits, 1):
        for _ in range(count):
            table[values[at]] = format(code, f"0{length}b")
            code, at = code + 1, at + 1
        code <<= 1
    return table


_DC = _codes(_DC_BITS, _DC_VALUES)
_AC = _codes(_AC_BITS, _AC_VALUES)


def _magnitude(value):
    """Size category and the extra bits of a coefficient."""
    size = abs(value).bit_length()
    if size == 0:
        return 0, ""
    return size, format(value if value > 0 else value + (1 << size) - 1, f"0{size}b")


def dct(s0, s1, s2, s3, s4, s5, s6, s7):
    """The orthonormal DCT-II of eight samples, by sums and differences."""
    a0, a1, a2, a3 = s0 + s7, s1 + s6, s2 + s5, s3 + s4
    b0, b1, b2, b3 = s0 - s7, s1 - s6, s2 - s5, s3 - s4
    e0, e1, f0, f1 = a0 + a3, a1 + a2, a0 - a3, a1 - a2
    return (_C4 * (e0 + e1), _C1 * b0 + _C3 * b1 + _C5 * b2 + _C7 * b3,
            _C2 * f0 + _C6 * f1, _C3 * b0 - _C7 * b1 - _C1 * b2 - _C5 * b3,
            _C4 * (e0 - e1), _C5 * b0 - _C1 * b1 + _C7 * b2 + _C3 * b3,
            _C6 * f0 - _C2 * f1, _C7 * b0 - _C5 * b1 + _C3 * b2 - _C1 * b3)


def _block_code(rows, row_memo):
    """(quantised DC, bits of the AC coefficients) of an 8x8 block given as eight rows of bytes."""
    half = []
    for row in rows:
        line = row_memo.get(row)
        if line is None:
            line = row_memo[row] = dct(*row)
        half.append(line)
    columns = [dct(*column) for column in zip(*half)]
    levels = [round(columns[i & 7][i >> 3] * step) for i, step in zip(_ZIGZAG, _STEPS)]
    levels[0] = round((columns[0][0] - 1024) * _STEPS[0])    # samples are centred on 128
    out, run = [], 0
    last = max((i for i in range(1, 64) if levels[i]), default=0)
    for level in levels[1:last + 1]:
        if level == 0:
            run += 1
            continue
        while run > 15:
            out.append(_AC[0xf0])
            run -= 16
        size, extra = _magnitude(level)
        out.append(_AC[run << 4 | size] + extra)
        run = 0
    if last < 63:
        out.append(_AC[0])
    return levels[0], "".join(out)


def _blocks(plane, width, height, memo, row_memo):
    """The coded blocks of a plane whose sides are multiples of eight, as rows of blocks."""
    grid = []
    for top in range(0, height, 8):
        lines = [plane[y * width:(y + 1) * width] for y in range(top, top + 8)]
        row = []
        for x in range(0, width, 8):
            key = tuple([line[x:x + 8] for line in lines])
            coded = memo.get(key)
            if coded is None:
                coded = memo[key] = _block_code(key, row_memo)
            row.append(coded)
        grid.append(row)
    return grid


def _segment(marker, payload):
    return struct.pack(">BBH", 0xff, marker, len(payload) + 2) + payload


def _scan(luma, blue, red):
    """Interleaved entropy-coded data: four Y blocks, one Cb, one Cr per unit."""
    out, previous = [], [0, 0, 0]

    def put(component, coded):
        size, extra = _magnitude(coded[0] - previous[component])
        previous[component] = coded[0]
        out.append(_DC[size] + extra + coded[1])

    for y, blues in enumerate(blue):
        for x, coded in enumerate(blues):
            put(0, luma[2 * y][2 * x])
            put(0, luma[2 * y][2 * x + 1])
            put(0, luma[2 * y + 1][2 * x])
            put(0, luma[2 * y + 1][2 * x + 1])
            put(1, coded)
            put(2, red[y][x])
    bits = "".join(out)
    bits += "1" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\x00")


def encode(width, height, planes):
    """A JPEG file. `planes` are Y (sides padded to 16) and Cb, Cr (half of that), as bytes."""
    wide, high = -(-width // 16) * 16, -(-height // 16) * 16
    memos = {}, {}
    luma = _blocks(planes[0], wide, high, *memos)
    blue = _blocks(planes[1], wide // 2, high // 2, *memos)
    red = _blocks(planes[2], wide // 2, high // 2, *memos)
    frame = struct.pack(">BHHB", 8, height, width, 3) + bytes((1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0))
    return b"".join((
        b"\xff\xd8", _segment(0xe0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
        _segment(0xdb, b"\0" + bytes(_QUANT[i] for i in _ZIGZAG)),
        _segment(0xc0, frame),
        _segment(0xc4, b"\0" + bytes(_DC_BITS) + bytes(_DC_VALUES)),
        _segment(0xc4, b"\x10" + bytes(_AC_BITS) + _AC_VALUES),
        _segment(0xda, bytes((3, 1, 0, 2, 0, 3, 0, 0, 63, 0))),
        _scan(luma, blue, red), b"\xff\xd9"))
