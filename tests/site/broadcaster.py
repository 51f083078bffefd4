# SPDX-License-Identifier: MIT
"""A story of an international broadcaster: its page as such systems write it, and what a reader of it would note.

Class names are hashes of a build, two headings of each card say the same, times are relative and without datetime, no
picture has an address in its markup; blocks for the top story and for seven regions follow, each with the way to its
section; some stories stand in the state alone.
"""

from dataclasses import dataclass
from html import escape

import assets
from layout import script_json
from page import Page
from stories import base62

NUMBER = 65908274
SLUG = "ferry-capsizes-off-the-coast-dozens-missing"
HEADLINE = "Ferry capsizes off the coast, dozens missing"
KICKER = "Disasters"
TEASER = "Rescue teams searched through the night. The boat had left the island in calm weather, officials say."
CAPTION = "Coast guard vessels at the place where the ferry went down"
CREDIT = "Lena Orlo/REUTERS"
PUBLISHER = "Quay World"
PUBLISHED, MODIFIED = "2026-03-18T09:14:05Z", "2026-03-18T09:55:40Z"
AGENCIES = ["AFP", "Reuters", "AP"]
SHORT = "/p/" + base62(NUMBER)
HOME = "/en/top-stories/s-9097"
TOPIC = "/en/disasters/t-17325576"
LEGAL = {"Legal notice": "/en/legal-notice/a-15718492", "Newsletters": "/en/newsletters/s-66"}
PARAGRAPHS = [
    "At least twelve people have died and dozens are missing after a ferry capsized in the strait, the coast guard said "
    "on Wednesday. More than forty passengers were pulled from the water alive.",
    "The boat sank within minutes, survivors told reporters. \"There was a loud crack, and then everything tilted,\" said "
    "one of them, who had clung to a life ring for two hours.",
    "## What is known about the cause?",
    "Officials said that the weather had been calm, with little wind and hardly any waves. The ministry of transport has "
    "sent four experts, who are to question the crew and look at the hull.",
    "Local media reported that the ferry had carried more people than it was allowed to. The owner did not comment, but "
    "promised to publish the list of passengers."]


@dataclass
class Teaser:
    """One card: what a reader sees of another story."""
    number: int
    slug: str
    title: str
    kicker: str
    when: str
    kind: str = "a"
    duration: str = ""
    section: str = ""

    @property
    def path(self):
        """The address of the story."""
        return f"/en/{self.slug}/{self.kind}-{self.number}"


TOP = [Teaser(65908301, "how-safe-are-old-ferries-in-the-strait", "How safe are old ferries in the strait?", "Transportation",
              "3 hours ago"),
       Teaser(65907112, "islanders-wait-for-news-of-the-missing", "Islanders wait for news of the missing", "Society",
              "5 hours ago")]
# Region -> number of its section, cards.
REGIONS = {
    "Africa": (12756, [Teaser(65906650, "wells-run-dry-in-the-south-of-kessou", "Wells run dry in the south of Kessou", "Climate",
                              "7 hours ago"),
                       Teaser(65905518, "teachers-return-to-school-after-strike", "Teachers return to school after strike",
                              "Education", "March 17, 2026")]),
    "Asia": (12757, [Teaser(65907733, "sunako-votes-on-its-oldest-bridge", "Sunako votes on its oldest bridge", "Politics",
                            "2 hours ago")]),
    "Germany": (1432, [Teaser(65901209, "why-trains-are-late-in-the-winter", "Why trains are late in the winter", "Transportation",
                              "March 16, 2026")]),
    "Europe": (1433, [Teaser(65907001, "fishers-and-ministers-agree-on-quotas", "Fishers and ministers agree on quotas", "Business",
                             "9 hours ago"),
                      Teaser(65906998, "a-city-without-cars-for-a-week", "A city without cars for a week", "Society", "10 hours ago",
                             "video", "02:38")]),
    "Middle East": (12765, [Teaser(65900034, "old-port-reopens-after-ten-years", "Old port reopens after ten years", "Trade",
                                   "March 15, 2026")]),
    "North America": (12768, [Teaser(65904417, "wildfire-smoke-drifts-over-the-lakes", "Wildfire smoke drifts over the lakes",
                                     "Climate", "March 17, 2026")]),
    "Latin America": (12769, [Teaser(65903326, "reef-survey-finds-forgotten-species", "Reef survey finds forgotten species",
                                     "Science", "March 17, 2026")]),
}
# Behind the button "Show more": only in the state.
DOSSIER = [Teaser(65880011, "the-strait-and-its-shipwrecks-a-history", "The strait and its shipwrecks: a history", "History", "")]


def teasers():
    """All cards of the page, each with the heading of its block."""
    for teaser in TOP:
        teaser.section = "Top story"
    for name, (_, cards) in REGIONS.items():
        for teaser in cards:
            teaser.section = name
    return TOP + [teaser for _, cards in REGIONS.values() for teaser in cards]


def path():
    """The address of the story."""
    return f"/en/{SLUG}/a-{NUMBER}"


def section_path(name):
    """The page of a region, where "More from ..." leads."""
    return f"/en/{name.lower().replace(' ', '-')}/s-{REGIONS[name][0]}"


def card(urls, teaser, level):
    """Picture link, title twice, kicker, time, length."""
    href, title = urls.www(teaser.path), escape(teaser.title)
    length = f'<span class="sc-hZmnq bKvAfX">{teaser.duration} min.</span>' if teaser.duration else ""
    return f"""<div class="sc-gJbFto kOAyZo teaser-wrap teaser"><a class="sc-ezbkAF teaser-image" title="{title}" tabindex="-1"
 href="{href}"><figure class="lazy-load-container"><img alt="{title}" src=""></figure></a>
<div class="teaser-data"><{level} class="title-xs-sm"><a class="sc-llJcti link-in-teaser" href="{href}">{title}</a></{level}>
<div class="title-above-md"><a class="sc-llJcti link-in-teaser" href="{href}">{title}</a></div>
<div class="teaser-footer-wrapper"><span class="kicker">{teaser.kicker}</span><span class="sc-fFu date-time">
<time aria-hidden="true">{teaser.when}</time><span class="sr-only">{teaser.when}</span></span>{length}</div></div></div>
"""


def state(urls):
    """The state that a script of the page starts from."""
    cache = {f"Article:{one.number}": {"__typename": "Article", "id": one.number, "namedUrl": one.path, "title": one.title,
                                       "teaser": one.title + ".", "contentDate": "2026-03-17T08:00:00Z"}
             for one in teasers() + DOSSIER}
    cache[f"Article:{NUMBER}"] = {"__typename": "Article", "id": NUMBER, "namedUrl": path(), "title": HEADLINE,
                                  "permaLinkUrl": urls.short(SHORT), "firstPublicationDate": PUBLISHED,
                                  "dossierContents": [{"__ref": f"Article:{one.number}"} for one in DOSSIER]}
    return f"<script>window.__APOLLO_STATE__={script_json(cache)};</script>"


def head(urls, image):
    """Title, metadata, JSON-LD."""
    url = urls.www(path())
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": HEADLINE + " ", "mainEntityOfPage": url,
            "description": TEASER, "datePublished": PUBLISHED, "dateModified": MODIFIED, "image": [image],
            "author": [{"@type": "Person", "name": PUBLISHER}], "publisher": {"@type": "NewsMediaOrganization", "name": PUBLISHER}}
    title = f"{escape(HEADLINE)} – QW – 03/18/2026"
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title data-rh="true">{title}</title>
<link data-rh="true" rel="canonical" href="{url}">
<meta data-rh="true" name="description" content="{TEASER}"><meta data-rh="true" property="og:title" content="{title}">
<meta data-rh="true" property="og:site_name" content="{PUBLISHER}"><meta data-rh="true" property="og:image" content="{image}">
<script type="application/ld+json">{script_json(data)}</script></head>
"""


def shares(urls):
    """Addresses that carry the short link."""
    short = urls.short(SHORT).replace(":", "%3A").replace("/", "%2F")
    return (f"mailto:?body={short}%3Fmaca%3Den-EMail-sharing",
            f"https://share.example/post?u={short}%3Fmaca%3Den-post-sharing")


def article(urls):
    """Kicker, headline, relative time, lead picture, text with its credit line, permalink."""
    share, post = shares(urls)
    text = "\n".join(f"<h2>{one[3:]}</h2>" if one.startswith("## ") else f"<p>{escape(one)}</p>" for one in PARAGRAPHS)
    return f"""<article class="sc-kEjbQP fJBGgF"><header><div data-tracking-name="content-detail-kicker"><span class="kicker">
<a href="{urls.www(TOPIC)}">{KICKER}</a></span></div><h1 class="sc-jrsJWt">{HEADLINE} </h1>
<span class="publication"><time aria-hidden="true">56 minutes ago</time><span class="sr-only">56 minutes ago</span></span>
<p class="teaser-text">{TEASER}</p></header>
<section data-tracking-name="sharing-icons-inline"><a rel="nofollow" href="{share}">Mail</a><a href="{post}">Post</a>
<span>Permalink</span><span>{urls.short(SHORT)}</span></section>
<figure class="sc-cbTzjv"><img src="" alt=""><figcaption>{CAPTION}
<small class="copyright"><span class="sr-only">Image: </span>{CREDIT}</small></figcaption></figure>
<div class="sc-hlWvWH rich-text">{text}<p>ss/fb ({", ".join(AGENCIES)})</p></div></article>
"""


def blocks(urls):
    """The top story, the regions, the way home."""
    top = "".join(card(urls, one, "h2") for one in TOP)
    out = [f"""<section id="top-story-64426787" data-tracking-name="section-top-story"><a href="#post-top" class="quick-item">Skip next
 section Top story</a><h1>Top story</h1><span aria-live="polite">Page 1 of 2</span>{top}
<div role="button" data-tracking-name="show-more">Show more</div><div id="post-top"></div></section><h1>More stories from QW</h1>
"""]
    for name, (_, cards) in REGIONS.items():
        out.append(f"""<section data-tracking-name="section-high-priority-stories"><h2>{name}</h2>
{"".join(card(urls, one, "h3") for one in cards)}<a href="{urls.www(section_path(name))}">More from {name}</a></section>
""")
    return "".join(out) + f'<section data-tracking-name="go-to-homepage"><a href="{urls.www(HOME)}">Go to homepage</a></section>'


def note_links(page, urls):
    """What the page links to, for the truth."""
    for teaser in teasers():
        page.link(urls.www(teaser.path), "related", title=teaser.title, section=teaser.section)
    for name in REGIONS:
        page.link(urls.www(section_path(name)), "section", title=f"More from {name}")
    for where, kind in ((HOME, "home"), (TOPIC, "topic"), *((where, "legal") for where in LEGAL.values())):
        page.link(urls.www(where), kind)
    for href in shares(urls):
        page.link(href, "share")


def build(urls, picture):
    """The page of the story, whose picture is another one's, and the pages that it names."""
    menu = "".join(f'<li><a role="menuitem" href="{urls.www(section_path(name))}">{name}</a></li>' for name in REGIONS)
    legal = "".join(f'<a href="{urls.www(where)}">{name}</a>' for name, where in LEGAL.items())
    page = Page(urls.www(path()), "broadcaster")
    image = page.need(urls.static(assets.image_path(picture, "6")), "image", "meta")
    note_links(page, urls)
    page.html = (head(urls, image) + f'<body><header><nav><ul>{menu}</ul></nav></header><main>{article(urls)}{blocks(urls)}</main>'
                 f'<footer>{legal}</footer>{state(urls)}</body></html>')
    return [page] + [other_page(urls, one.path, one.title) for one in teasers()] \
        + [other_page(urls, section_path(name), name) for name in REGIONS]


def other_page(urls, where, title):
    """A story or section that the page links to, short."""
    page = Page(urls.www(where), "broadcaster")
    page.html = (f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)} – QW</title></head>'
                 f'<body><main><article><h1>{escape(title)}</h1><p>{escape(PARAGRAPHS[0])}</p></article></main></body></html>')
    return page
