# SPDX-License-Identifier: MIT
"""Pages that are not stories: front page, sections, topics, search, author, newsletter, legal pages, frames, AMP."""

from html import escape

from article import author_path
from layout import FRONT, LEGAL, NAME, NEWSLETTER, Layout, section_path, topic_path
from page import Page
from stories import GONE, SECTIONS, SEED, TOPICS

INTERNAL = "/en/internal/press-run"
ODD = "/en/printing-errors/s-70160001"
FEW = 4      # stories on one page of a section
TOPIC_STORIES = {"tide-barrier": ("tide-barrier", "storm-live", "seagrass"), "pilots-strike": ("pilots", "crane-video"),
                 "island-ferries": ("ferry-line", "night-ferries", "tindala-ferries")}


class ListingPages(Layout):
    """Builds all pages of this module."""

    def build(self, odd_links, extras):
        """Every listing and legal page; `odd_links` fill the page of odd replies, `extras` the list of reports."""
        pages = [self.cards_page(FRONT, "Front page", list(self.stories)[:12], extras)]
        for key, (name, _) in SECTIONS.items():
            keys = [story.key for story in self.stories.values() if story.section == key]
            path = section_path(key)
            for start in range(0, max(1, len(keys)), FEW):
                number = start // FEW + 1
                pages.append(self.cards_page(path if number == 1 else f"{path}?page={number}", name,
                                             keys[start:start + FEW], following=(path, number, len(keys))))
        for key, (name, _) in TOPICS.items():
            pages.append(self.cards_page(topic_path(key), name, TOPIC_STORIES[key]))
        for name in sorted({story.authors for story in self.stories.values() if story.authors}):
            keys = [story.key for story in self.stories.values() if story.authors == name]
            pages.append(self.cards_page(author_path(name), name, keys))
        for key, path in LEGAL.items():
            pages.append(self.text_page(path, key.capitalize(), "legal",
                                        f"<p>The {key} page of a newspaper that does not exist. "
                                        "All names, places and events on these pages are made up.</p>"))
        pages.append(self.text_page(NEWSLETTER, "Letters from the quay: our newsletter", "newsletter",
                                    '<p>Every Friday, the week in the harbor by mail.</p>'
                                    '<form action="/en/search" method="get">'
                                    '<input name="mail" type="email"><button>Subscribe</button></form>'))
        pages.append(self.text_page("/en/search", "Search", "search", '<form action="/en/search" method="get">'
                                    '<input name="q" type="search"><button>Search</button></form>'))
        pages.append(self.text_page(INTERNAL, "Press run of tonight", "internal",
                                    "<p>This page is not for robots: robots.txt says so.</p>"))
        return pages + [self.odd_page(odd_links + [("press run", self.urls.www(INTERNAL))]), self.tides()]

    def cards_page(self, path, title, keys, extras=(), following=None):
        """A page of story cards."""
        page = Page(self.urls.www(path), "listing")
        cards = "".join(self.card(page, key, title, teaser=True) for key in keys)
        turn = ""
        if following:
            base, number, count = following
            if number * FEW < count:
                href = page.link(self.urls.www(f"{base}?page={number + 1}"), "pagination")
                turn += f'<a rel="next" class="more-link" href="{href}">Show more</a> '
            if number > 1:
                href = page.link(self.urls.www(base if number == 2 else f"{base}?page={number - 1}"), "pagination")
                turn += f'<a rel="prev" class="more-link" href="{href}">Back</a>'
        reports = ""
        for own, name, _ in extras:
            href = page.link(self.urls.www(own), "related", title=name)
            reports += f'<li><a href="{href}">{escape(name)}</a></li>\n'
        if extras:
            reports = f'<section class="block"><h2>All reports</h2><ul class="plain-list">{reports}</ul></section>'
        page.html = (self.head(page, f"{title} – {NAME}", f"{title}: news from Port Varrow and the world",
                               self.template_formats(page, self.stories[keys[0] if keys else SEED].image))
                     + self.mast(page)
                     + f'<main class="wide"><section class="block"><h1>{escape(title)}</h1>'
                     + f'<div class="cards">{cards}</div>{turn}</section>{reports}</main>\n'
                     + self.state(page, keys, None if keys else self.stories[SEED]) + self.foot(page))
        return page

    def text_page(self, path, title, kind, html):
        """A page with a heading and some HTML."""
        page = Page(self.urls.www(path), kind)
        page.html = (self.head(page, f"{title} – {NAME}", title) + self.mast(page)
                     + f'<main class="article"><div class="narrow"><h1 class="headline">{title}</h1>{html}</div>'
                     + "</main>\n" + self.foot(page))
        return page

    def odd_page(self, links):
        """One page that links every odd reply, so that a crawl of any scope meets them."""
        page = Page(self.urls.www(ODD), "odd")
        items = "".join(f'<li><a href="{page.link(url, "odd")}">{escape(name)}</a></li>\n' for name, url in links)
        page.html = (self.head(page, f"Printing errors – {NAME}", "Replies that go wrong") + self.mast(page)
                     + '<main class="article"><div class="narrow"><h1 class="headline">Printing errors</h1>'
                     f'<ul class="plain-list">{items}</ul></div></main>\n' + self.foot(page))
        return page

    def tides(self):
        """The document of the frame on article pages."""
        page = Page(self.urls.www("/embed/tides"), "frame")
        sheet = page.need(self.urls.www("/embed/tides.css"), "style", "link")
        page.need(self.urls.www("/embed/gauge.png"), "image", "css", self.urls.www("/embed/tides.css"))
        page.html = ('<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Tides</title>'
                     f'<link rel="stylesheet" href="{sheet}"></head><body><table>'
                     "<caption>Tides in Port Varrow</caption>"
                     "<tr><th>High water</th><td>09:20</td><td>4.1 m</td></tr><tr><th>Low water</th><td>15:35</td>"
                     "<td>0.7 m</td></tr></table></body></html>\n")
        return page

    def amp(self, story):
        """The short version of a story for phones."""
        page = Page(self.urls.www(f"/amp{story.path}"), "amp")
        plain = [block for block in story.body if block[0] not in "#->{=" and "[[" not in block]
        text = "".join(f"<p>{escape(block, quote=False)}</p>" for block in plain)
        page.html = (f'<!doctype html><html lang="en" amp><head><meta charset="utf-8">'
                     f"<title>{escape(story.headline)}</title>"
                     f'<link rel="canonical" href="{page.link(self.urls.www(story.path), "canonical")}"></head>'
                     f"<body><h1>{escape(story.headline)}</h1>{text}</body></html>\n")
        return page


def feed(urls, stories):
    """The RSS feed."""
    items = "".join(f"<item><title>{escape(s.headline)}</title><link>{urls.www(s.path)}</link>"
                    f'<guid isPermaLink="true">{urls.www(s.path)}</guid>'
                    f"<description>{escape(s.teaser)}</description></item>\n"
                    for s in list(stories.values())[:10])
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>{NAME}</title>'
            f"<link>{urls.www(FRONT)}</link><description>News from Port Varrow</description>\n"
            f"{items}</channel></rss>\n")


def news_sitemap(urls, stories):
    """Sitemap with the news extension."""
    rows = "".join(f"<url><loc>{urls.www(s.path)}</loc><news:news><news:publication><news:name>{NAME}</news:name>"
                   f"<news:language>en</news:language></news:publication><news:publication_date>{s.published}"
                   f"</news:publication_date><news:title>{escape(s.headline)}</news:title></news:news></url>\n"
                   for s in stories.values())
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
            f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{rows}</urlset>\n')


def sitemap_index(urls):
    """The index that names the news sitemap."""
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
            f"<sitemap><loc>{urls.www('/news-sitemap.xml')}</loc></sitemap></sitemapindex>\n")


def robots(urls, disallowed):
    """robots.txt of the main host."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in disallowed), "Allow: /", "",
             f"Sitemap: {urls.www('/sitemap.xml')}", f"Sitemap: {urls.www('/news-sitemap.xml')}"]
    return "\n".join(lines) + "\n"


def gone_paths():
    """Addresses that answer 410."""
    return [entry[0] for entry in GONE.values()]
