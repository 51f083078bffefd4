# SPDX-License-Identifier: MIT
"""A page under construction: it notes every requisite and link it is given, so that the truth is what was written."""

import zlib
from html import escape

STRONG = ("related", "section", "pagination")


def cls(*names):
    """A class attribute that opens with a build hash, as bundlers make them."""
    return f'class="h{zlib.crc32(names[0].encode()) & 0xfffff:05x} {" ".join(names)}"'


class Page:
    """Collects what one HTML document names. `kind` is story, listing, legal, frame or odd."""

    def __init__(self, url, kind, formats=("602", "603", "605")):
        self.url = url
        self.kind = kind
        self.formats = formats
        self.needs = {}
        self.links = {}
        self.media = []
        self.computed = []
        self.html = ""

    def need(self, url, kind, how, via=None):
        """Note a requisite and return its URL for an attribute value."""
        entry = self.needs.setdefault(url, {"url": url, "kind": kind, "how": [], "via": via or self.url})
        if how not in entry["how"]:
            entry["how"].append(how)
        return escape(url)

    def link(self, url, kind, **info):
        """Note a link and return its URL for an attribute value.

        A URL counts once: as related, section or pagination if it is that anywhere, else as what it is first.
        """
        known = self.links.get(url)
        if url != self.url and (known is None or kind in STRONG and known["kind"] not in STRONG):
            self.links[url] = {"url": url, "kind": kind, **info}
        return escape(url)

    def links_of(self, kind):
        """The links of one kind, in page order."""
        return [{k: v for k, v in entry.items() if k != "kind"} for entry in self.links.values()
                if entry["kind"] == kind]

    def medium(self, url, kind):
        """Note a video or audio file or playlist; these are not requisites under the usual policy."""
        self.media.append({"url": url, "kind": kind})
        return escape(url)

    def compute(self, url):
        """Note an address that a script puts together at run time: nothing that is sent spells it."""
        self.computed.append(url)
