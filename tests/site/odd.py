# SPDX-License-Identifier: MIT
"""Replies that are out of the ordinary, each under /odd/ on the main host and listed in the truth."""

import threading
from urllib.parse import parse_qs

from replies import HTML, Reply, encode, message, redirect

TEXT = "The printer's devil has been at work in this edition, and every line of it is one he set himself. " * 40
REDIRECTS = (301, 302, 303, 307, 308)
LANDING = "/odd/landing"
COOKIE = "desk=harbor; Path=/odd/cookie; Max-Age=86400; SameSite=Lax"
DEFAULT_PAUSE_MS = 150
MAX_PAUSE_MS = 10000


def html(title, head=""):
    """A page of a few kilobytes."""
    return f"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>{head}</head>" \
           f"<body><h1>{title}</h1><p>{TEXT}</p></body></html>\n".encode()


def page(title, **options):
    """A plain 200 with a page."""
    return Reply(200, [("Content-Type", HTML)], html(title), **options)


def tagged(request, reply):
    """Add an ETag; answer 304 when the client has that version."""
    tag = f'"{len(reply.body):x}-courier"'
    if request.headers.get("if-none-match") == tag:
        return Reply(304, [("ETag", tag)])
    reply.headers.append(("ETag", tag))
    return reply


def pause(request):
    """The pause a slow reply was asked for by ?ms=, bounded."""
    asked = parse_qs(request.query).get("ms", [""])[0]
    return min(int(asked), MAX_PAUSE_MS) if asked.isdigit() else DEFAULT_PAUSE_MS


class OddReplies:
    """Answers the paths under /odd/; some answers depend on how often a path was asked for."""

    def __init__(self, urls):
        self.urls = urls
        self.lock = threading.Lock()
        self.counts = {}
        hints = b"HTTP/1.1 103 Early Hints\r\nLink: </assets/icons.svg>; rel=preload; as=image\r\n\r\n"
        again = [("Retry-After", "1")]
        set_by = [("X-Set-By", "hand"), ("X-Lines", "41")]
        refresh = f"<meta http-equiv=\"refresh\" content=\"0; URL='{LANDING}'\">"
        # path -> (title, outcome, status, more facts for the truth, handler of request and title)
        self.table = {
            "/odd/gzip": ("gzip", "ok", 200, {}, lambda r, t: encode(page(t), r, "gzip")),
            "/odd/br": ("brotli", "ok", 200, {}, lambda r, t: encode(page(t), r, "br")),
            "/odd/gzip-chunked": ("gzip in chunks", "ok", 200, {}, lambda r, t: encode(
                page(t, framing="chunked", chunk_size=100), r, "gzip")),
            "/odd/chunked": ("chunked", "ok", 200, {}, lambda r, t: page(t, framing="chunked")),
            "/odd/chunked-ext": ("chunk extensions", "ok", 200, {}, lambda r, t: page(
                t, framing="chunked", chunk_ext=';desk="night"')),
            "/odd/trailers": ("trailers", "ok", 200, {}, lambda r, t: page(t, framing="chunked", trailers=set_by)),
            "/odd/close": ("ends with the connection", "ok", 200, {}, lambda r, t: page(t, framing="close")),
            "/odd/early-hints": ("103 before 200", "ok", 200, {"interim": 103},
                                 lambda r, t: page(t, interim=[hints])),
            "/odd/etag": ("ETag", "ok", 200, {}, lambda r, t: tagged(r, page(t))),
            "/odd/slow": ("slow", "ok", 200, {"pause_ms": DEFAULT_PAUSE_MS},
                          lambda r, t: page(t, pause_ms=pause(r))),
            "/odd/cut-length": ("cut short, with a length", "truncated", 200, {}, lambda r, t: page(t, cut=2000)),
            "/odd/cut-chunk": ("cut short inside a chunk", "truncated", 200, {},
                               lambda r, t: page(t, framing="chunked", cut=1500)),
            "/odd/404": ("not found", "status", 404, {}, lambda r, t: message(404, "There is no such page.")),
            "/odd/410": ("gone", "status", 410, {}, lambda r, t: message(410, "This page was taken down.")),
            "/odd/429": ("too many requests, then fine", "retry", 429, {"then": 200, "retry_after": 1},
                         lambda r, t: self.first(r, message(429, "Too many requests.", again), t)),
            "/odd/500": ("server error, then fine", "retry", 500, {"then": 200},
                         lambda r, t: self.first(r, message(500, "The press has jammed."), t)),
            "/odd/cookie": ("redirect that wants its cookie back", "redirect", 302,
                            {"location": urls.www("/odd/cookie"), "cookie": True, "then": 200}, self.cookie),
            "/odd/refresh": ("meta refresh", "ok", 200, {"refresh": urls.www(LANDING)},
                             lambda r, t: Reply(200, [("Content-Type", HTML)], html(t, refresh))),
            LANDING: ("landing", "ok", 200, {}, lambda r, t: page(t)),
        }
        for status in REDIRECTS:
            self.table[f"/odd/redirect-{status}"] = (
                f"redirect {status}", "redirect", status, {"location": urls.www(LANDING)},
                lambda r, t, status=status: redirect(status, LANDING))

    def first(self, request, failure, title):
        """`failure` for the first request of a path, a page from then on."""
        with self.lock:
            seen = self.counts[request.path] = self.counts.get(request.path, 0) + 1
        return failure if seen == 1 else page(title)

    @staticmethod
    def cookie(request, title):
        """Redirects to itself until the cookie comes back."""
        if "desk=harbor" in request.headers.get("cookie", ""):
            return page(title)
        return redirect(302, request.path, COOKIE)

    def answer(self, request):
        """The reply for a path under /odd/, or None."""
        entry = self.table.get(request.path)
        return entry[4](request, entry[0]) if entry else None

    def links(self):
        """(title, URL) of every odd reply, for the page that lists them."""
        return [(entry[0], self.urls.www(path)) for path, entry in self.table.items()]

    def truth(self):
        """The list for the truth: URL, expected outcome and status."""
        return [{"url": self.urls.www(path), "title": title, "outcome": outcome, "status": status, **facts}
                for path, (title, outcome, status, facts, _) in self.table.items()]
