#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""signals - a crawl that is interrupted, killed or limited loses nothing and can be taken up again

The site sends the signal itself, while it answers the n-th request. After every interruption the
archive is readable to its last acknowledged record; `flong resume` ends with exactly the pages of
the truth, each captured once.
"""
import glob
import json
import os
import re
import signal
import sys
import threading
import zipfile

from scenario import QUIET, Archive, Flong, Site, Work, begin, flong, same
from killed import whole_records
from warc_records import Damage

DEPTH = '2'


class Interrupted:
    """A crawl that gets a signal while the site answers request number `at`."""

    def __init__(self, work, number, at, *options, holds=0, seconds=0):
        self.work, self.number, self.at = work, number, at
        self.holds, self.again = holds, seconds
        self.started, self.released = threading.Event(), threading.Event()
        self.site = Site(work('site'), 'http', self._on_request)
        self.options = options

    def _on_request(self, _, count):
        if self.released.is_set():
            return
        if count == self.at and self.number is not None:
            self.started.wait()
            self.crawler.signal(self.number)
        if self.holds and count >= self.holds:
            self.released.wait()

    def run(self):
        self.crawler = Flong('crawl', self.site.facts['seed'], '-o', self.work('out'), '--depth', DEPTH, *QUIET,
                             *self.site.options(), *self.options)
        self.started.set()
        try:
            return self.crawler.end()
        finally:
            self.released.set()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.released.set()
        self.site.stop()


def check_readable(folder, may_be_cut):
    """Every segment holds whole records; only a killed crawler may leave a part of one at the end."""
    files = glob.glob(os.path.join(folder, 'archive', '*'))
    count = 0
    for path in files:
        found, rest = whole_records(path)
        count += len(found)
        if rest and not (may_be_cut and path.endswith('.open')):
            raise Damage('%s: %d bytes at the end are no record' % (path, rest))
        if found and found[0].type != 'warcinfo':
            raise Damage(path + ' does not begin with a warcinfo')
    return count


def acknowledged(folder):
    """URLs of the crawl log: each line is a promise."""
    path = os.path.join(folder, 'logs', 'crawl.log')
    if not os.path.exists(path):
        return []
    with open(path, encoding='utf-8') as file:
        return [line.split()[3] for line in file]


def check_kept(folder, promised):
    """What the log promised is in the files."""
    there = set()
    for path in glob.glob(os.path.join(folder, 'archive', '*')):
        there |= {record.url for record in whole_records(path)[0] if record.type in ('response', 'revisit')}
    lost = sorted(set(promised) - there)
    if lost:
        raise AssertionError('acknowledged and lost: %s' % lost[:5])


def check_complete(folder, truth):
    """After the resume: a finished archive with exactly the pages, each captured once."""
    archive = Archive(folder)
    if archive.open_segments():
        raise AssertionError('a segment is still open: %s' % archive.open_segments())
    pages = truth['depth'][DEPTH]
    same([page['url'] for page in archive.pages() if page['status'] == 200], pages, 'pages')
    urls = [page['url'] for page in archive.pages()]
    if len(set(urls)) != len(urls):
        raise AssertionError('a page is listed twice')
    for url in pages:
        count = [exchange.status for exchange in archive.by_url[url]].count(200)
        if count != 1:
            raise AssertionError('%s was captured %d times' % (url, count))
    for url, exchanges in archive.by_url.items():
        if url not in truth['cookie_redirects'] and not url.endswith('/robots.txt') and len(exchanges) != 1:
            raise AssertionError('%s was captured %d times' % (url, len(exchanges)))
    needed = {need['url'] for story in truth['articles'] if story['url'] == truth['seed'] for need in story['requisites']}
    lost = sorted(needed - set(archive.by_url))
    if lost:
        raise AssertionError('not there: %s' % lost[:5])


def resume(work, *options):
    return flong('resume', work('out'), '--progress', 'never', *options)


def interrupt(tap, number, at):
    name = '%s at request %d: ' % (signal.Signals(number).name, at)
    kill = number == signal.SIGKILL
    with Work() as work, Interrupted(work, number, at) as crawl:
        run = crawl.run()
        if not tap.say(run.code == (-9 if kill else 11), name + ('killed' if kill else 'exit 11'), run):
            return
        folder = work('out')
        promised = acknowledged(folder)
        tap.run(name + 'the files are readable', check_readable, folder, kill)
        tap.run(name + 'nothing acknowledged is lost', check_kept, folder, promised)
        if not kill:
            tap.run(name + 'says how to go on', check_says, run, folder)
        again = resume(work)
        if tap.say(again.code == 0, name + 'resume ends with exit 0', again):
            tap.run(name + 'every page, each once', check_complete, folder, crawl.site.truth)
            tap.run(name + 'still nothing lost', check_kept, folder, promised)
            third = resume(work)
            tap.say(third.code == 2 and 'finished' in third.err, name + 'then there is nothing to resume', third)


def check_says(run, folder):
    if 'resume' not in run.out + run.err:
        raise AssertionError('no word of resume: %s' % run)
    if not glob.glob(os.path.join(folder, 'archive', '*.open')):
        raise AssertionError('no open segment')
    if not glob.glob(os.path.join(folder, 'reports', 'report.json')):
        raise AssertionError('no report')


def hanging(tap):
    """A reply that never comes does not keep an interrupted crawl: it is given up at the end of the grace."""
    with Work() as work, Interrupted(work, signal.SIGTERM, 12, holds=12) as crawl:
        run = crawl.run()
        if tap.say(run.code == 11, 'SIGTERM while replies hang: exit 11', run):
            tap.run('SIGTERM while replies hang: readable', check_readable, work('out'), False)
            again = resume(work)
            if tap.say(again.code == 0, 'SIGTERM while replies hang: resume ends with exit 0', again):
                tap.run('SIGTERM while replies hang: every page, each once', check_complete, work('out'), crawl.site.truth)


def limits(tap):
    with Work() as work, Interrupted(work, None, 0, '--max-pages', '4') as crawl:
        run = crawl.run()
        if tap.say(run.code == 14, '--max-pages: exit 14', run):
            tap.run('--max-pages: exactly so many, with what they need', check_page_limit, work('out'),
                    crawl.site.truth, 4)
            again = resume(work, '--max-pages', '0')
            if tap.say(again.code == 0, '--max-pages: resume without limit ends with exit 0', again):
                tap.run('--max-pages: every page, each once', check_complete, work('out'), crawl.site.truth)
    with Work() as work, Interrupted(work, None, 0, '--max-bytes', '200K') as crawl:
        run = crawl.run()
        tap.say(run.code == 14, '--max-bytes: exit 14', run)
    with Work() as work, Interrupted(work, None, 0, '--max-time', '1s', '--timeout', '3s', '--retries', '0',
                                     holds=10) as crawl:
        run = crawl.run()
        if tap.say(run.code == 15, '--max-time: exit 15', run):
            again = resume(work, '--max-time', '0')
            tap.say(again.code == 0, '--max-time: resume ends with exit 0', again)


def check_page_limit(folder, truth, most):
    archive = Archive(folder)
    pages = archive.pages()
    if len(pages) != most:
        raise AssertionError('%d pages: %s' % (len(pages), [page['url'] for page in pages]))
    stories = {story['url']: story for story in truth['articles']}
    lost = {need['url'] for need in stories[truth['seed']]['requisites']} - archive.urls(200)
    if lost:
        raise AssertionError('the kept pages lack %s' % sorted(lost)[:5])


def wacz_resume(tap):
    """An interrupted snapshot is a .partial folder, and resuming it makes the one file."""
    with Work() as work, Interrupted(work, signal.SIGINT, 15) as crawl:
        crawl.work = lambda _: work('x.wacz')
        run = crawl.run()
        names = os.listdir(work.path)
        tap.say(run.code == 11 and 'x.wacz.partial' in names and 'x.wacz' not in names,
                'an interrupted x.wacz stays .partial', run, names)
        again = flong('resume', work('x.wacz.partial'), '--progress', 'never')
        names = os.listdir(work.path)
        tap.say(again.code == 0 and 'x.wacz.partial' not in names and 'x.wacz' in names,
                'resumed, it becomes x.wacz', again, names)


def check_package(path, truth):
    with zipfile.ZipFile(path) as package:
        if package.testzip() is not None:
            raise AssertionError('the package is damaged')
        rows = package.read('pages/extraPages.jsonl').decode().splitlines()[1:]
    same([json.loads(row)['url'] for row in rows], truth['depth'][DEPTH], 'pages')


def check_killed_at(sign, folder, site):
    partial, package = os.path.join(folder, 'x.wacz.partial'), os.path.join(folder, 'x.wacz')
    crawl = Flong('crawl', site.facts['seed'], '-o', package, '--depth', DEPTH, *QUIET, *site.options())
    while crawl.child.poll() is None and not glob.glob(os.path.join(partial, sign)):
        pass
    crawl.signal(signal.SIGKILL)
    crawl.end()
    if not os.path.exists(package):
        flong('resume', partial, '--progress', 'never').expect(0)
    check_package(package, site.truth)


def killed_at_the_end(tap):
    """Killed when a file of the end appears: the package is there and whole, or resume makes it."""
    with Work() as work, Site(work('site'), 'http') as site:
        for sign in ('reports/report.json', 'indexes/index.cdx', 'indexes/index.cdx.partial',
                     'state/package.wacz.*.partial', 'state/package.wacz', '../x.wacz'):
            folder = work.folder('at-' + re.sub(r'\W', '-', sign))
            tap.run('killed when %s appears: the package is whole, or resume makes it' % sign,
                    check_killed_at, sign, folder, site)


def main():
    tap = begin()
    for number, at in ((signal.SIGINT, 3), (signal.SIGINT, 40), (signal.SIGTERM, 120),
                       (signal.SIGKILL, 1), (signal.SIGKILL, 10), (signal.SIGKILL, 60), (signal.SIGKILL, 150)):
        interrupt(tap, number, at)
    hanging(tap)
    limits(tap)
    wacz_resume(tap)
    killed_at_the_end(tap)
    tap.end()


if __name__ == '__main__':
    sys.exit(main())
