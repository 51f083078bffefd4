# SPDX-License-Identifier: MIT
"""A page that names what it needs in every way that makes a browser ask for it: the harbor in numbers."""

from html import escape

import assets
from layout import FRONT, NAME, script_json
from page import Page

PATH = "/en/the-harbor-in-numbers/i-70170001"
COMPUTED = ("day-4.png", "tide-table.json")  # put together by plain.js


class Writer:
    """Names things by addresses relative to the base of the page, and notes them."""

    def __init__(self, urls):
        self.urls = urls
        self.page = Page(urls.www(PATH), "interactive")

    def need(self, name, kind, how):
        """A requisite under /numbers/ with all that it names; returns what stands in the page."""
        path = f"/numbers/{name}"
        self.page.need(self.urls.www(path), kind, how)
        assets.nested(self.page, self.urls, "www", path)
        return name

    def medium(self, name, kind):
        """A video or audio file under /numbers/."""
        self.page.medium(self.urls.www(f"/numbers/{name}"), kind)
        return name

    def head(self):
        """Base, import map, style sheets of all sorts, what is loaded early and late."""
        need, base = self.need, self.urls.www("/numbers/")
        maps = script_json({"imports": {"charts": "./charts.mjs", "parts/": "/numbers/"}})
        rows = [
            f'<base href="{base}">',
            f'<script type="importmap">{maps}</script>',
            f'<link rel="stylesheet" href="{need("numbers.css", "style", "link")}">',
            f'<link rel="alternate stylesheet" title="Night" href="{need("night.css", "style", "link")}">',
            f'<link rel="stylesheet" media="(min-width: 2000px)" href="{need("huge.css", "style", "link")}">',
            f'<link rel="preload" as="image" href="{need("early.png", "image", "preload")}">',
            f'<link rel="prefetch" href="{need("later.css", "style", "prefetch")}">',
            f'<link rel="modulepreload" href="{need("charts.mjs", "script", "modulepreload")}">',
            f'<link rel="icon" type="image/svg+xml" href="{need("icon.svg", "icon", "link")}">',
            f'<script defer src="{need("plain.js", "script", "script")}"></script>',
            f'<script type="module" src="{need("main.mjs", "script", "script")}"></script>',
            f'<meta property="og:image" content="{self.urls.www("/numbers/" + need("card.png", "image", "meta"))}">',
        ]
        return "\n".join(rows) + "\n"

    def pictures(self):
        """Pictures in markup."""
        need = self.need
        return f"""<picture><source media="(max-width: 600px)" srcset="{need("lead-small.png", "image", "srcset")}">
<img alt="" src="{need("lead.png", "image", "src")}"
 srcset="{need("lead.png", "image", "srcset")} 1x, {need("lead-large.png", "image", "srcset")} 2x"></picture>
<input type="image" alt="Go" src="{need("button.png", "image", "input")}">
<table background="{need("ground.png", "image", "background")}"><tr>
<td background="{need("cell.png", "image", "background")}">4.1 m</td></tr></table>
<p style="background: url('{need("inline.png", "image", "style")}')">Boxes a day: 11,400</p>
<svg width="40" height="40"><use href="{need("shapes.svg", "image", "svg-use")}#box"></use>
<image href="{need("drawn.png", "image", "svg-image")}" width="20" height="20"></image></svg>
<noscript><img alt="" src="{need("without.png", "image", "noscript")}"></noscript>
"""

    def documents(self):
        """Documents in the document."""
        need = self.need
        inner = escape(f'<link rel="stylesheet" href="{need("srcdoc.css", "style", "srcdoc")}"><p>Ships: 3,812</p>')
        shadow = need("shadow.css", "style", "template")
        return f"""<iframe title="Inner" src="{need("inner.html", "frame", "iframe")}"></iframe>
<iframe title="Ships" srcdoc="{inner}"></iframe>
<object type="image/svg+xml" data="{need("plan.svg", "image", "object")}"></object>
<embed type="image/svg+xml" src="{need("badge.svg", "image", "embed")}">
<div><template shadowrootmode="open"><style>@import "{shadow}";</style>
<img alt="" src="{need("shade.png", "image", "template")}"><b>Cranes: 31</b></template></div>
"""

    def media(self):
        """A film and a sound that load by themselves."""
        return f"""<video muted preload="auto" width="160" height="90" poster="{self.need("poster.png", "image", "poster")}">
<source type="video/mp4" src="{self.medium("film.mp4", "file")}">
<track default kind="captions" srclang="en" src="{self.medium("film.vtt", "track")}"></video>
<audio preload="auto" controls src="{self.medium("horn.mp3", "file")}"></audio>
"""

    def write(self):
        """The whole page. Its root says when the scripts have asked for all they want."""
        for name in COMPUTED:
            self.page.compute(self.urls.www(f"/numbers/{name}"))
        home = self.page.link(self.urls.www(FRONT), "home")
        late = self.need("late.png", "image", "src")
        self.page.html = f"""<!DOCTYPE html>
<html lang="en" data-wait="plain modules"><head><meta charset="utf-8"><title>The harbor in numbers – {NAME}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
{self.head()}</head><body><h1>The harbor in numbers</h1><ul><li>Berths: 24</li></ul>
<div class="masked"></div><div class="framed">Tugs: 9</div><p class="quoted">It is all in the numbers.</p>
<div class="chart"></div><div class="hero"></div><div class="turned"></div>
{self.pictures()}{self.documents()}{self.media()}<div style="height: 6000px"></div>
<img loading="lazy" alt="" width="48" height="40" src="{late}"><p><a href="{home}">{NAME}</a></p></body></html>
"""
        return self.page


def build(urls):
    """The page."""
    return Writer(urls).write()
