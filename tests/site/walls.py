# SPDX-License-Identifier: MIT
"""What comes in the place of a story: checks, walls, missing pages that do not say so, nothing. Under /walls/ on the
main host, each listed in the truth with its class."""

from urllib.parse import quote

from replies import HTML, Reply, redirect

FRONT = "/de/"
INDEX = "/walls/index-of-what-came-instead"
STORY = "The harbor office counted every boat of the bay on Monday, and found one more than in spring. "
NOINDEX = '<meta name="robots" content="noindex, nofollow">'
NOT_FREE = ('<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Boats of the bay are counted", '
            '"isAccessibleForFree": false, "wordCount": WORDS}</script>')


def document(title, body, head="", lang="en"):
    """A short HTML document."""
    return (f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
            f"<body>{body}</body></html>\n").encode()


def page(body, status=200, **fields):
    """A reply with an HTML document."""
    return Reply(status, [("Content-Type", HTML), *((name.replace("_", "-"), value) for name, value in fields.items())],
                 body)


CHECK = document("Just a moment...", '<noscript>Enable JavaScript and cookies to continue</noscript><form '
                 'class="captcha" action="/walls/check"></form>', NOINDEX)
BLOCKED = document("Access denied", "<h1>Access denied</h1><p>You do not have permission to see this page. "
                   "Reference #18.2d351ab8.1557333295.a4e16ab</p>")
CONSENT = document("Bevor Sie fortfahren", '<div class="consent-box"><h1>Bevor Sie fortfahren</h1><p>Wir verwenden '
                   'Cookies.</p><button>Alle ablehnen</button><button>Zustimmen</button></div>'
                   '<p><a href="/en/boats-of-the-bay-are-counted-again/a-70900099">Boats are counted again</a></p>',
                   lang="de")
LOGIN = document("Sign in", '<h1>Sign in to read on</h1><form><input name="mail"><input type="password"></form>', NOINDEX)
TEASER = document("Boats of the bay are counted", '<article><h1>Boats of the bay are counted</h1>'
                  f'<p>{STORY * 2} …</p></article><div class="paywall"><p>Subscribe to the Courier to read on.</p>'
                  '<a href="/en/newsletter">Offers</a></div>', NOT_FREE.replace("WORDS", "900"))
WHOLE = document("Boats of the bay are counted", '<article><h1>Boats of the bay are counted</h1>'
                 f'<p>{STORY * 3}</p><p>{STORY * 3}</p></article>', NOT_FREE.replace("WORDS", "100"))
MISSING = document("Pagina niet gevonden", "<h1>Pagina niet gevonden</h1><p>Deze pagina bestaat niet (meer).</p>",
                   NOINDEX, "nl")
HOME = document("Der Hafenkurier", '<main><h2><a href="/en/boats-of-the-bay-are-counted-again/a-70900099">Boats of the bay '
                'are counted again</a></h2></main>', '<link rel="canonical" href="/de/">', "de")
SHELL = document("The Harbour Courier", '<div id="app"></div><script src="/assets/app-of-a-shell.js"></script>')


class WallReplies:
    """Answers the paths under /walls/."""

    def __init__(self, urls):
        self.urls = urls
        back = quote(urls.www("/walls/boats-behind-consent/a-70900003"), safe="")
        # path -> (class, status of the page, where it ends, reply)
        self.table = {
            "/walls/boats-behind-a-check/a-70900001": ("challenge", 403, None, page(CHECK, 403, cf_mitigated="challenge")),
            "/walls/boats-behind-a-block/a-70900002": ("challenge", 403, None, page(BLOCKED, 403)),
            "/walls/boats-behind-a-captcha/a-70900007": ("challenge", 200, None, page(CHECK)),
            "/walls/boats-behind-consent/a-70900003": (
                "consent-wall", 200, f"/walls/zustimmung?zurueck={back}", redirect(302, f"/walls/zustimmung?zurueck={back}")),
            "/walls/boats-behind-a-login/a-70900004": (
                "login-wall", 200, "/walls/login?next=/walls/boats-behind-a-login/a-70900004",
                redirect(302, "/walls/login?next=/walls/boats-behind-a-login/a-70900004")),
            "/walls/boats-behind-a-paywall/a-70900005": ("paywall", 200, None, page(TEASER)),
            "/walls/boats-that-are-not-there/a-70900006": ("soft-404", 200, None, page(MISSING)),
            "/walls/boats-that-lead-to-the-front/a-70900008": ("soft-404", 200, FRONT, redirect(301, FRONT)),
            "/walls/boats-that-are-nothing/a-70900009": ("empty", 200, None, page(b"")),
            "/walls/boats-in-a-shell/a-70900010": ("needs-scripts", 200, None, page(SHELL)),
            "/walls/boats-to-be-paid-for/a-70900011": ("article", 200, None, page(WHOLE)),
        }
        self.ends = {"/walls/zustimmung": page(CONSENT), "/walls/login": page(LOGIN), FRONT: page(HOME)}

    def answer(self, request):
        """The reply for a path under /walls/, or None."""
        if request.path == INDEX:
            return page(self.index())
        entry = self.table.get(request.path)
        return entry[3] if entry else self.ends.get(request.path)

    def index(self):
        """The page that names them all, with a text of its own."""
        items = "".join(f'<li><a href="{path}">{path.split("/")[2].replace("-", " ").capitalize()}</a></li>'
                        for path in self.table)
        return document("What came instead", f"<h1>What came instead</h1><p>{STORY * 6}</p><ul>{items}</ul>")

    def truth(self):
        """The list for the truth: what was asked for, where it ended, its class and status."""
        return [{"url": self.urls.www(path), "class": kind, "status": status, "end": self.urls.www(end or path)}
                for path, (kind, status, end, _) in self.table.items()]
