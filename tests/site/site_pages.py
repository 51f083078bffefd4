# SPDX-License-Identifier: MIT
"""The whole site: every address of every host and what it answers."""

import functools
import threading

import assets
import broadcaster
import images
import listings
import numbers_page as numbers
from article import ArticlePages
from classic import ClassicPages, gazette_pages
from layout import FRONT, LEGAL, NAME, script_json
from odd import OddReplies, tagged
from page import Page
from replies import HTML, Reply, encode, message, redirect
from stories import SEED, extra, load
from walls import WallReplies

DISALLOWED = ("/en/embargoed-", "/en/internal/")
STORY_COOKIE = "edition=morning; Path=/; Max-Age=86400; SameSite=Lax"
HINTS = "HTTP/1.1 103 Early Hints\r\nLink: <{}>; rel=preload; as=style\r\n\r\n"


class Resource:
    """Something with an address: its type, its bytes (made on first use), the style of its reply."""

    def __init__(self, content_type, make, style="gzip"):
        self.content_type = content_type
        self.style = style
        self.make = make if callable(make) else None
        self.data = None if callable(make) else make
        self.lock = threading.Lock()

    def body(self):
        """The bytes; made once, also when many ask at the same time."""
        with self.lock:
            if self.data is None:
                self.data = self.make()
            return self.data


class Site:
    """Builds all pages for a set of URLs and answers requests."""

    def __init__(self, urls, extra_stories=0):
        self.urls = urls
        self.stories = load()
        self.odd = OddReplies(urls)
        self.walls = WallReplies(urls)
        self.extras = extra(extra_stories)
        self.resources = {}
        self.redirects = {}
        self.pages = {}
        self.story_pages = {}
        self.gone = set(listings.gone_paths())
        self.add_stories()
        self.add_listings()
        self.add_assets()

    def add_page(self, role, page, style="gzip"):
        """Give a page its address."""
        path = page.url.partition(self.urls.authority(role))[2]
        self.resources[role, path] = Resource(HTML, page.html.encode(), style)
        self.pages[page.url] = page

    def add_stories(self):
        """Story pages, their AMP versions, old addresses and short links."""
        modern, classic = ArticlePages(self.urls, self.stories), ClassicPages(self.urls, self.stories)
        lists = listings.ListingPages(self.urls, self.stories)
        for story in self.stories.values():
            pages = (classic if story.design == "classic" else modern).build(story)
            self.story_pages[story.key] = pages
            for page in pages:
                self.add_page("www", page, story.reply)
            self.add_page("www", lists.amp(story))
            self.resources["www", f"/api/shares/{story.code}.json"] = Resource(
                "application/json", script_json({"code": story.code, "shares": story.id % 997}).encode())
            self.redirects["short", f"/p/{story.code}"] = (301, self.urls.www(story.path))
            if story.old_slug:
                self.redirects["www", story.old_path] = (301, story.path)
            for path, data in assets.video_files(story.id).items() if story.kind == "video" else ():
                self.resources["static", path] = Resource(assets.content_type(path), data, "plain")

    def add_listings(self):
        """Front page, sections and the like; the pages of the other publisher; the reports for load tests."""
        for page in listings.ListingPages(self.urls, self.stories).build(self.odd.links(), self.extras):
            self.add_page("www", page)
        self.add_page("www", numbers.build(self.urls))
        for page in broadcaster.build(self.urls, self.stories[SEED].image):
            self.add_page("www", page)
        self.redirects["short", broadcaster.SHORT] = (301, self.urls.www(broadcaster.path()))
        for page in gazette_pages(self.urls):
            self.add_page("other", page, "plain")
        for path, headline, text in self.extras:
            page = Page(self.urls.www(path), "report")
            home = page.link(self.urls.www(FRONT), "home")
            page.html = ("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
                         f"<title>{headline}</title></head><body><h1>{headline}</h1>"
                         f"<p>{text}</p><a href=\"{home}\">{NAME}</a></body></html>\n")
            self.add_page("www", page, "plain")
        self.redirects["www", "/"] = (302, FRONT)
        self.redirects["www", "/en"] = (302, FRONT)
        self.redirects["short", "/"] = (302, self.urls.www(FRONT))
        for key, path in LEGAL.items():
            self.redirects["www", f"/{key}"] = (308, path)

    def add_assets(self):
        """Style sheets, scripts, pictures, feeds, robots.txt, the manifest."""
        urls = self.urls
        for (role, path), name in assets.FILES.items():
            style = "br" if path.endswith(".css") else "gzip"
            make = functools.partial(assets.read, name)
            self.resources[role, path] = Resource(assets.content_type(path), make, style)
        for (role, path), make in assets.MADE.items():
            self.resources[role, path] = Resource(assets.content_type(path), make, "etag")
        for story in self.stories.values():
            for number, subject in story.pictures:
                for code, width in images.FORMATS.items():
                    self.resources["static", assets.image_path(number, code)] = Resource(
                        "image/jpeg", functools.partial(images.photo, number, subject, width), "etag")
        manifest = {"name": NAME, "short_name": "Courier", "start_url": FRONT, "display": "browser", "icons": [
            {"src": urls.static(f"/brand/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
            for size in (192, 512)]}
        xml = "application/xml; charset=utf-8"
        for path, kind, text in (
                ("/manifest.webmanifest", "application/manifest+json", script_json(manifest)),
                ("/en/feed.xml", "application/rss+xml; charset=utf-8", listings.feed(urls, self.stories)),
                ("/news-sitemap.xml", xml, listings.news_sitemap(urls, self.stories)),
                ("/sitemap.xml", xml, listings.sitemap_index(urls)),
                ("/robots.txt", "text/plain; charset=utf-8", listings.robots(urls, DISALLOWED))):
            self.resources["www", path] = Resource(kind, text.encode())

    def answer(self, request):
        """The reply to a request: exact target first, then the path without its query."""
        for path in (request.target, request.path):
            if (request.role, path) in self.redirects:
                return redirect(*self.redirects[request.role, path])
            if (request.role, path) in self.resources:
                return self.deliver(request, self.resources[request.role, path])
        if request.role == "www" and request.path in self.gone:
            return message(410, "This story was taken down.")
        reply = (self.odd.answer(request) or self.walls.answer(request)) if request.role == "www" else None
        return reply or message(404, "There is no such page.")

    def deliver(self, request, resource):
        """The 200 for a resource, in its style."""
        reply = Reply(200, [("Content-Type", resource.content_type)], resource.body())
        if request.role == "static":
            reply.headers.append(("Access-Control-Allow-Origin", "*"))
        style = resource.style
        if style in ("gzip", "br"):
            return encode(reply, request, style)
        if style == "etag":
            return tagged(request, reply)
        if style == "cookie" and "edition=morning" not in request.headers.get("cookie", ""):
            return redirect(302, request.target, STORY_COOKIE)
        if style == "early-hints":
            reply.interim = [HINTS.format(self.urls.static("/css/main.css")).encode()]
        if style == "slow":
            reply.pause_ms = 100
        if style in ("chunked", "chunked-ext", "trailers", "gzip-chunked"):
            reply.framing = "chunked"
        if style == "chunked-ext":
            reply.chunk_ext = ";desk=night;page=1"
        if style == "trailers":
            reply.trailers = [("X-Set-By", "hand"), ("X-Words", str(len(resource.body().split())))]
        return encode(reply, request, "gzip") if style == "gzip-chunked" else reply
