# SPDX-License-Identifier: MIT
"""The classic design, and the other publisher.

Classic pages have no landmarks; picture addresses are real, dates are text, related links stand in boxes.
"""

from html import escape

import assets
from article import GAZETTE
from layout import FRONT, LEGAL, NAME, Layout, section_path
from page import Page
from stories import SECTIONS


class ClassicPages(Layout):
    """Builds a story page as the site made them in earlier years."""

    def build(self, story):
        """The one Page of a story in the classic design, in a list."""
        urls = self.urls
        page = Page(urls.www(story.path), "story", ("603",))
        sheet = page.need(urls.static("/css/classic.css"), "style", "link")
        assets.nested(page, urls, "static", "/css/classic.css")
        icon = page.need(urls.www("/favicon.ico"), "icon", "link")
        lead = page.need(urls.static(assets.image_path(story.image, "605")), "image", "src")
        short = page.link(urls.short(f"/p/{story.code}"), "short")
        menu = "".join(f'<a href="{page.link(urls.www(section_path(key)), "menu")}">{name}</a>'
                       for key, (name, _) in SECTIONS.items())
        text = "".join(f"<h2>{escape(b[3:])}</h2>\n" if b.startswith("## ") else f"<p>{escape(b, quote=False)}</p>\n"
                       for b in story.body)
        legal = "".join(f'<a href="{page.link(urls.www(path), "legal")}">{key}</a>' for key, path in LEGAL.items())
        page.html = f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
 "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html lang="en"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<title>{escape(story.headline)} | {SECTIONS[story.section][0]} | {NAME} | 26.02.2026</title>
<meta name="description" content="{escape(story.teaser)}" />
<link rel="canonical" href="{page.url}" /><link rel="shortlink" href="{short}" />
<link rel="stylesheet" type="text/css" href="{sheet}" /><link rel="shortcut icon" href="{icon}" />
<meta property="og:title" content="{escape(story.headline)} | {NAME} | 26.02.2026" />
<meta property="og:image" content="{lead}" /></head>
<body><div id="frame"><div id="top"><a href="{page.link(urls.www(FRONT), "home")}"><b>{NAME}</b></a> {menu}</div>
<div id="middle"><div id="bodyContent"><h4>{story.kicker}</h4><h1>{escape(story.headline)}</h1>
<p class="intro"><b>{escape(story.teaser)}</b></p>
<div class="picBox"><img src="{lead}" alt="{escape(story.caption)}" width="600" height="338" />
<div class="pic">{escape(story.caption)}</div></div>
<div class="longText">{text}</div>
<ul class="smallList"><li><strong>Date</strong> 26.02.2026</li>
<li><strong>Author</strong> {story.authors}, {story.credit_line}</li>
<li><strong>Permalink</strong> {short}</li></ul></div>
<div class="col3">{self.boxes(page, story)}</div></div>
<div id="bottom">{legal} © 2026 {NAME}</div></div></body></html>
"""
        return [page]

    def boxes(self, page, story):
        """The box of recommendations and the box of related content."""
        out = []
        for heading, keys in story.blocks:
            title = "The Courier recommends" if heading == "Top story" else "Related content"
            items = []
            for key in keys:
                url, final, other, headline, kicker, when = self.target(key)
                href = page.link(url, "related", title=headline, section=title, target=final, kind_of_page=other.kind,
                                 kicker=kicker, date=when, published=other.published, duration=other.duration)
                picture = page.need(self.urls.static(assets.image_path(other.image, "602")), "image", "src")
                items.append(f'<div class="news"><a href="{href}"><img src="{picture}" alt="" /></a><a href="{href}">'
                             f'{escape(headline)}</a> <span class="date">({when})</span>'
                             f"<p>{escape(other.teaser)}</p></div>")
            kind = "linkList intern" if heading == "Top story" else "relatedContent"
            out.append(f'<div class="{kind}"><h4>{title}</h4>{"".join(items)}</div>')
        return "\n".join(out)


GAZETTE_TEXTS = {
    "rail-freight": ("Rail operators add night trains to Varrow Bay",
                     "Four additional freight trains a night are meant to ease the queue off the coast."),
    "orchards": ("Orchards in bloom two weeks early",
                 "Fruit growers in the valley are watching the thermometer, and the bees."),
}


def gazette_pages(urls):
    """The pages of the other publisher: a front page and two stories."""
    made = []
    links = [("/", "The Inland Gazette")] + [(path, GAZETTE_TEXTS[key][0]) for key, path in GAZETTE.items()]
    for path, title in links:
        page = Page(urls.other(path), "other")
        sheet = page.need(urls.other("/gazette.css"), "style", "link")
        icon = page.need(urls.other("/favicon.ico"), "icon", "link")
        badge = page.need(urls.other("/gazette.png"), "image", "src")
        key = next((name for name, own in GAZETTE.items() if own == path), None)
        text = GAZETTE_TEXTS[key][1] if key else "News from the valleys behind the coast."
        more = ""
        for other, label in links:
            if other != path:
                href = page.link(urls.other(other), "menu" if other == "/" else "related", title=label)
                more += f'<li><a href="{href}">{label}</a></li>'
        page.html = f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>{title} | The Inland Gazette</title>
<link rel="stylesheet" href="{sheet}"><link rel="icon" href="{icon}"></head>
<body><header><a href="{page.link(urls.other("/"), "home")}">The Inland Gazette</a></header>
<main><h1>{title}</h1><img src="{badge}" alt="" width="64" height="64"><p>{text}</p><ul>{more}</ul></main></body></html>
"""
        made.append(page)
    return made
