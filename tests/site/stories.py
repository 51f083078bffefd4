# SPDX-License-Identifier: MIT
"""The stories: one text file each in texts/ (fields, a blank line, the body), and what follows from the fields."""

import datetime
import os
from dataclasses import dataclass, field

TEXTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "texts")
NOW = datetime.datetime(2026, 3, 18, 10, 10, tzinfo=datetime.timezone.utc)
SEED = "pilots"

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

# key -> (name, id)
SECTIONS = {
    "port-varrow": ("Port Varrow", 70120001), "world": ("World", 70120002), "africa": ("Africa", 70120003),
    "asia": ("Asia", 70120004), "europe": ("Europe", 70120005), "americas": ("Americas", 70120006),
    "business": ("Business", 70120007), "climate": ("Climate", 70120008), "culture": ("Culture", 70120009),
    "sports": ("Sports", 70120010),
}
TOPICS = {"tide-barrier": ("Tide barrier", 70130001), "pilots-strike": ("Pilots' strike", 70130002),
          "island-ferries": ("Island ferries", 70130003)}

# subjects of the pictures of a gallery, in order
GALLERY = ("market", "ship", "skyline", "crane", "sail", "lighthouse")

# A story that was taken off the site: its address answers 410.
GONE = {"bandstand": ("/en/old-bandstand-to-be-moved-to-the-city-park/a-70114999",
                      "Old bandstand to be moved to the city park", "Culture", "March 1, 2026")}


def base62(number):
    """The code of the short link of a content number."""
    digits = ""
    while number:
        number, rest = divmod(number, 62)
        digits = BASE62[rest] + digits
    return digits


@dataclass
class Story:
    """One story; `blocks` is a list of (heading, [reference]) with the heading "Top story" or a region."""
    key: str
    id: int
    slug: str
    headline: str
    kicker: str
    location: str
    section: str
    published: str
    teaser: str
    subject: str
    caption: str
    photo_credit: str
    word: str
    kind: str = "a"
    modified: str = ""
    credit_line: str = ""
    authors: str = ""
    duration: str = ""
    design: str = "modern"
    reply: str = "gzip"
    old_slug: str = ""
    blocks: list = field(default_factory=list)
    body: list = field(default_factory=list)

    @property
    def path(self):
        """The address on the main host."""
        return f"/en/{self.slug}/{self.kind}-{self.id}"

    @property
    def old_path(self):
        """An earlier address that redirects here for good."""
        return f"/en/{self.old_slug}/{self.kind}-{self.id}"

    @property
    def image(self):
        """The number of the lead picture."""
        return self.id + 5

    @property
    def pictures(self):
        """(number, subject) of every picture of the story: the lead picture, and those of a gallery."""
        lead = [(self.image, self.subject)]
        if self.kind != "g":
            return lead
        return lead + [(self.id + 20 + i, subject) for i, subject in enumerate(GALLERY[:len(self.body)])]

    @property
    def code(self):
        """The code of the short link."""
        return base62(self.id)

    @property
    def agencies(self):
        """Names inside the brackets of the credit line."""
        inner = self.credit_line.partition("(")[2].rstrip(")")
        return [name.strip() for name in inner.split(",") if name.strip()]

    @property
    def when(self):
        """The date as the page shows it: relative within a day, else a long date."""
        then = datetime.datetime.fromisoformat(self.published.replace("Z", "+00:00"))
        minutes = int((NOW - then).total_seconds()) // 60
        if minutes < 60:
            return f"{minutes} minutes ago"
        if minutes < 24 * 60:
            return f"{minutes // 60} hours ago"
        return f"{then:%B} {then.day}, {then.year}"

    @property
    def pages(self):
        """The body split at the page break lines."""
        parts = [[]]
        for block in self.body:
            if block == "===":
                parts.append([])
            else:
                parts[-1].append(block)
        return parts


def _blocks(fields):
    """The related-story blocks from the fields `top` and `more`."""
    blocks = [("Top story", fields.pop("top").split())]
    for part in filter(None, fields.pop("more", "").split(";")):
        region, _, keys = part.partition("=")
        blocks.append((region.strip(), keys.split()))
    return blocks


def parse(key, text):
    """A Story from the text of its file."""
    head, _, body = text.partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    fields["id"] = int(fields["id"])
    blocks = _blocks(fields)
    return Story(key=key, blocks=blocks, body=[b.strip() for b in body.strip().split("\n\n")], **fields)


def load():
    """All stories by key, newest first."""
    found = {}
    for name in sorted(os.listdir(TEXTS)):
        key, extension = os.path.splitext(name)
        if extension == ".txt":
            with open(os.path.join(TEXTS, name), encoding="utf-8") as file:
                found[key] = parse(key, file.read())
    return dict(sorted(found.items(), key=lambda item: item[1].published, reverse=True))


_SUBJECTS = ("ferry", "gauge", "mooring", "pilot boat", "quay wall", "tug", "signal mast", "slipway")
_ACTIONS = ("gets a new coat of paint", "is measured again", "waits for spare parts", "opens to visitors",
            "moves to the northern basin", "passes its inspection", "is named after a resident")


def extra(count):
    """`count` simple stories for load tests as (path, headline, text); the same every time."""
    made = []
    for i in range(count):
        subject, action = _SUBJECTS[i % len(_SUBJECTS)], _ACTIONS[i // len(_SUBJECTS) % len(_ACTIONS)]
        headline = f"Report {i + 1}: {subject} of the harbor {action}"
        slug = headline.lower().replace(":", "").replace(" ", "-")
        text = " ".join(f"Note {n} of report {i + 1} says that the {subject} {action}, and that the harbor office "
                        f"was told on day {(i * 7 + n) % 365} of the year." for n in range(1, 41))
        made.append((f"/en/{slug}/a-{70500001 + i}", headline, text))
    return made
