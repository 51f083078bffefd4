# SPDX-License-Identifier: MIT
"""What all modern pages share: head, mast with menu and topics, story cards, footer, the embedded state."""

import json
from html import escape

import assets
from images import FORMATS
from page import cls
from stories import GONE, SECTIONS, SEED, TOPICS

NAME = "The Harbour Courier"
NEWSLETTER = "/en/letters-from-the-quay-our-newsletter/a-70115718"
LEGAL = {"imprint": "/en/imprint/s-70140001", "privacy": "/en/privacy-policy/s-70140002",
         "contact": "/en/contact/s-70140003", "accessibility": "/en/accessibility/s-70140004"}
FRONT = "/en/front-page/s-70100001"
FEED = "/en/feed.xml"


def section_path(key):
    """Path of a section's page."""
    name, number = SECTIONS[key]
    return f"/en/{name.lower().replace(' ', '-')}/s-{number}"


def section_by_name(name):
    """The key of the section with this name."""
    return next(key for key, (title, _) in SECTIONS.items() if title == name)


def topic_path(key):
    """Path of a topic's page."""
    return f"/en/{key}/t-{TOPICS[key][1]}"


def script_json(value):
    """JSON that may stand inside a script element."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


class Layout:
    """Writes the shared parts into a Page; one per site."""

    def __init__(self, urls, stories):
        self.urls = urls
        self.stories = stories

    def head(self, page, title, description, extra=""):
        """The head element; style sheets, scripts and icons are noted as requisites."""
        urls = self.urls
        main = page.need(urls.static("/css/main.css"), "style", "link")
        assets.nested(page, urls, "static", "/css/main.css")
        app = page.need(urls.static("/js/app.js"), "script", "script")
        assets.nested(page, urls, "static", "/js/app.js")
        start = page.need(urls.static("/js/start.mjs"), "script", "script")
        assets.nested(page, urls, "static", "/js/start.mjs")
        modules = {"imports": {"tide": urls.static("/js/tide.mjs"), "widgets/": urls.static("/js/widgets/")}}
        page.need(urls.static("/js/tide.mjs"), "script", "importmap")
        assets.nested(page, urls, "static", "/js/tide.mjs")
        page.need(urls.static("/js/widgets/clock.mjs"), "script", "module")
        icon = page.need(urls.www("/favicon.ico"), "icon", "link")
        touch = page.need(urls.static("/brand/touch-180.png"), "icon", "link")
        manifest = page.need(urls.www("/manifest.webmanifest"), "manifest", "link")
        for size in (192, 512):
            page.need(urls.static(f"/brand/icon-{size}.png"), "icon", "manifest", urls.www("/manifest.webmanifest"))
        page.link(urls.www(FEED), "feed")
        return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title data-rh="true">{escape(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta data-rh="true" name="description" content="{escape(description)}">
<link rel="stylesheet" href="{main}">
<link rel="shortcut icon" href="{icon}">
<link rel="apple-touch-icon" sizes="180x180" href="{touch}">
<link rel="manifest" href="{manifest}">
<link rel="alternate" type="application/rss+xml" title="{NAME}" href="{urls.www(FEED)}">
{extra}<script defer src="{app}"></script>
<script type="importmap">{script_json(modules)}</script>
<script type="module" src="{start}"></script>
<script type="module">import "tide"; import "widgets/clock.mjs";</script>
</head>
"""

    def mast(self, page):
        """Skip links, brand, main menu, search icon and the topics in focus."""
        urls = self.urls
        sprite = page.need(urls.www("/assets/icons.svg"), "image", "svg-use")
        items = "".join(
            f'<li><a role="menuitem" href="{page.link(urls.www(section_path(key)), "menu")}">{name}</a></li>'
            for key, (name, _) in SECTIONS.items())
        focus = "".join(f'<a href="{page.link(urls.www(topic_path(key)), "topic")}">{escape(name)}</a>'
                        for key, (name, _) in TOPICS.items())
        return f"""<body>
<noscript><p class="wide">Some pictures of this page need JavaScript.</p></noscript>
<ol class="skip"><li><a href="#main-content">Skip to content</a></li>
<li><a href="#navigation">Skip to main menu</a></li><li><a href="#footer">Skip to more from the Courier</a></li></ol>
<div class="mast"><div class="wide">
<a class="brand" title="Front page of {NAME}" href="{page.link(urls.www(FRONT), "home")}">{NAME}</a>
<nav class="menu" id="navigation"><div role="group" aria-labelledby="sections"><h2 id="sections">Sections</h2>
<ul>{items}</ul></div></nav>
<a class="find" title="Search" href="{page.link(urls.www("/en/search"), "search")}">
<svg><use href="{sprite}#search"></use></svg></a>
</div></div>
<div class="focus"><div class="wide"><div class="focus-label">In focus</div>{focus}</div></div>
<div id="main-content"></div>
"""

    def foot(self, page):
        """Footer with sections, legal pages, newsletter; a picture for readers without scripts."""
        urls = self.urls
        legal = "".join(f'<li><a href="{page.link(urls.www(path), "legal")}">{key.capitalize()}</a></li>'
                        for key, path in LEGAL.items())
        letters = page.link(urls.www(NEWSLETTER), "newsletter")
        count = page.need(urls.static("/brand/count.png"), "image", "noscript")
        return f"""<hr class="waves"><footer class="foot" id="footer"><div class="wide">
<section data-tracking-name="footer-legal"><h2>About</h2><ul>{legal}</ul></section>
<section data-tracking-name="footer-letters"><h2>Letters</h2><ul><li><a href="{letters}">Newsletter</a></li>
<li><a href="{page.link(urls.www(FEED), "feed")}">Feed</a></li></ul></section>
<p>© 2026 {NAME}. A newspaper that does not exist, for a city that does not either.</p>
</div></footer>
<noscript><img alt="" width="1" height="1" src="{count}"></noscript>
</body>
</html>
"""

    def target(self, reference):
        """(url, final url, story or None, headline, kicker, date) of a reference in a block."""
        if reference in GONE:
            path, headline, kicker, when = GONE[reference]
            return self.urls.www(path), self.urls.www(path), None, headline, kicker, when
        old, _, key = reference.rpartition(":")
        story = self.stories[key]
        url = self.urls.www(story.path)
        return (self.urls.www(story.old_path) if old else url), url, story, story.headline, story.kicker, story.when

    def card(self, page, reference, section, level="h2", teaser=False):
        """One story card: picture link, headline twice, category, date, length."""
        url, final, story, headline, kicker, when = self.target(reference)
        href = page.link(url, "related", title=headline, section=section, target=final,
                         kind_of_page=story.kind if story else "gone", kicker=kicker, date=when,
                         published=story.published if story else None,
                         duration=story.duration if story else "")
        picture = story.image if story else self.stories[SEED].image
        text = f'<p class="story-teaser">{escape(story.teaser)}</p>' if teaser and story else ""
        pictures = " pictures" if story and story.kind == "g" else ""
        unit = "" if pictures else " min."
        length = f'<span class="length{pictures}">{story.duration}{unit}</span>' if story and story.duration else ""
        title = escape(headline)
        return f"""<div {cls("story-card")}>
<a class="story-picture" title="{title}" tabindex="-1" href="{href}">
<figure class="lazy"><img alt="{title}" src="" data-picture="{picture}"></figure></a>
<div class="story-data">
<{level} class="story-title small"><a class="story-link" href="{href}">{title}</a></{level}>
<div class="story-title large"><a class="story-link" href="{href}">{title}</a></div>
{text}<div class="story-foot"><span class="kicker">{escape(kicker)}</span>
<span class="when"><time aria-hidden="true">{when}</time><span class="sr-only">{when}</span></span>{length}</div>
</div></div>
"""

    def state(self, page, references, own=None):
        """The script with the state; each lazy picture becomes a requisite in every format of this page."""
        urls, cache = self.urls, {}
        pictured = [own] if own else []
        for reference in references:
            story = self.target(reference)[2] or self.stories[SEED]
            if story not in pictured:
                pictured.append(story)
        for story in pictured:
            template = urls.static(assets.image_path(story.image, "${formatId}"))
            cache[f"Image:{story.image}"] = {"__typename": "Image", "id": story.image, "staticUrl": template,
                                             "name": story.caption}
            cache[f"Article:{story.id}"] = {
                "__typename": "Article", "id": story.id, "title": story.headline, "teaser": story.teaser,
                "namedUrl": story.path, "contentDate": story.published, "modelType": story.kind,
                "mainContentImage": {"__ref": f"Image:{story.image}"},
                "permaLinkUrl": urls.short(f"/p/{story.code}")}
            for code in page.formats:
                page.need(urls.static(assets.image_path(story.image, code)), "image", "state")
        return f"<script>window.__COURIER_STATE__={script_json(cache)};</script>\n"

    def source_set(self, page, number, codes, how="srcset"):
        """A srcset value over some formats of a picture."""
        return ", ".join(f"{page.need(self.urls.static(assets.image_path(number, code)), 'image', how)} "
                         f"{FORMATS[code]}w" for code in codes)

    def template_formats(self, page, number):
        """A srcset that lists all formats of the page, on a preload."""
        value = self.source_set(page, number, page.formats, "preload")
        return f'<link rel="preload" as="image" imagesrcset="{value}" imagesizes="(max-width: 960px) 100vw, 940px">\n'
