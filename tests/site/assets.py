# SPDX-License-Identifier: MIT
"""Everything that is not a page: style sheets, scripts, fonts, icons, pictures, playlists; and what they name."""

import os

import font
import images

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "assets")

TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
         ".mjs": "text/javascript; charset=utf-8", ".png": "image/png", ".jpg": "image/jpeg",
         ".ico": "image/vnd.microsoft.icon", ".woff": "font/woff", ".ttf": "font/ttf",
         ".json": "application/json", ".html": "text/html; charset=utf-8", ".mp3": "audio/mpeg",
         ".m3u8": "application/vnd.apple.mpegurl", ".ts": "video/mp2t", ".mp4": "video/mp4", ".vtt": "text/vtt"}

# (role, path) of a style sheet, SVG or script -> what it names: (role, path, kind)
NESTED = {
    ("static", "/css/main.css"): [("static", "/css/base.css", "style"), ("static", "/css/type.css", "style"),
                                  ("static", "/css/print.css", "style"), ("static", "/brand/grain.png", "image"),
                                  ("static", "/brand/mast-1x.png", "image"),
                                  ("static", "/brand/mast-2x.png", "image"),
                                  ("static", "/brand/quote.svg", "image")],
    ("static", "/css/type.css"): [("static", "/font/marks.woff", "font"), ("static", "/font/marks.ttf", "font")],
    ("static", "/css/base.css"): [("static", "/brand/waves.png", "image")],
    ("static", "/css/print.css"): [("static", "/brand/grain-copy.png", "image")],
    ("static", "/js/start.mjs"): [("static", "/js/parts.mjs", "script")],
    ("static", "/js/parts.mjs"): [("static", "/js/deep.mjs", "script")],
    ("static", "/js/tide.mjs"): [("static", "/js/late.mjs", "script"), ("static", "/brand/flag.png", "image")],
    ("static", "/js/app.js"): [("www", "/js/tides.js", "script"), ("www", "/assets/ebb.png", "image")],
    ("www", "/js/tides.js"): [("www", "/js/tides-table.js", "script")],
    ("www", "/embed/tides.css"): [("www", "/embed/gauge.png", "image")],
    ("static", "/css/classic.css"): [("static", "/brand/waves.png", "image")],
    **{("www", f"/numbers/{name}"): [("www", f"/numbers/{inner}", kind) for inner, kind in named] for name, named in {
        "numbers.css": [("layer.css", "style"), ("cursor.png", "image"), ("bullet.png", "image"), ("mask.png", "image"),
                        ("frame.png", "image"), ("quote.png", "image"), ("chart-1x.png", "image"),
                        ("chart-2x.png", "image"), ("hero.png", "image"), ("wide.png", "image"), ("tall.png", "image"),
                        ("figures.woff", "font")],
        "plain.js": [("pin.png", "image"), ("level.json", "data"), ("worker.js", "script"), ("sw.js", "script")],
        "worker.js": [("helper.js", "script")],
        "sw.js": [("sw-parts.js", "script"), ("offline.png", "image")],
        "main.mjs": [("axes.mjs", "script"), ("late.mjs", "script"), ("counter.mjs", "script"),
                     ("point.png", "image")],
        "charts.mjs": [("scale.mjs", "script")],
        "counter.mjs": [("sum.mjs", "script")],
        "plan.svg": [("dot.png", "image"), ("plan.css", "style")],
        "inner.html": [("inner.css", "style"), ("inner.png", "image")],
    }.items()},
}

FILES = {  # files of assets/ and where they are served
    ("static", "/css/main.css"): "main.css", ("static", "/css/base.css"): "base.css",
    ("static", "/css/type.css"): "type.css", ("static", "/css/print.css"): "print.css",
    ("static", "/css/classic.css"): "classic.css", ("static", "/js/app.js"): "app.js",
    ("static", "/js/start.mjs"): "start.mjs", ("static", "/js/parts.mjs"): "parts.mjs",
    ("static", "/js/deep.mjs"): "deep.mjs", ("static", "/js/tide.mjs"): "tide.mjs",
    ("static", "/js/late.mjs"): "late.mjs", ("static", "/js/widgets/clock.mjs"): "clock.mjs",
    ("www", "/js/tides.js"): "tides.js", ("www", "/js/tides-table.js"): "tides-table.js",
    ("static", "/brand/quote.svg"): "quote.svg", ("www", "/assets/icons.svg"): "icons.svg",
    ("www", "/embed/tides.css"): "tides.css", ("other", "/gazette.css"): "gazette.css",
    **{("www", f"/numbers/{name}"): f"numbers/{name}" for name in sorted(os.listdir(os.path.join(FOLDER, "numbers")))},
}

NUMBERS_PICTURES = (
    "cursor", "bullet", "mask", "frame", "quote", "chart-1x", "chart-2x", "hero", "wide", "tall", "pin", "offline", "point",
    "dot", "inner", "lead", "lead-small", "lead-large", "late", "button", "ground", "cell", "inline", "shade", "drawn",
    "poster", "without", "card", "early", "day-4")

MADE = {  # made on first use
    ("static", "/font/marks.woff"): font.woff, ("static", "/font/marks.ttf"): font.truetype,
    ("static", "/brand/grain.png"): lambda: images.grain(64, 1),
    ("static", "/brand/grain-copy.png"): lambda: images.grain(64, 1),
    ("static", "/brand/waves.png"): lambda: images.waves(96, 20, 70),
    ("static", "/brand/mast-1x.png"): lambda: images.waves(240, 40, 40),
    ("static", "/brand/mast-2x.png"): lambda: images.waves(480, 80, 40),
    ("static", "/brand/icon-192.png"): lambda: images.badge(192),
    ("static", "/brand/icon-512.png"): lambda: images.badge(512),
    ("static", "/brand/touch-180.png"): lambda: images.badge(180),
    ("static", "/brand/reader.png"): lambda: images.badge(48),
    ("static", "/brand/count.png"): images.dot,
    ("static", "/brand/flag.png"): lambda: images.badge(24), ("www", "/assets/ebb.png"): lambda: images.waves(48, 12, 120),
    ("www", "/favicon.ico"): lambda: images.ico(32), ("other", "/favicon.ico"): lambda: images.ico(16),
    ("www", "/embed/gauge.png"): lambda: images.waves(120, 24, 160),
    ("other", "/gazette.png"): lambda: images.badge(64),
    # each of another height, so that no two have equal bytes
    **{("www", f"/numbers/{name}.png"): lambda height=height: images.waves(48, height, 90)
       for height, name in enumerate(NUMBERS_PICTURES, 12)},
    ("www", "/numbers/figures.woff"): lambda: font.woff() + b"\0",
    ("www", "/numbers/horn.mp3"): lambda: b"ID3\x04\0\0\0\0\0\0" + b"\0" * 400,
    ("www", "/numbers/film.mp4"): lambda: video_files(1)["/video/1/film.mp4"] + b"\0",
    ("www", "/numbers/film.vtt"): lambda: b"WEBVTT\n\n00:00.000 --> 00:04.000\nThe harbor in numbers.\n",
}

SEGMENTS = 3


def read(name):
    """The bytes of a file in assets/."""
    with open(os.path.join(FOLDER, name), "rb") as file:
        return file.read()


def content_type(path):
    """Media type by extension."""
    return TYPES[os.path.splitext(path)[1]]


def image_path(number, code):
    """Path of a picture in one format, on the static host."""
    return f"/image/{number}_{code}.jpg"


def nested(page, urls, role, path):
    """Note everything that a style sheet or script names, and what that names in turn."""
    via = urls.url(role, path)
    for inner_role, inner_path, kind in NESTED.get((role, path), ()):
        page.need(urls.url(inner_role, inner_path), kind, "css" if path.endswith(".css") else "script", via)
        nested(page, urls, inner_role, inner_path)


def video_files(number):
    """Path -> bytes of the playlists, segments and the file of one video."""
    base = f"/video/{number}"
    master = ("#EXTM3U\n#EXT-X-VERSION:3\n"
              '#EXT-X-STREAM-INF:BANDWIDTH=420000,RESOLUTION=480x270,CODECS="avc1.42c01e,mp4a.40.2"\nlow.m3u8\n'
              '#EXT-X-STREAM-INF:BANDWIDTH=1250000,RESOLUTION=960x540,CODECS="avc1.42c01f,mp4a.40.2"\nhigh.m3u8\n')
    files = {f"{base}/master.m3u8": master.encode()}
    for name in ("low", "high"):
        lines = ["#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:6", "#EXT-X-PLAYLIST-TYPE:VOD"]
        for i in range(SEGMENTS):
            lines += ["#EXTINF:6.0,", f"{name}-{i}.ts"]
            # transport stream packets of the null PID, which players skip
            packet = b"\x47\x1f\xff" + bytes((0x10 | i,)) + name.encode().ljust(184, b"\xff")
            files[f"{base}/{name}-{i}.ts"] = packet * 8
        files[f"{base}/{name}.m3u8"] = ("\n".join(lines + ["#EXT-X-ENDLIST"]) + "\n").encode()
    files[f"{base}/film.mp4"] = (b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + b"\0\0\0\x08free"
                                 + b"\0\0\2\x08mdat" + b"\0" * 512)
    files[f"{base}/en.vtt"] = b"WEBVTT\n\n00:00.000 --> 00:04.000\nA box comes off a truck at the eastern quay.\n"
    return files


def video_kind(path):
    """What a file of a video is, for the truth."""
    if path.endswith("master.m3u8"):
        return "hls-master"
    return {"m3u8": "hls-media", "ts": "segment", "mp4": "file", "vtt": "track"}[path.rpartition(".")[2]]
