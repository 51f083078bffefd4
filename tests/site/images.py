# SPDX-License-Identifier: MIT
"""Deterministic pictures: flat harbour scenes as JPEG, small ornaments as PNG.

A scene is a list of shapes in a unit square-ish space (x 0..16, y 0..9); it is painted plane by plane, so that
the half-size colour planes of a JPEG are painted directly at their own size.
"""

import functools
import hashlib
import math
import os
import random
import struct
import sys
import threading
import zlib

import jpeg

# code -> width of the 16:9 formats; 6 is the sharing picture
FORMATS = {"600": 78, "601": 201, "602": 379, "603": 545, "604": 700, "605": 960, "6": 940}

SUBJECTS = ("ship", "crane", "lighthouse", "sail", "skyline", "train", "market", "reef")

# sky top, sky bottom, sun, far hill, near hill, sea, dark
PALETTES = (
    ("#274c77", "#f4d6a0", "#fff1cf", "#6d8ea8", "#3f6483", "#2f5d7c", "#1b2a41"),
    ("#5fa8d3", "#e8f1f2", "#fffbe6", "#9cc5c9", "#62a4a8", "#1b6d82", "#12303d"),
    ("#463f6b", "#f2a37b", "#ffe3b0", "#85688e", "#5d4d7d", "#3b4a7a", "#1f1b3a"),
    ("#8ac6d0", "#fdf3d8", "#ffffff", "#b5cf9d", "#7ba874", "#3d8b92", "#1d3b3f"),
    ("#f0b97d", "#fbe9cf", "#fff7e0", "#d59d76", "#a9745d", "#5b7f8c", "#33312e"),
)
ACCENTS = ("#d1495b", "#edae49", "#f4f1de", "#e07a5f", "#66a182", "#eac435")


@functools.lru_cache(maxsize=None)
def _maker():
    """What pictures depend on beside their numbers: these sources and what runs them."""
    digest = hashlib.sha256(f"{sys.version} {zlib.ZLIB_RUNTIME_VERSION}".encode())
    for source in (__file__, jpeg.__file__):
        with open(source, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def kept(make):
    """Each picture is made once: by all processes that have the same folder in FLONG_PICTURES, else by this one.

    Those of a crawl take seconds, and most scenarios crawl the site.
    """
    @functools.lru_cache(maxsize=None)
    @functools.wraps(make)
    def picture(*arguments):
        folder = os.environ.get("FLONG_PICTURES")
        if not folder:
            return make(*arguments)
        name = hashlib.sha256(repr((_maker(), make.__name__, arguments)).encode()).hexdigest()
        path = os.path.join(folder, name)
        try:
            with open(path, "rb") as file:
                return file.read()
        except FileNotFoundError:
            pass
        data = make(*arguments)
        os.makedirs(folder, exist_ok=True)
        partial = f"{path}.{os.getpid()}.{threading.get_ident()}"
        with open(partial, "wb") as file:
            file.write(data)
        os.replace(partial, path)
        return data
    return picture


def rgb(colour):
    """'#rrggbb' as three numbers."""
    return tuple(int(colour[i:i + 2], 16) for i in (1, 3, 5))


def to_ycc(colour):
    """JFIF colour of an (r, g, b)."""
    r, g, b = colour
    return (round(.299 * r + .587 * g + .114 * b), round(128 - .168736 * r - .331264 * g + .5 * b),
            round(128 + .5 * r - .418688 * g - .081312 * b))


def rectangle(x, y, width, height):
    """Corner points; sums are rounded so that the lower edge of the picture is exactly 9."""
    bottom = round(y + height, 6)
    return [(x, y), (x + width, y), (x + width, bottom), (x, bottom)]


def disc(x, y, radius):
    """A circle as a polygon of 48 corners."""
    return [(x + radius * math.cos(i * math.pi / 24), y + radius * math.sin(i * math.pi / 24))
            for i in range(48)]


def hills(dice, base, swing, steps):
    """A land silhouette from the left edge to the right edge, closed at the bottom."""
    phase, other = dice.uniform(0, 6), dice.uniform(0, 6)
    points = []
    for i in range(steps + 1):
        wave = math.sin(phase + i * 7 / steps) + .5 * math.sin(other + i * 17 / steps)
        points.append((16 * i / steps, base - swing * wave))
    return points + [(16, 9), (0, 9)]


def _ship(dice, accent, dark):
    x = dice.uniform(3.2, 5.5)
    shapes = [([(x, 6.3), (x + 7.2, 6.3), (x + 6.5, 7.4), (x + .7, 7.4)], dark),
              (rectangle(x + 5.1, 4.6, 1.3, 1.7), "#f4f1de"), (rectangle(x + 5.5, 3.9, .5, .8), accent)]
    for row in range(3):
        for column in range(6):
            if dice.random() < .85 - .2 * row:
                shapes.append((rectangle(x + .6 + column * .72, 5.8 - row * .5, .66, .46), dice.choice(ACCENTS)))
    return shapes


def _crane(dice, accent, dark):
    shapes = [(rectangle(0, 7.2, 16, 1.8), dark)]
    for x in (2.5 + dice.random(), 7.4 + dice.random(), 11.8 + dice.random()):
        shapes += [(rectangle(x, 3.2, .28, 4.1), accent), (rectangle(x + 1.3, 3.2, .28, 4.1), accent),
                   (rectangle(x - 1.9, 3.0, 4.9, .3), accent), ([(x + .2, 3), (x + .75, 1.5), (x + 1.3, 3)], accent),
                   (rectangle(x - 1.3, 3.3, .06, 1.9), dark), (rectangle(x - 1.65, 5.1, .8, .5), "#f4f1de")]
    return shapes


def _lighthouse(dice, accent, dark):
    x = dice.uniform(9.5, 12)
    shapes = [([(x - 3.4, 9), (x - 1.4, 7.1), (x + 1.9, 6.9), (x + 5, 9)], dark)]
    for band in range(5):
        top, inset = 2.7 + band * .9, .12 * (4 - band)
        shapes.append(([(x - .6 + inset, top), (x + .6 - inset, top), (x + .7 - inset, top + .9),
                        (x - .7 + inset, top + .9)], accent if band % 2 else "#fbf7ee"))
    shapes += [(rectangle(x - .35, 2.0, .7, .7), "#ffe9a8"), ([(x - .5, 2.05), (x, 1.4), (x + .5, 2.05)], dark),
               ([(x - .4, 2.2), (x - 16, .8), (x - 16, 3.6), (x - .4, 2.5)], "#fff3c4")]
    return shapes


def _sail(dice, accent, dark):
    shapes = []
    for x, size in ((3.2, .8), (7.1, 1.25), (12.2, .9)):
        x, y = x + dice.uniform(-.5, .5), 7.3 + .25 * size
        shapes += [([(x, y - 4.2 * size), (x, y - .5), (x + 2 * size, y - .5)], "#fbf7ee"),
                   ([(x - .12, y - 3.7 * size), (x - .12, y - .5), (x - 1.4 * size, y - .5)], accent),
                   ([(x - 1.6 * size, y - .35), (x + 2.1 * size, y - .35), (x + 1.5 * size, y + .2),
                     (x - 1.1 * size, y + .2)], dark)]
    return shapes


def _skyline(dice, accent, dark):
    shapes, x = [(rectangle(0, 7.4, 16, 1.6), dark)], .3
    while x < 15:
        width, height = dice.uniform(.9, 1.8), dice.uniform(1.4, 4.2)
        tone = dice.choice(("#40566f", "#5c738a", "#8a6d62", accent))
        shapes.append((rectangle(x, 7.4 - height, width, height), tone))
        for row in range(int(height / .55) - 1):
            for column in range(int(width / .42)):
                if dice.random() < .6:
                    shapes.append((rectangle(x + .14 + column * .42, 7.6 - height + row * .55, .2, .28), "#ffe9a8"))
        x += width + dice.uniform(.05, .5)
    return shapes


def _train(dice, accent, dark):
    shapes = [(rectangle(0, 6.5, 16, .3), dark)]
    shapes += [(rectangle(x, 6.8, .5, 2.2), dark) for x in (1, 5, 9, 13)]
    x = dice.uniform(1, 2.5)
    for wagon in range(4):
        left = x + wagon * 3.2
        shapes += [(rectangle(left, 4.9, 3, 1.5), accent if wagon == 3 else "#f4f1de"),
                   (rectangle(left, 5.9, 3, .2), dark)]
        shapes += [(rectangle(left + .3 + i * .68, 5.2, .42, .45), "#40566f") for i in range(4)]
    return shapes


def _market(dice, accent, dark):
    shapes = [(rectangle(0, 7.6, 16, 1.4), dark)]
    for stall in range(4):
        x = .7 + stall * 3.8
        shapes += [(rectangle(x + .1, 4.6, .12, 3), dark), (rectangle(x + 2.9, 4.6, .12, 3), dark),
                   (rectangle(x, 6.5, 3.1, 1.1), dice.choice(("#8a6d62", "#a9745d")))]
        for stripe in range(6):
            shapes.append(([(x + stripe * .52, 4), (x + .52 + stripe * .52, 4), (x + .52 + stripe * .52, 4.9),
                            (x + stripe * .52, 4.9)], accent if stripe % 2 else "#fbf7ee"))
        shapes += [(disc(x + .45 + i * .55, 6.4, .22), dice.choice(ACCENTS)) for i in range(5)]
    return shapes


def _reef(dice, accent, _dark):
    shapes = [(rectangle(0, 3.4, 16, 5.6), "#1b6d82"), (rectangle(0, 5.4, 16, 3.6), "#14576b")]
    for _ in range(14):
        x, height = dice.uniform(0, 15.5), dice.uniform(.8, 2.4)
        shapes.append(([(x, 9), (x + .35, 9 - height), (x + .7, 9)], dice.choice(ACCENTS + (accent,))))
    for _ in range(9):
        x, y = dice.uniform(1, 14), dice.uniform(3.8, 6.4)
        shapes.append(([(x, y), (x + .5, y - .22), (x + 1, y), (x + 1.3, y - .25), (x + 1.3, y + .25), (x + 1, y),
                        (x + .5, y + .22)], dice.choice(ACCENTS)))
    return shapes


_DRAW = {"ship": _ship, "crane": _crane, "lighthouse": _lighthouse, "sail": _sail,
         "skyline": _skyline, "train": _train, "market": _market, "reef": _reef}


def scene(number, subject):
    """(sky top, sky bottom, shapes) for a picture number; the same number always gives the same scene."""
    dice = random.Random(number)
    top, bottom, sun, far, near, sea, dark = PALETTES[number % len(PALETTES)]
    accent = ACCENTS[number // 7 % len(ACCENTS)]
    shapes = [(disc(dice.uniform(2, 14), dice.uniform(1.4, 3), dice.uniform(.6, 1.1)), sun),
              (hills(dice, 5.2, .7, 32), far), (hills(dice, 6.1, .5, 32), near),
              (rectangle(0, 6.9, 16, 2.1), sea)]
    shapes += _DRAW[subject](dice, accent, dark)
    if subject in ("ship", "sail", "lighthouse"):
        shapes += [(rectangle(dice.uniform(0, 14), 7.6 + .28 * i, dice.uniform(.6, 2), .07), bottom) for i in range(5)]
    # what touches the lower edge goes on below it, so that the padding rows of the JPEG have its colour
    return rgb(top), rgb(bottom), [([(x, 10 if y == 9 else y) for x, y in points], rgb(colour))
                                   for points, colour in shapes]


def _paint(plane, wide, high, scale, points, value):
    """Fill a polygon by scan lines; the two end pixels of a span are blended."""
    xs, ys = [x * scale for x, _ in points], [y * scale for _, y in points]
    edges = [(xs[i - 1], ys[i - 1], xs[i], ys[i]) for i in range(len(points)) if ys[i - 1] != ys[i]]
    for row in range(max(0, int(min(ys))), min(high, int(max(ys)) + 1)):
        middle = row + .5
        cuts = sorted(x0 + (middle - y0) * (x1 - x0) / (y1 - y0)
                      for x0, y0, x1, y1 in edges if (y0 <= middle) != (y1 <= middle))
        for left, right in zip(cuts[::2], cuts[1::2]):
            left, right = max(0., left), min(float(wide), right)
            first, last = math.ceil(left), math.floor(right)
            if last >= first:
                plane[row * wide + first:row * wide + last] = bytes((value,)) * (last - first)
            for column, cover in ((first - 1, first - left), (last, right - last)):
                if 0 <= column < wide and 0 < cover < 1:
                    at = row * wide + column
                    plane[at] = round(plane[at] + (value - plane[at]) * cover)


@kept
def photo(number, subject, width):
    """A 16:9 JPEG of the given width."""
    height = round(width * 9 / 16)
    wide, high = -(-width // 16) * 16, -(-height // 16) * 16
    top, bottom, shapes = scene(number, subject)
    planes = []
    for index in range(3):
        half = 1 if index == 0 else 2
        columns, rows, scale = wide // half, high // half, width / 16 / half
        start, end = to_ycc(top)[index], to_ycc(bottom)[index]
        plane = bytearray(b"".join(
            bytes((round(start + (end - start) * min(1, row / (rows * .7))),)) * columns for row in range(rows)))
        for points, colour in shapes:
            _paint(plane, columns, rows, scale, points, to_ycc(colour)[index])
        planes.append(bytes(plane))
    return jpeg.encode(width, height, planes)


def png(width, height, pixel):
    """A PNG of 8-bit RGBA; `pixel(x, y)` gives four numbers."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"".join(bytes(pixel(x, y)) for x in range(width)) for y in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


@kept
def badge(size):
    """The site's icon: a white wave and a sun on a navy tile."""
    def pixel(x, y):
        u, v = (x + .5) / size, (y + .5) / size
        if (u - .68) ** 2 + (v - .33) ** 2 < .02:
            return 237, 174, 73, 255
        for base in (.55, .72):
            if abs(v - base - .05 * math.sin(u * 12.6)) < .05:
                return 244, 241, 222, 255
        return 19, 48, 77, 255
    return png(size, size, pixel)


@kept
def waves(width, height, alpha):
    """A band of waves that repeats sideways."""
    def pixel(x, y):
        crest = height * (.5 + .3 * math.sin(2 * math.pi * x / width))
        return (255, 255, 255, alpha) if abs(y - crest) < height / 9 else (255, 255, 255, 0)
    return png(width, height, pixel)


@kept
def grain(size, seed):
    """A faint paper texture: noise that does not compress, so it is larger than 2 KB."""
    dice = random.Random(seed)
    return png(size, size, lambda _x, _y: (96, 84, 60, dice.randrange(14)))


def dot():
    """A transparent picture of one pixel."""
    return png(1, 1, lambda _x, _y: (0, 0, 0, 0))


def ico(size):
    """favicon.ico: one PNG inside an icon directory."""
    data = badge(size)
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, size, size, 0, 0, 1, 32, len(data), 22) + data
