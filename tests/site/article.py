# SPDX-License-Identifier: MIT
"""Article pages in the modern design; the seed is the richest of them."""

import re
from html import escape

import assets
from layout import FRONT, NAME, Layout, script_json, section_by_name, section_path, topic_path
from page import Page, cls
from stories import SECTIONS, SEED

GAZETTE = {"rail-freight": "/freight/rail-operators-add-night-trains-to-varrow-bay",
           "orchards": "/country/orchards-in-bloom-two-weeks-early"}

_INLINE = re.compile(r"\[\[([a-z:-]+)\|([^]]+)\]\]")


class ArticlePages(Layout):
    """Builds the page (or the pages) of a story."""

    def build(self, story):
        """The Page objects of one story: one per part of its text."""
        parts = story.pages
        made = []
        for number, part in enumerate(parts, 1):
            path = story.path if number == 1 else f"{story.path}?page={number}"
            formats = ("600", "601", "602", "603", "604", "605") if story.key == SEED else ("602", "603", "605")
            page = Page(self.urls.www(path), "story", formats)
            page.html = self.render(page, story, part, number, len(parts))
            made.append(page)
        return made

    def render(self, page, story, part, number, count):
        """The document of one part."""
        references = [key for _, keys in story.blocks for key in keys]
        main = self.article(page, story, part, number, count)
        return (self.head(page, f"{story.headline} – {NAME} – 03/18/2026", story.teaser, self.meta(page, story))
                + self.mast(page) + main + self.blocks(page, story) + self.state(page, references, story)
                + self.foot(page))

    def meta(self, page, story):
        """Canonical, sharing metadata, preload and JSON-LD."""
        urls = self.urls
        url = urls.www(story.path)
        share = page.need(urls.static(assets.image_path(story.image, "6")), "image", "meta")
        amp = page.link(urls.www(f"/amp{story.path}"), "amp")
        linked = page.need(urls.static(assets.image_path(story.image, "604")), "image", "jsonld")
        waves = page.need(urls.static("/brand/waves.png"), "image", "css")
        data = {"@context": "https://schema.org", "@type": "NewsArticle", "mainEntityOfPage": url,
                "headline": story.headline + " ", "description": story.teaser, "datePublished": story.published,
                "dateModified": story.modified or story.published, "articleSection": SECTIONS[story.section][0],
                "author": [{"@type": "Person", "name": name} for name in filter(None, [story.authors])]
                or [{"@type": "Organization", "name": NAME}],
                "publisher": {"@type": "NewsMediaOrganization", "name": NAME,
                              "logo": {"@type": "ImageObject", "url": urls.static("/brand/icon-512.png")}},
                "image": [linked]}
        page.need(urls.static("/brand/icon-512.png"), "icon", "jsonld")
        return f"""<link data-rh="true" rel="canonical" href="{escape(url)}">
<link data-rh="true" rel="amphtml" href="{amp}">
<meta property="og:type" content="article">
<meta property="og:site_name" content="{NAME}">
<meta property="og:title" content="{escape(story.headline)} – {NAME} – 03/18/2026">
<meta property="og:description" content="{escape(story.teaser)}">
<meta property="og:url" content="{escape(url)}">
<meta property="og:image" content="{share}">
<meta property="og:image:width" content="940"><meta property="og:image:height" content="529">
<meta property="og:image:alt" content="{escape(story.caption)}">
<meta name="twitter:card" content="summary_large_image">
<meta name="twitter:image" content="{share}">
{self.template_formats(page, story.image)}<style>
.tides {{ background-image: url("{waves}"); background-repeat: repeat-x; }}
</style>
<script type="application/ld+json">{script_json(data)}</script>
"""

    def article(self, page, story, part, number, count):
        """The article element: header, tools, lead picture, text, credit line."""
        section = page.link(self.urls.www(section_path(story.section)), "kicker")
        text = self.body(page, story, part)
        author = ""
        if story.authors:
            href = page.link(self.urls.www(author_path(story.authors)), "author")
            author = f'<a rel="author" href="{href}">{story.authors}</a> · '
        credit = f'<p>{escape(story.credit_line)}</p>' if story.credit_line and number == count else ""
        lead = self.lead(page, story) if number == 1 else ""
        video = self.video(page, story) if story.kind == "video" else lead
        return f"""<article {cls("article")}>
<header><div class="kicker-line" data-tracking-name="content-detail-kicker">
<span><a href="{section}">{story.kicker}</a></span><span>{story.location}</span></div>
<h1 class="headline">{escape(story.headline)} </h1>
<div class="when-line">{author}<span class="publication">
<time aria-hidden="true">{story.when}</time><span class="sr-only">{story.when}</span></span></div>
<p class="lead-text">{escape(story.teaser)}</p></header>
{self.tools(page, story)}{video}<div class="rich rich-text">
{text}{credit}</div>
{self.pagination(page, story, number, count)}</article>
"""

    def tools(self, page, story):
        """Share links that carry the short link, and the code in a span, of which app.js makes an address."""
        page.compute(self.urls.www(f"/api/shares/{story.code}.json"))
        sprite = page.need(self.urls.www("/assets/icons.svg"), "image", "svg-use")
        short = page.link(self.urls.short(f"/p/{story.code}"), "short")
        mail = page.link(f"mailto:?subject=Read%20this&body={short}%3Fmaca%3Den-mail-sharing", "share")
        other = page.link(f"https://share.example/post?u={short}%3Fmaca%3Den-post-sharing", "share")
        return f"""<section class="tools" data-tracking-name="sharing-icons-inline">
<a rel="nofollow noopener" title="Share this page" href="{other}"><svg><use href="{sprite}#share"></use></svg></a>
<a rel="nofollow" title="Send by mail" href="{mail}"><svg><use href="{sprite}#mail"></use></svg></a>
<span>Permalink</span> <span class="permalink" data-code="{story.code}">{short}</span></section>
"""

    def lead(self, page, story):
        """The lead picture: sources for three widths, an image without src, caption and credit."""
        codes = page.formats
        low, middle = self.source_set(page, story.image, codes[:3]), self.source_set(page, story.image, codes[1:])
        return f"""<figure class="lead"><picture>
<source media="(max-width: 480px)" srcset="{low}" sizes="100vw">
<source media="(max-width: 960px)" srcset="{middle}" sizes="100vw">
<img src="" srcset="{self.source_set(page, story.image, codes[-2:])}" sizes="940px" alt="{escape(story.caption)}">
</picture><figcaption>{escape(story.caption)}
<small class="rights"><span class="sr-only">Image: </span> {escape(story.photo_credit)}</small></figcaption></figure>
"""

    def video(self, page, story):
        """A player: poster known from a data attribute, HLS and a plain file."""
        base = f"/video/{story.id}"
        poster = page.need(self.urls.static(assets.image_path(story.image, "605")), "image", "poster")
        for path in assets.video_files(story.id):
            page.medium(self.urls.static(path), assets.video_kind(path))
        media = self.urls.static(base)
        minutes, seconds = story.duration.split(":")
        return f"""<div class="narrow"><div class="film"><div class="film-play"></div>
<video controls preload="none" data-id="{story.id}" data-duration="{int(minutes) * 60 + int(seconds)}"
 data-posterurl="{poster}" poster="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=">
<source type="application/x-mpegURL" src="{media}/master.m3u8"><source type="video/mp4" src="{media}/film.mp4">
<track kind="captions" srclang="en" src="{media}/en.vtt"></video>
<p class="film-title">{escape(story.headline)} · {story.duration} min.</p></div></div>
"""

    def film_teaser(self, page, key):
        """The embedded teaser of a video story inside the text."""
        story = self.stories[key]
        player = self.video(page, story).replace('<div class="narrow">', "", 1).removesuffix("</div>\n")
        href = page.link(self.urls.www(story.path), "video")
        return player.replace(escape(story.headline), f'<a href="{href}">{escape(story.headline)}</a>', 1) + "\n"

    def inline(self, page, text):
        """Paragraph text with its links: to other stories and to the other publisher."""
        def replace(match):
            reference, label = match.groups()
            if reference.startswith("gazette:"):
                href = page.link(self.urls.other(GAZETTE[reference[8:]]), "external", title=label)
                return f'<a class="external-link" rel="noopener" href="{href}">{label}</a>'
            href = page.link(self.urls.www(self.stories[reference].path), "inline", title=label)
            return f'<a class="internal-link" href="{href}">{label}</a>'
        return _INLINE.sub(replace, escape(text, quote=False))

    def body(self, page, story, part):
        """The text of one part as HTML."""
        if story.kind == "live":
            return self.ticker(page, part)
        if story.kind == "g":
            return self.gallery(page, story, part)
        out = []
        for block in part:
            if block.startswith("## "):
                out.append(f"<h2>{escape(block[3:])}</h2>")
            elif block.startswith("- "):
                items = "".join(f"<li>{self.inline(page, line[2:])}</li>" for line in block.splitlines())
                out.append(f"<ul>{items}</ul>")
            elif block.startswith("> "):
                out.append(f"<blockquote>{self.inline(page, block[2:])}</blockquote>")
            elif block.startswith("{{video "):
                out.append(self.film_teaser(page, block[8:-2]) + self.frames(page))
            else:
                out.append(f"<p>{self.inline(page, block)}</p>")
        return "\n".join(out) + "\n"

    def frames(self, page):
        """Two frames: one with an address, one with its document in an attribute."""
        urls = self.urls
        tides = page.need(urls.www("/embed/tides"), "frame", "iframe")
        page.need(urls.www("/embed/tides.css"), "style", "iframe", urls.www("/embed/tides"))
        assets.nested(page, urls, "www", "/embed/tides.css")
        reader = page.need(urls.static("/brand/reader.png"), "image", "srcdoc")
        inner = escape(f'<img alt="" src="{reader}" style="float:left;margin-right:12px">'
                       "<p style='font:15px sans-serif'>Readers ask, the harbor desk answers: "
                       "write to us about the queue in the roads.</p>")
        return (f'<iframe class="tides" title="Tide table" src="{tides}"></iframe>\n'
                f'<iframe class="tides" title="Readers ask" srcdoc="{inner}"></iframe>')

    def gallery(self, page, story, part):
        """One figure per line of text; these pictures have a real src."""
        figures = []
        for text, (number, _) in zip(part, story.pictures[1:]):
            source = page.need(self.urls.static(assets.image_path(number, "605")), "image", "src")
            figures.append(f'<figure><img loading="lazy" width="960" height="540" alt="" src="{source}">'
                           f'<figcaption>{escape(text)}</figcaption></figure>')
        return "\n".join(figures) + "\n"

    def ticker(self, page, part):
        """The entries of a live blog."""
        out = []
        for block in part:
            clock, title, text = (field.strip() for field in block.split("|"))
            out.append(f'<div class="ticker" id="entry-{clock.replace(":", "")}"><time>{clock}</time>'
                       f"<h2>{escape(title)}</h2><p>{self.inline(page, text)}</p></div>")
        return "\n".join(out) + "\n"

    def pagination(self, page, story, number, count):
        """Links between the parts of a long story."""
        if count == 1:
            return ""
        links = []
        for other in range(1, count + 1):
            path = story.path if other == 1 else f"{story.path}?page={other}"
            if other == number:
                links.append(f'<span aria-current="page">{other}</span>')
            else:
                rel = ' rel="next"' if other == number + 1 else ' rel="prev"' if other == number - 1 else ""
                links.append(f'<a{rel} href="{page.link(self.urls.www(path), "pagination")}">{other}</a>')
        return f'<nav class="pages" aria-label="Pages of this story">{" ".join(links)}</nav>\n'

    def blocks(self, page, story):
        """"Top story" and "More stories" with a group for each region, and the way home."""
        heading, keys = story.blocks[0]
        cards = "".join(self.card(page, key, heading, teaser=True) for key in keys)
        topic = page.link(self.urls.www(topic_path("pilots-strike")), "topic")
        out = [f"""<div class="wide">
<section class="block" id="top-story-{story.id + 3}" data-tracking-name="section-top-story">
<a class="sr-only quick-item" href="#post-top-story">Skip next section Top story</a>
<h1>Top story</h1><span class="counter" aria-live="polite">Page 1 of 2</span><div class="cards">{cards}</div>
<a class="more-link" href="{topic}">More on this topic</a><div id="post-top-story"></div></section>
"""]
        if story.blocks[1:]:
            out.append('<h1 class="more-title">More stories from the Courier</h1>\n<div class="regions">\n')
        for name, keys in story.blocks[1:]:
            section = section_by_name(name)
            more = page.link(self.urls.www(section_path(section)), "section", title=f"More from {name}")
            cards = "".join(self.card(page, key, name, "h3") for key in keys)
            out.append(f"""<section class="block region span-{len(keys)}" id="region-{section}"
 data-tracking-name="section-high-priority-stories">
<h2>{name}</h2><div class="cards">{cards}</div><a class="more-link" href="{more}">More from {name}</a></section>
""")
        if story.blocks[1:]:
            out.append("</div>\n")
        home = page.link(self.urls.www(FRONT), "home")
        out.append('<section class="home-link" data-tracking-name="go-to-homepage">'
                   f'<a href="{home}">Go to homepage</a></section></div>\n')
        return "".join(out)


def author_path(name):
    """The page of an author."""
    return f"/en/{name.lower().replace(' ', '-')}/person-70150001"
