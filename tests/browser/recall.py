#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""recall - what Chromium asks for when it shows a page, against what flong captured for that page

Every page with a story, and one of each other kind, is opened in Chromium with scripts on (visits.mjs).
The server's log says what was asked for, whoever in the browser did it. A crawl of that page alone
has to have captured all of it but what the truth calls computed, and that has to be missing: a list
that is too long would hide a loss.
"""
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'scenarios'))
from scenario import Archive, Site, Work, begin, crawl  # noqa: E402

# Screens that --images shown is made for: (width, height, device pixels a CSS pixel).
SCREENS = {'laptop': (1440, 900, 1), 'laptop2x': (1440, 900, 2), 'phone': (360, 740, 2)}
EVERYTHING = ('--images', 'all', '--media', 'all')
DIFFERENCES_SHOWN = 20


class Page:
    """A page of the site: what the truth says, and how often its kind is looked at."""

    def __init__(self, entry, number):
        self.url, self.name = entry['url'], 'page%d' % number
        self.kind = ' '.join(filter(None, (entry.get('design'), entry.get('kind'))))
        self.computed = set(entry['computed'])
        self.media = {item['url'] for item in entry['media']}
        self.hows = {item['url']: '%s in %s' % (' and '.join(item['how']), item['via'])
                     for item in entry['requisites'] + [{**item, 'how': ['media'], 'via': entry['url']}
                                                        for item in entry['media']]}
        self.is_first_of_kind = False

    def explain(self, url):
        return '%s (%s)' % (url, self.hows.get(url, 'not in the truth'))


def pages_of(truth):
    """All stories with their further pages, and the first page of each other kind."""
    stories = [{**story, **part} for story in truth['articles'] for part in [{}, *story['more_pages']]]
    others = list({entry['kind']: entry for entry in reversed(truth['pages'])}.values())
    pages = [Page(entry, number) for number, entry in enumerate(stories + others)]
    for page in {page.kind: page for page in reversed(pages)}.values():
        page.is_first_of_kind = True
    return pages


def visit_all(work, site, pages):
    """Name of the visit -> the URLs that Chromium asked for; also of those who do not answer."""
    visits = [{'name': '%s-%s' % (page.name, screen), 'url': page.url, 'width': width, 'height': height, 'scale': scale}
              for page in pages for screen, (width, height, scale) in SCREENS.items()
              if screen == 'laptop' or page.is_first_of_kind]
    with open(work('visits.json'), 'w', encoding='utf-8') as file:
        json.dump({'rules': site.facts['chromium_rules'], 'visits': visits}, file)
    done = subprocess.run(['node', os.path.join(HERE, 'visits.mjs'), work('visits.json')],
                          stdout=subprocess.PIPE, check=True)
    return {name: {url.partition('#')[0] for url in urls if url.startswith('http')}
            for name, urls in json.loads(done.stdout).items()}


def add_wire(site, asked):
    """Adds what the log has to the requests of each visit: icons and service workers are the browser's own. Tells
    how many it had that no page reported."""
    reported = sum(map(len, asked.values()))
    for exchange in site.wire():
        name = re.search(rb'(?im)^user-agent: *Visit/(\S+)', exchange.request)
        if name:
            asked[name[1].decode()].add(exchange.url)
    return sum(map(len, asked.values())) - reported


def capture(work, site, page, *options):
    """The URLs that a crawl of this page alone captured."""
    folder = work('-'.join(['crawl', page.name, *options]))
    crawl(site, folder, '--depth', '0', '--scope', 'page', *options, seed=page.url).expect(0)
    return {exchange.url for exchange in Archive(folder).exchanges}


def capture_all(work, site, pages):
    """(name of the page, options) -> what was captured."""
    found = {}
    for page in pages:
        found[page.name, 'everything'] = capture(work, site, page, *EVERYTHING)
        if page.is_first_of_kind:
            found[page.name, 'default'] = capture(work, site, page)
            found[page.name, 'shown'] = capture(work, site, page, '--images', 'shown', '--media', 'all')
    return found


def differences(page, asked, captured):
    """One line for each request that is missing, or is not although only scripts know it."""
    missed = asked - captured
    return (['lost: ' + page.explain(url) for url in sorted(missed - page.computed)]
            + ['computed as the truth says, yet not asked for or captured all the same: ' + url
               for url in sorted(page.computed - missed)])


def comparisons(page, asked, captured):
    """(claim, what Chromium asked for, what flong captured) of one page."""
    laptop = asked[page.name + '-laptop']
    yield '%s: %s' % (page.kind, page.url), laptop, captured[page.name, 'everything']
    if page.is_first_of_kind:
        # Without --media all the files of films and sounds may be missing, and nothing else.
        yield page.kind + ' without --media all', laptop - page.media, captured[page.name, 'default']
        for screen in SCREENS:
            yield ('%s with --images shown: %s' % (page.kind, screen), asked['%s-%s' % (page.name, screen)],
                   captured[page.name, 'shown'])


class Recall:
    """Counts over all comparisons."""

    def __init__(self):
        self.asked, self.captured, self.computed = 0, 0, set()

    def add(self, page, asked, captured):
        self.asked += len(asked)
        self.captured += len(asked & captured)
        self.computed |= (asked - captured) & page.computed

    def say(self, tap):
        tap.note('recall: %d of %d requests, %.2f %%' % (self.captured, self.asked, 100 * self.captured / self.asked))
        tap.note('what only scripts know: %d addresses' % len(self.computed))
        for url in sorted(self.computed):
            tap.note('  ' + url)


def main():
    tap = begin()
    with Work() as work, Site(work('site')) as site:
        pages = pages_of(site.truth)
        asked = visit_all(work, site, pages)
        captured = capture_all(work, site, pages)
        own = add_wire(site, asked)
        tap.say(own >= len(pages), "the log has the browser's own requests, by the name of the visit", own)
    recall = Recall()
    for page in pages:
        recall.add(page, asked[page.name + '-laptop'], captured[page.name, 'everything'])
        for claim, wanted, there in comparisons(page, asked, captured):
            found = differences(page, wanted, there)
            tap.say(not found, claim, *found[:DIFFERENCES_SHOWN])
    recall.say(tap)
    tap.end()


if __name__ == '__main__':
    sys.exit(main())
