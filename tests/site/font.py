# SPDX-License-Identifier: MIT
"""A small icon font ("Courier Marks") made from straight outlines: TrueType, and WOFF 1.0 around it."""

import struct
import zlib

UNITS = 1000

# code point -> contours; outer contours run clockwise as TrueType wants
GLYPHS = {
    0xe001: [[(150, 0), (150, 800), (850, 400)]],                                             # play
    0xe002: [[(100, 100), (100, 550), (550, 550), (550, 100)],
             [(300, 600), (300, 700), (800, 700), (800, 250), (620, 250), (620, 600)]],         # pictures
    0xe003: [[(500, 0), (120, 400), (500, 800), (880, 400)]],                                 # live
    0xe004: [[(300, 0), (620, 400), (300, 800), (460, 800), (800, 400), (460, 0)]],           # onward
    0xe005: [[(440, 80), (440, 600), (280, 600), (280, 700), (440, 700), (440, 800), (560, 800), (560, 700),
              (720, 700), (720, 600), (560, 600), (560, 80), (780, 300), (860, 300), (500, -60), (140, 300),
              (220, 300)]],                                                                   # anchor
}
NOTDEF = [[(100, 0), (100, 700), (600, 700), (600, 0)]]


def _glyph(contours):
    """One simple glyph: all points on the curve, absolute shorts."""
    points = [point for contour in contours for point in contour]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    data = struct.pack(">hhhhh", len(contours), min(xs), min(ys), max(xs), max(ys))
    end = -1
    for contour in contours:
        end += len(contour)
        data += struct.pack(">H", end)
    data += struct.pack(">H", 0) + b"\x01" * len(points)
    for values in (xs, ys):
        data += b"".join(struct.pack(">h", b - a) for a, b in zip([0] + values, values))
    return data + b"\0" * (-len(data) % 4)


def _cmap(codes):
    """Format 4: one segment for the consecutive codes, and the closing one."""
    first, last = codes[0], codes[-1]
    body = struct.pack(">HHHH", 4, 4, 1, 0)                                   # segCountX2, search fields
    body += struct.pack(">HH", last, 0xffff) + struct.pack(">H", 0) + struct.pack(">HH", first, 0xffff)
    body += struct.pack(">HH", (1 - first) & 0xffff, 1) + struct.pack(">HH", 0, 0)
    table = struct.pack(">HHH", 4, len(body) + 6, 0) + body
    return struct.pack(">HHHHI", 0, 1, 3, 1, 12) + table


def _name(family):
    records = {1: family, 2: "Regular", 3: family + " 1", 4: family, 5: "Version 1.0", 6: family.replace(" ", "")}
    head, strings = b"", b""
    for number, text in sorted(records.items()):
        data = text.encode("utf-16-be")
        head += struct.pack(">HHHHHH", 3, 1, 0x409, number, len(data), len(strings))
        strings += data
    return struct.pack(">HHH", 0, len(records), 6 + len(head)) + head + strings


def _tables():
    codes = sorted(GLYPHS)
    outlines = [NOTDEF] + [GLYPHS[code] for code in codes]
    glyphs = [_glyph(contours) for contours in outlines]
    offsets = [sum(map(len, glyphs[:i])) for i in range(len(glyphs) + 1)]
    points = max(sum(map(len, contours)) for contours in outlines)
    contours = max(map(len, outlines))
    every = [point for outline in outlines for contour in outline for point in contour]
    low_x, low_y = min(x for x, _ in every), min(y for _, y in every)
    high_x, high_y = max(x for x, _ in every), max(y for _, y in every)
    metrics = b"".join(struct.pack(">Hh", UNITS, min(x for c in outline for x, _ in c)) for outline in outlines)
    return {
        b"OS/2": struct.pack(">HhHHHhhhhhhhhhhh10BIIII4sHHHhhhHHIIhhHHH", 4, UNITS, 400, 5, 0, 650, 700, 0, 140,
                             650, 700, 0, 480, 50, 250, 0, *([0] * 10), 0, 0, 0, 0, b"HRBC", 64, codes[0], codes[-1],
                             800, -200, 0, 800, 200, 0, 0, 500, 700, 0, 0, 1),
        b"cmap": _cmap(codes),
        b"glyf": b"".join(glyphs),
        b"head": struct.pack(">HHIIIHHQQhhhhHHhhh", 1, 0, 0x10000, 0, 0x5f0f3cf5, 3, UNITS, 0, 0,
                             low_x, low_y, high_x, high_y, 0, 8, 2, 1, 0),
        b"hhea": struct.pack(">HHhhhHhhhhhhhhhhhH", 1, 0, 800, -200, 0, UNITS, low_x, 0, high_x, 1, 0, 0, 0, 0, 0, 0, 0,
                             len(glyphs)),
        b"hmtx": metrics,
        b"loca": b"".join(struct.pack(">I", offset) for offset in offsets),
        b"maxp": struct.pack(">IHHHHHHHHHHHHHH", 0x10000, len(glyphs), points, contours, 0, 0, 2,
                             *([0] * 8)),
        b"name": _name("Courier Marks"),
        b"post": struct.pack(">IIhhIIIII", 0x30000, 0, -100, 50, 0, 0, 0, 0, 0),
    }


def _checksum(data):
    data += b"\0" * (-len(data) % 4)
    return sum(struct.unpack(f">{len(data) // 4}I", data)) & 0xffffffff


def truetype():
    """The font as a TrueType file, with all its checksums right."""
    tables = sorted(_tables().items())
    power = 1 << (len(tables).bit_length() - 1)
    head = struct.pack(">IHHHH", 0x10000, len(tables), power * 16, power.bit_length() - 1, (len(tables) - power) * 16)
    at, directory, body = 12 + 16 * len(tables), b"", b""
    for tag, data in tables:
        directory += struct.pack(">4sIII", tag, _checksum(data), at + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    font = head + directory + body
    adjust = (0xb1b0afba - _checksum(font)) & 0xffffffff
    place = font.index(struct.pack(">I", 0x5f0f3cf5)) - 4
    return font[:place] + struct.pack(">I", adjust) + font[place + 4:]


def woff():
    """The same font as WOFF 1.0 (zlib per table, only where that is shorter)."""
    font = truetype()
    count = struct.unpack(">H", font[4:6])[0]
    entries, body = [], b""
    start = 44 + 20 * count
    for i in range(count):
        tag, check, offset, length = struct.unpack(">4sIII", font[12 + 16 * i:28 + 16 * i])
        data = font[offset:offset + length]
        packed = zlib.compress(data, 9)
        stored = packed if len(packed) < length else data
        entries.append(struct.pack(">4sIIII", tag, start + len(body), len(stored), length, check))
        body += stored + b"\0" * (-len(stored) % 4)
    directory = b"".join(entries)
    total = 44 + len(directory) + len(body)
    head = struct.pack(">4sIIHHIHHIIIII", b"wOFF", 0x10000, total, count, 0, len(font), 1, 0, 0, 0, 0, 0, 0)
    return head + directory + body
