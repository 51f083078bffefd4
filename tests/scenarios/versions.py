#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""versions - what became of stories over the runs of a collection: their versions, what changed, which vanished

Seven stories are archived five times while the outlet edits, moves and removes them. What is told must be the same
from the collection, from its package, and from its bare WARC files.
"""
import glob
import json
import os
import pty
import subprocess
import sys

from scenario import FLONG, QUIET, Resource, Site, Work, begin, flong, read_json, same

STORIES = {
    'edited': '/news/storm-closes-the-harbour-bridge-7301845',
    'amp': '/amp/news/storm-closes-the-harbour-bridge-7301845',
    'gone': '/news/council-votes-on-the-new-ferry-line-7301846',
    'front': '/news/brewery-turns-into-a-school-at-last-7301847',
    'moved': '/news/old-lighthouse-gets-a-new-keeper-7301848',
    'soft': '/news/theatre-finds-a-lost-play-in-attic-7301850',
    'same': '/news/market-hall-opens-after-two-years-7301849',
}
FIRST = ('The harbour bridge was closed on Monday evening after a storm, the city said, and 12 people were hurt.',
         'Traffic was sent around the old town, which brought the ring road to a halt for hours.',
         'The mayor will speak on Tuesday about the damage and about what the repair will cost.')
SECOND = ('The harbour bridge was closed on Monday evening after a storm, the city said, and 14 people were hurt.',
          'The mayor will speak on Tuesday about the damage and about what the repair will cost.',
          'Schools stay closed until Wednesday because no bus can cross the river.')
NOT_FOUND = (b'<!doctype html><html lang="en"><head><title>Page not found</title><meta name="robots" content="noindex"></head>'
             b'<body><h1>Page not found</h1><p>The page that you are looking for does not exist.</p></body></html>')
DIFF = """\
headline
- Storm closes the bridge
+ Storm closes the bridge, 14 hurt

authors
- Ada Quill
+ Ada Quill; Ben Vane

text: 1 changed, 1 removed, 1 added of 4 paragraphs; 18 words out, 13 in

~ The harbour bridge was closed on Monday evening after a storm, the city said, and [-12-] {+14+} people were hurt.
- Traffic was sent around the old town, which brought the ring road to a halt for hours.
  (1 paragraph the same)
+ Schools stay closed until Wednesday because no bus can cross the river.
"""


def page(headline, paragraphs, canonical, authors=('Ada Quill',), amp=None):
    data = {'@context': 'https://schema.org', '@type': 'NewsArticle', 'headline': headline,
            'datePublished': '2026-03-18T08:00:00Z', 'author': [{'@type': 'Person', 'name': name} for name in authors]}
    more = '<link rel="amphtml" href="%s">' % amp if amp else ''
    text = ''.join('<p>%s</p>' % paragraph for paragraph in paragraphs)
    return ('<!doctype html><html lang="en"><head><title>%s - Courier</title><link rel="canonical" href="%s">%s'
            '<script type="application/ld+json">%s</script></head><body><article><h1>%s</h1>%s</article></body></html>'
            % (headline, canonical, more, json.dumps(data), headline, text)).encode()


class Outlet:
    """The stories on the site, and the runs over them."""

    def __init__(self, work, site):
        self.work, self.site, self.output = work, site, work('collection')
        self.urls = {name: site.pages.urls.www(path) for name, path in STORIES.items()}

    def put(self, name, headline, paragraphs, **more):
        canonical = self.urls['edited' if name == 'amp' else name]
        self.site.pages.resources['www', STORIES[name]] = Resource(
            'text/html', page(headline, paragraphs, canonical, **more))

    def take(self, name):
        del self.site.pages.resources['www', STORIES[name]]

    def run(self, expected, **urls):
        flong('crawl', *{**self.urls, **urls}.values(), '-o', self.output, '--depth', '0', *QUIET,
              *self.site.options()).expect(expected)
        return read_json(os.path.join(self.output, 'reports', 'report.json'))


def publish(outlet):
    """Five runs; the report of each."""
    outlet.put('edited', 'Storm closes the bridge', FIRST, amp=outlet.urls['amp'])
    outlet.put('amp', 'Storm closes the bridge', FIRST[:2])
    for name in ('gone', 'front', 'moved', 'soft', 'same'):
        outlet.put(name, 'The story of ' + name, FIRST)
    reports = [outlet.run(0), outlet.run(0)]
    outlet.put('edited', 'Storm closes the bridge, 14 hurt', SECOND, authors=('Ada Quill', 'Ben Vane'),
               amp=outlet.urls['amp'])
    outlet.put('same', 'The story of  same', [text.replace(' ', '\n') for text in FIRST])
    reports.append(outlet.run(0, edited=outlet.urls['edited'] + '?utm_source=feed'))
    for name in ('gone', 'front', 'moved'):
        outlet.take(name)
    outlet.site.pages.gone.add(STORIES['gone'])
    outlet.site.pages.redirects['www', STORIES['front']] = (301, '/')
    outlet.site.pages.redirects['www', STORIES['moved']] = (301, STORIES['same'])
    outlet.site.pages.resources['www', STORIES['soft']] = Resource('text/html', NOT_FOUND)
    reports += [outlet.run(8), outlet.run(8)]
    return reports


def lines(*arguments):
    return [json.loads(line) for line in flong(*arguments).expect(0).out.splitlines()]


def check_stories(outlet, *archive):
    expected = {'edited': [10, 3, False, 'there'], 'gone': [3, 1, True, 'missing'], 'front': [3, 1, True, 'front-page'],
                'soft': [3, 1, True, 'soft-404'], 'moved': [3, 1, False, 'moved'], 'same': [5, 1, False, 'there']}
    names = {url: name for name, url in outlet.urls.items()}
    names[outlet.urls['amp']] = 'edited'
    found = {}
    for story in lines('list', '--stories', '--json', *archive):
        name = names.get(story['url'].partition('?')[0], story['url'])
        if name in found:
            raise AssertionError('%s is listed twice' % name)
        found[name] = [story['captures'], story['versions'], story['vanished'], story['fate']]
    if found != expected:
        raise AssertionError('%s, expected %s' % (found, expected))


def check_versions(outlet, *archive):
    """Both addresses name the story; each has its own versions."""
    for asked in ('edited', 'amp'):
        found = lines('list', '--json', '--versions', outlet.urls[asked], *archive)
        told = [[row['headline'], row['captures'], '/amp/' in row['url']] for row in found]
        if sorted(told) != [['Storm closes the bridge', 2, False], ['Storm closes the bridge', 5, True],
                            ['Storm closes the bridge, 14 hurt', 3, False]]:
            raise AssertionError('%s: %s' % (asked, told))
        same([row['version'] for row in found], [1, 2, 3], 'numbers')
        same([row['first'] for row in found], sorted(row['first'] for row in found), 'times')


def check_vanished(outlet, *archive):
    rows = lines('list', '--json', '--versions', outlet.urls['gone'], *archive)
    facts = [rows[0]['captures'], rows[1]['vanished'], rows[1]['status'], rows[1]['since'] < rows[1]['checked']]
    if len(rows) != 2 or facts != [3, True, 410, True]:
        raise AssertionError(rows)
    text = flong('list', '--versions', outlet.urls['front'], *archive).expect(0).out
    if '  vanished since ' not in text or ': sent to the front page ' + outlet.site.pages.urls.www('/') not in text:
        raise AssertionError(text)
    text = flong('list', '--versions', outlet.urls['moved'], *archive).expect(0).out
    if 'vanished' in text or 'sent to another page ' + outlet.urls['same'] not in text:
        raise AssertionError(text)


def check_diff(outlet, archive):
    text = flong('diff', archive, outlet.urls['edited']).expect(0).out
    if not text.endswith('\n' + DIFF):
        raise AssertionError(text)
    whole = flong('diff', '--whole', archive, outlet.urls['edited']).expect(0).out
    if '  ' + SECOND[1] + '\n' not in whole or '(1 paragraph the same)' in whole:
        raise AssertionError(whole)
    found, = lines('diff', '--json', archive, outlet.urls['edited'])
    kinds = [paragraph['kind'] for paragraph in found['paragraphs']]
    same([(field['name'], field['before'], field['after']) for field in found['fields']],
         [('headline', 'Storm closes the bridge', 'Storm closes the bridge, 14 hurt'),
          ('authors', 'Ada Quill', 'Ada Quill; Ben Vane')], 'fields')
    if kinds != ['changed', 'removed', 'added'] or ['added', '14'] not in found['paragraphs'][0]['words'] or \
            [found['wordsRemoved'], found['wordsAdded'], found['rough']] != [18, 13, False]:
        raise AssertionError(found)


def numbers(outlet, *words):
    found, = lines('diff', '--json', outlet.output, outlet.urls['edited'], *words)
    return [found['before']['version'], found['after']['version']]


def check_choice(outlet):
    """Versions are chosen by number or by time; without a choice the last two of one address are taken."""
    rows = lines('list', '--json', '--versions', outlet.urls['edited'], outlet.output)
    last, = [row for row in rows if '14 hurt' in row['headline']]
    first, = [row for row in rows if row['captures'] == 2]
    pair = [first['version'], 3]
    expected = [((), pair), (('3', '1'), [3, 1]), (('2',), [2, 3]), (('1', last['first']), [1, 3]),
                (('1', last['first'][:4]), [1, 3]), ((first['first'], last['last'][:10].replace('-', '')), pair)]
    for words, pair in expected:
        if numbers(outlet, *words) != pair:
            raise AssertionError('%s gives %s, expected %s' % (words, numbers(outlet, *words), pair))
    for word, told in (('9', 'versions 1 to 3'), ('0', 'versions 1 to 3'), ('1999', 'captured first at'),
                       ('soon', 'neither')):
        refused = flong('diff', outlet.output, outlet.urls['edited'], word).expect(2)
        if told not in refused.err:
            raise AssertionError(refused)


def check_terminal(outlet):
    """Colors and broken lines are for terminals."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen([FLONG, 'diff', outlet.output, outlet.urls['edited']], stdout=theirs)
    os.close(theirs)
    shown = b''
    try:
        while part := os.read(ours, 65536):
            shown += part
    except OSError:
        pass    # the other end is closed
    os.close(ours)
    same([child.wait()], [0], 'exit code')
    if b'\x1b[31m12\x1b[m \x1b[32m14\x1b[m' not in shown or max(map(len, shown.split(b'\r\n'))) > 80 + 20:
        raise AssertionError(shown)


def check_nothing_to_say(outlet):
    only = flong('diff', outlet.output, outlet.urls['same']).expect(0).out
    if 'one version only, captured 5 times' not in only:
        raise AssertionError(only)
    same(lines('diff', '--json', outlet.output, outlet.urls['same']), [], 'one version')
    same([flong('diff', outlet.output, outlet.urls['same'], '1').expect(0).out.endswith('\nnothing changed\n')],
         [True], 'the same')
    for command in (('diff', outlet.output, outlet.urls['same'] + '0'),
                    ('list', outlet.output, '--versions', outlet.urls['same'] + '0')):
        if 'has no capture of the story' not in flong(*command).expect(1).err:
            raise AssertionError(command)
    flong('diff', outlet.output).expect(2)
    flong('diff', outlet.output, 'nowhere').expect(2)
    flong('list', outlet.output, '--stories', '--versions', outlet.urls['same']).expect(2)


def check_reports(outlet, reports):
    """A run tells of the stories that it found gone, and not of those that were gone before."""
    counts = [report['storiesVanished'] for report in reports]
    if counts != [0, 0, 0, 3, 0]:
        raise AssertionError(counts)
    same({row['url']: row['reason'] for row in reports[3]['vanished']}.items(),
         {outlet.urls['gone']: 'status 410', outlet.urls['front']: 'sent to the front page',
          outlet.urls['soft']: 'a page that says it is not there'}.items(), 'vanished')


def main():
    tap = begin()
    with Work() as work, Site(work('site'), 'http') as site:
        outlet = Outlet(work, site)
        reports = publish(outlet)
        package = work('all.wacz')
        flong('pack', outlet.output, '-o', package).expect(0)
        warcs = sorted(glob.glob(os.path.join(outlet.output, 'archive', '*.warc.gz')))
        for name, archive in (('collection', [outlet.output]), ('package', [package]), ('WARC files', warcs)):
            tap.run(name + ': stories', check_stories, outlet, *archive)
            tap.run(name + ': versions', check_versions, outlet, *archive)
            tap.run(name + ': what vanished', check_vanished, outlet, *archive)
        tap.run('what changed', check_diff, outlet, outlet.output)
        tap.run('what changed, from the package', check_diff, outlet, package)
        tap.run('versions are chosen by number or time', check_choice, outlet)
        tap.run('colors are for terminals', check_terminal, outlet)
        tap.run('one version, or none', check_nothing_to_say, outlet)
        tap.run('reports of the runs', check_reports, outlet, reports)
    tap.end()


sys.exit(main())
