#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""truth_crawl - crawls of the fictional site at depth 0, 1 and 2 against what the site says of itself

Nothing is fetched that the truth does not name, and what it names for a depth is there: pages, what
they need, redirects, the short link, what is gone and what robots.txt refuses.
"""
import re
import sys

from scenario import Archive, Site, Work, begin, crawl, same, within

# Ways to name a picture of which a screen picks one: not all of them belong to a page deep in the crawl.
CHOICES = {'srcset', 'state', 'preload'}


class Expected:
    """What the truth says about a crawl to one depth."""

    def __init__(self, truth, depth):
        self.truth = truth
        self.stories = {story['url']: story for story in truth['articles']}
        level = str(depth)
        self.pages = truth['depth'][level]
        self.seed = truth['seed']
        # The links of the deepest pages are not followed.
        self.hops, self.dead, self.refused = (truth[key][level] for key in ('depth_hops', 'depth_dead', 'depth_refused'))
        self.cookies = [url for url in truth['cookie_redirects'] if url in self.pages]

    def needed(self, images='auto'):
        """(URLs that must be there, groups of which one must be): all of pages that --images takes all of, of others
        what any screen loads and one choice of each picture."""
        must, one_of = set(), {}
        for page in self.pages:
            takes_all = images == 'all' or (images == 'auto' and page == self.seed)
            for need in self.stories[page]['requisites']:
                if takes_all or not set(need['how']) <= CHOICES:
                    must.add(need['url'])
                else:
                    one_of.setdefault((page, re.sub(r'_\d+\.jpg$', '', need['url'])), set()).add(need['url'])
        return must, [urls for urls in one_of.values() if not urls & must]

    def explained(self):
        """Every URL that may be fetched."""
        urls = set(self.pages) | set(self.hops) | set(self.dead)
        hosts = set()
        for page in self.pages:
            story = self.stories[page]
            urls |= {need['url'] for need in story['requisites']}
            urls.add(story['short_link']['url'])
        for url in urls:
            hosts.add('/'.join(url.split('/')[:3]))
        return urls | {host + '/robots.txt' for host in hosts}


def check_pages(archive, expected):
    same([page['url'] for page in archive.pages() if page['status'] == 200], expected.pages, 'pages')
    same({url for url in archive.urls(200) if url in expected.stories}, expected.pages, 'stories captured')
    same([page['url'] for page in archive.pages() if page.get('seed')], [expected.seed], 'seeds')
    same([page['url'] for page in archive.pages('pages.jsonl')], [expected.seed], 'seeds listed')
    for page in archive.pages():
        if page['status'] == 200 and page['title'].strip() != expected.stories[page['url']]['headline']:
            raise AssertionError('the title of %s is "%s"' % (page['url'], page['title']))


def check_requisites(archive, expected, images='auto'):
    must, groups = expected.needed(images)
    there = archive.urls(200)
    missing = sorted(must - there)
    if missing:
        raise AssertionError('%d of %d missing: %s' % (len(missing), len(must), missing[:10]))
    for urls in groups:
        if not urls & there:
            raise AssertionError('no choice of this picture: %s' % sorted(urls)[:3])


def check_explained(wire, expected):
    within({each.url for each in wire}, expected.explained(), 'fetched')
    refused = set(expected.truth['robots_disallowed']) & {each.url for each in wire}
    if refused:
        raise AssertionError('refused by robots.txt and fetched: %s' % refused)


def check_redirects(archive, expected):
    redirects = {entry['url']: entry for entry in expected.truth['redirects']}
    for url in expected.hops:
        found = archive.by_url[url]
        if [each.status for each in found] != [redirects[url]['status']]:
            raise AssertionError('%s: statuses %s' % (url, [each.status for each in found]))
    for url in expected.cookies:
        if [each.status for each in archive.by_url[url]] != [302, 200]:
            raise AssertionError('%s: %s' % (url, [each.status for each in archive.by_url[url]]))
        if b'edition=morning' not in archive.by_url[url][1].request.block:
            raise AssertionError('%s: the cookie did not go back' % url)
    short = expected.stories[expected.seed]['short_link']
    found = archive.by_url[short['url']]
    if [each.status for each in found] != [301]:
        raise AssertionError('the short link %s: %s' % (short['url'], [each.status for each in found]))
    if dict(found[0].reply.http()[1])['location'] != short['location']:
        raise AssertionError('the short link leads elsewhere')


def check_losses(archive, expected):
    """What is gone is captured and reported; what robots.txt refuses is reported with the reason."""
    for url in expected.dead:
        if 410 not in [each.status for each in archive.by_url[url]]:
            raise AssertionError('%s: no 410 captured' % url)
        if url not in str(archive.report()):
            raise AssertionError('%s: not in the report' % url)
    skipped = archive.skipped()
    for url in expected.refused:
        if 'robots' not in str(skipped.get(url, 'not there')):
            raise AssertionError('%s in skipped.jsonl: %s' % (url, skipped.get(url)))


def check_log(archive, expected):
    """crawl.log: 12 fields a line, a line for each capture."""
    lines = archive.log()
    odd = [line for line in lines if len(line) != 12]
    if odd:
        raise AssertionError('not 12 fields: %s' % odd[:3])
    same({line[3] for line in lines}, set(archive.by_url), 'URLs in the crawl log')
    for line in lines:
        if line[3] in expected.dead and line[1] != '410':
            raise AssertionError('status of what is gone: %s' % line)


def check_report(archive, expected, run):
    headline = expected.stories[expected.seed]['headline']
    if headline not in run.out:
        raise AssertionError('the report does not name the headline: %s' % run)
    if 'text needs scripts' in run.out.lower() and 'need' in run.out and expected.seed in run.out.split('need', 1)[1][:200]:
        raise AssertionError('the story is said to need scripts: %s' % run)
    report = archive.report()
    if headline not in str(report):
        raise AssertionError('report.json does not name the headline')


def one_crawl(tap, depth, scheme, seed=None):
    name = 'depth %d, %s%s: ' % (depth, scheme, ', from the short link' if seed else '')
    with Work() as work, Site(work('site'), scheme) as site:
        start = site.truth['seed_short'] if seed else site.truth['seed']
        run = crawl(site, work('out'), '--depth', str(depth), seed=start)
        if not tap.say(run.code == 0, name + 'ends with exit 0', run):
            return
        wire, archive, expected = site.wire(), Archive(work('out')), Expected(site.truth, depth)
        if seed:
            tap.run(name + 'the story is there', lambda: same(
                [page['url'] for page in archive.pages()], expected.pages, 'pages'))
        else:
            tap.run(name + 'exactly the pages of the truth', check_pages, archive, expected)
        tap.run(name + 'everything the pages need', check_requisites, archive, expected)
        tap.run(name + 'nothing out of scope, nothing that robots.txt refuses', check_explained, wire, expected)
        tap.run(name + 'redirects, cookies and the short link', check_redirects, archive, expected)
        tap.run(name + 'what is gone or refused is told', check_losses, archive, expected)
        tap.run(name + 'the crawl log has each capture', check_log, archive, expected)
        tap.run(name + 'the report names the story', check_report, archive, expected, run)
        tap.note('%s%d pages, %d exchanges' % (name, len(expected.pages), len(archive.exchanges)))


def check_left_out(archive, expected, images):
    """What --images leaves out is told with the reason, and only with 'all' nothing is."""
    reasons = {url for url, why in archive.skipped().items() if '--images' in str(why)}
    there = archive.urls(200)
    if reasons & there:
        raise AssertionError('left out and there: %s' % sorted(reasons & there)[:3])
    choices = {need['url'] for page in expected.pages for need in expected.stories[page]['requisites']
               if set(need['how']) <= CHOICES}
    same(choices - there, reasons & choices, 'choices left out')
    if bool(reasons & choices) != (images != 'all'):
        raise AssertionError('--images %s left out %d choices' % (images, len(reasons & choices)))


def image_policies(tap):
    """--images all: each candidate, and templates filled in, of stories too; shown: not even the seed's."""
    taken = {}
    for images in ('all', 'auto', 'shown'):
        name = '--images %s: ' % images
        with Work() as work, Site(work('site'), 'http') as site:
            run = crawl(site, work('out'), '--depth', '1', '--images', images)
            if not tap.say(run.code == 0, name + 'ends with exit 0', run):
                return
            archive, expected = Archive(work('out')), Expected(site.truth, 1)
            tap.run(name + 'every picture is there, in all or in some sizes', check_requisites, archive, expected, images)
            tap.run(name + 'what is left out is told', check_left_out, archive, expected, images)
            taken[images] = len(archive.urls(200))
    tap.say(taken['all'] > taken['auto'] > taken['shown'], 'each policy takes less than the one before', taken)
    tap.note('captures: %s' % taken)


def main():
    tap = begin()
    image_policies(tap)
    one_crawl(tap, 0, 'http')
    one_crawl(tap, 0, 'https', seed='short')
    one_crawl(tap, 1, 'http')
    one_crawl(tap, 2, 'https')
    tap.end()


if __name__ == '__main__':
    sys.exit(main())
