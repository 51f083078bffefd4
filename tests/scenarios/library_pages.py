#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""library_pages - the pages of flong serve about an archive: stories, calendar, connections, versions, changes, records,
errors; over two collections at once

One collection is crawled twice while a story is edited; the other is made by hand, with 300 stories.
"""
import html.parser
import re
import sys
from urllib.parse import quote

from scenario import Archive, FLONG, Flong, Work, begin, same
from changing_site import ChangingSite
from library_archives import make_big, make_paper, make_parts
from made_archive import MadeArchive
import serving


def insist(fine, what):
    if not fine:
        raise AssertionError(what)


class Page(html.parser.HTMLParser):
    """A page as its elements: every tag is closed, ids are used once, links are kept."""

    EMPTY = {'meta', 'link', 'img', 'br', 'input'}

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.links, self.text, self.tags = [], [], [], [], []
        self.feed(text)
        self.close()
        insist(self.open == [], 'not closed: %s' % self.open)
        same(sorted(set(self.ids)), sorted(self.ids), 'ids')

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if 'id' in attributes:
            self.ids.append(attributes['id'])
        if tag == 'a':
            self.links.append(attributes['href'])
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        insist(self.open and self.open[-1] == tag, '</%s> where %s is open' % (tag, self.open[-3:]))
        self.open.pop()

    def handle_data(self, data):
        self.text.append(data)

    def says(self, text):
        return text in ' '.join(''.join(self.text).split())


class Library:
    def __init__(self, server, site, big):
        self.server, self.site, self.big = server, site, big

    def page(self, target, status=200):
        found, fields, body = self.server.get(target)
        insist(found == status, '%s: %s' % (target, found))
        insist(fields['content-type'] == 'text/html; charset=utf-8', target)
        return Page(body.decode())

    def about(self, name, number=1):
        return self.page('/paper/%s?url=%s' % (name, quote(self.site.story_url(number), '')))


def check_stories(library):
    page = library.page('/paper/')
    insist(page.says('changed once'), 'the edited story')
    insist(page.says('complete'), 'completeness')
    insist(page.says('2 times'), 'the number of captures')
    first, last = library.page('/big/'), library.page('/big/?page=5')
    insist(first.says('Page 1 of 5') and first.says('Older stories'), 'the first page')
    insist(last.says('Newer stories') and not last.says('Older stories'), 'the last page')
    stories = [target for number in range(1, 6) for target in library.page('/big/?page=%d' % number).links
               if re.match(r'/big/\d{14}/https://big', target)]
    same(sorted({target.split('/', 3)[3] for target in stories}), sorted(library.big), 'stories')


def check_both(library):
    page = library.page('/')
    insist(page.says('All 300 stories') and page.says('7 stories'), 'both collections')
    insist(library.page('/search?q=Story').says('300 stories found'), 'a search over both')


def check_calendar(library):
    page = library.page('/big/calendar')
    days = [target for target in page.links if '/big/calendar?day=' in target]
    same(sorted(days), ['/big/calendar?day=2026%02d%02d' % (month, day) for month in (6, 7, 8) for day in range(1, 29)],
         'days')
    day = library.page('/big/calendar?day=20260701')
    wanted = [url for number, url in enumerate(library.big) if number % 3 == 1 and number % 28 == 0]
    same([target.split('/', 3)[3] for target in day.links if '/https://' in target], wanted, 'stories of a day')
    # 1 July 2026 was a Wednesday: two empty cells stand before it.
    text = library.server.get('/big/calendar')[2].decode()
    insist(re.search(r'July 2026</caption>.*?<tbody>\s*<tr><td></td><td></td><td class="some"><a href="[^"]*20260701"', text,
                     re.S), 'where July begins')


def check_captures(library):
    page = library.page('/paper/*/' + library.site.story_url(1))
    insist(page.says('2 captures'), 'how many')
    days = [target for target in page.links if '&day=' in target]
    insist(len(days) in (1, 2), 'days: %s' % days)
    rows = [target for day in days for target in library.page(day).links if '/record?' in target]
    same([len(set(rows))], [2], 'records')


def check_connections(library):
    page = library.page('/big/graph')
    insist(page.says('300 stories'), 'how many')
    stories = [target.split('/', 3)[3] for target in page.links if re.match(r'/big/\d{14}/', target)]
    same(sorted(stories), sorted(library.big), 'all of them, once')
    lists = [tag for tag, _ in page.tags if tag == 'ul']
    same([len(lists)], [22], 'the tree, and the lists under the seed and its twenty')
    one = library.page('/big/links?url=' + quote(library.big[1], ''))
    insist(one.says('Told elsewhere not in this archive') and one.says('slug +2'), 'what it leads to')
    insist(any(target.endswith(library.big[0]) for target in one.links), 'what leads to it')
    library.page('/big/links?url=https://no.example/', 404)
    library.page('/big/links', 400)


def check_versions(library):
    page = library.about('versions')
    compare = [target for target in page.links if '/diff?' in target]
    same([len(compare)], [1], 'what can be compared')
    diff = library.page(compare[0])
    insist(diff.says('removed: on Monday') or diff.says('removed: '), 'what was taken out')
    insist(diff.says('went back to work'), 'what was put in')
    whole = [target for target in diff.links if 'whole=1' in target]
    insist(library.page(whole[0]).says('Only what changed'), 'the whole text')
    insist(library.about('versions', 2).says('one version only'), 'a story that stayed as it was')
    library.page('/paper/versions?url=https://no.example/', 404)
    for bad in ('a=x&b=y', 'a=2026&b=2026', ''):
        status = library.server.get('/paper/diff?url=https://no.example/&' + bad)[0]
        insist(status in (400, 404), '%s: %s' % (bad, status))


def check_record(library):
    link = [target for target in library.page('/paper/*/' + library.site.story_url(1)).links if '/record?' in target][0]
    page = library.page(link)
    for text in ('response', 'Block', 'Payload', 'Verified', '127.0.0.1', 'http/1.1', 'HTTP/1.1 200 OK', 'complete'):
        insist(page.says(text), text)
    insist(page.says('Belongs to it: request record'), 'the request')
    insist(page.says('Belongs to it: metadata record'), 'the metadata')
    insist(page.says('needed') and any(target.endswith('/style.css') for target in page.links), 'links')
    library.page('/paper/record?offset=1&file=none', 404)
    library.page('/paper/record?file=none', 400)


def check_damage(work):
    """A byte of a stored body is another one: the page of the record says so."""
    made = MadeArchive(work('damaged'), FLONG)
    made.record('response', 'https://d.example/', made.moment(), 'application/http;msgtype=response',
                b'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody',
                'WARC-Payload-Digest: sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'WARC-Block-Digest: md17:x')
    made.write()
    server = serving.Server(Flong, work('damaged'))
    body = server.get('/damaged/record?offset=0&file=made.warc')[2]
    insist(b'Damaged' in body and b'of a kind that is not known' in body, body[-900:])
    insist(b'there is one version' in server.get('/damaged/versions?url=https://d.example/')[2].lower(), 'by its bytes')
    server.end().expect(0)


def check_missing_parts(work):
    url = make_parts(FLONG, work('parts'))
    server = serving.Server(Flong, work('parts'))
    insist(b'1 of 3 parts missing' in server.get('/parts/')[2], 'on the front page')
    insist(b'1 of 3 parts missing' in server.get('/parts/' + url)[2], 'in the bar')
    record = Page(server.get('/parts/record?offset=0&file=made.warc')[2].decode())
    insist(record.says('lost.pngneededimg/srcmissing'), 'the part that is missing')
    insist(record.says('gone.pngneededimg/srcan error of the server'), 'the part that was refused')
    insist(record.says('film.mp4neededsource/srcno'), 'the film that was not asked for')
    server.end().expect(0)


def check_errors(library):
    for target in ('/none', '/none/', '/paper/none', '/paper/https://no.example/', '/-x/y'):
        insist(library.page(target, 404).says('flong'), target)
    insist(library.page('/paper/https://no.example/<b>', 404).says('<b>'), 'escaped')


def main():
    tap = begin()
    with Work() as work, ChangingSite() as site:
        make_paper(FLONG, work('paper'), site)
        insist(len(Archive(work('paper')).exchanges) > 10, 'no archive')
        library = Library(None, site, make_big(FLONG, work('big')))
        library.server = serving.Server(Flong, work('paper'), work('big'))
        tap.run('stories, page by page', check_stories, library)
        tap.run('two collections', check_both, library)
        tap.run('the calendar of a collection', check_calendar, library)
        tap.run('captures of one address', check_captures, library)
        tap.run('which story led to which', check_connections, library)
        tap.run('versions and what changed', check_versions, library)
        tap.run('a record', check_record, library)
        tap.run('errors are pages', check_errors, library)
        library.server.end().expect(0)
        tap.run('a record that is damaged', check_damage, work)
        tap.run('parts that are missing', check_missing_parts, work)
    tap.end()


sys.exit(main())
