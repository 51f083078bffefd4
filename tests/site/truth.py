# SPDX-License-Identifier: MIT
"""The ground truth: what every page is and names, and which pages each depth reaches."""

import assets
from images import FORMATS
from layout import FRONT
from listings import ODD, gone_paths
from site_pages import DISALLOWED
from stories import SEED
from walls import INDEX as WALLS


def story_entry(site, story):
    """The facts of one story; links and requisites are those of its first page."""
    pages = site.story_pages[story.key]
    first = pages[0]
    entry = {
        "key": story.key, "url": first.url, "kind": story.kind, "design": story.design, "headline": story.headline,
        "kicker": story.kicker, "location": story.location, "section": story.section, "teaser": story.teaser,
        "published": story.published, "modified": story.modified or story.published, "date_text": story.when,
        "authors": [story.authors] if story.authors else [], "credit_line": story.credit_line,
        "agencies": story.agencies, "word": story.word, "duration": story.duration, "reply": story.reply,
        "image": {"id": story.image, "url": site.urls.static(assets.image_path(story.image, "605")),
                  "caption": story.caption, "credit": story.photo_credit,
                  "formats": {code: site.urls.static(assets.image_path(story.image, code)) for code in FORMATS}},
        "short_link": {"url": site.urls.short(f"/p/{story.code}"), "code": story.code, "status": 301,
                       "location": first.url},
        "more_pages": [{"url": page.url, **page_entry(page)} for page in pages[1:]],
    }
    entry.update(page_entry(first))
    return entry


def page_entry(page):
    """Requisites and links of one document."""
    named = ("related", "inline", "pagination", "section")
    return {"requisites": list(page.needs.values()), "media": page.media, "computed": page.computed,
            **{kind: page.links_of(kind) for kind in named},
            "links": [entry for entry in page.links.values() if entry["kind"] not in named]}


def hop_of(site, url):
    """The address a story link redirects to, or None."""
    for role in ("www", "short"):
        prefix = site.urls.url(role, "")
        if url.startswith(prefix) and (role, url[len(prefix):]) in site.redirects:
            target = site.redirects[role, url[len(prefix):]][1]
            return target if "://" in target else site.urls.www(target)
    return None


def depths(site, deepest=3):
    """Per depth the story pages reached from the seed (cumulative), the redirects on the way, the dead links."""
    by_url = {pages[0].url: pages[0] for pages in site.story_pages.values()}
    gone = {site.urls.www(path) for path in gone_paths()}
    blocked = tuple(site.urls.www(path) for path in DISALLOWED)
    reached, hops, dead, refused = [site.story_pages[SEED][0].url], [], [], []
    result = {}
    front = list(reached)
    for depth in range(deepest + 1):
        result[str(depth)] = {"pages": list(reached), "hops": list(hops), "dead": list(dead), "refused": list(refused)}
        following = []
        for url in front:
            for entry in by_url[url].links_of("related"):
                link = entry["url"]
                if link.startswith(blocked):
                    refused += [link] * (link not in refused)
                    continue
                if link in gone:
                    dead += [link] * (link not in dead)
                    continue
                final = hop_of(site, link)
                if final and link not in hops:
                    hops.append(link)
                final = final or link
                if final not in reached:
                    reached.append(final)
                    following.append(final)
        front = following
    return result


def build(site):
    """The whole truth as one JSON value."""
    levels = depths(site)
    urls = site.urls
    redirects = [{"url": urls.url(role, path), "status": status,
                  "location": target if "://" in target else urls.url(role, target)}
                 for (role, path), (status, target) in site.redirects.items()]
    stories = {page.url for pages in site.story_pages.values() for page in pages}
    others = [{"url": page.url, "kind": page.kind, **page_entry(page)}
              for page in site.pages.values() if page.url not in stories]
    cookie = [site.story_pages[s.key][0].url for s in site.stories.values() if s.reply == "cookie"]
    return {
        "seed": site.story_pages[SEED][0].url,
        "seed_short": urls.short(f"/p/{site.stories[SEED].code}"),
        "front": urls.www(FRONT),
        "articles": [story_entry(site, story) for story in site.stories.values()],
        "depth": {key: level["pages"] for key, level in levels.items()},
        "depth_hops": {key: level["hops"] for key, level in levels.items()},
        "depth_dead": {key: level["dead"] for key, level in levels.items()},
        "depth_refused": {key: level["refused"] for key, level in levels.items()},
        "cookie_redirects": cookie,
        "redirects": redirects,
        "robots_disallowed": [url for url in site.pages if url.startswith(tuple(urls.www(p) for p in DISALLOWED))],
        "duplicates": [[urls.static("/brand/grain.png"), urls.static("/brand/grain-copy.png")]],
        "gone": [urls.www(path) for path in gone_paths()],
        "pages": others,
        "odd": site.odd.truth(),
        "odd_page": urls.www(ODD),
        "walls": site.walls.truth(),
        "walls_page": urls.www(WALLS),
        "discovery": {"robots": urls.www("/robots.txt"), "feed": urls.www("/en/feed.xml"),
                      "sitemap": urls.www("/sitemap.xml"), "news_sitemap": urls.www("/news-sitemap.xml")},
        "resources": [urls.url(role, path) for role, path in site.resources],
    }
