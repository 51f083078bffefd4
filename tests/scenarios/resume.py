#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""resume - what `flong resume` looks at before it goes on, and what it says of it

A crawl is killed. Of its open segment the first and the last acknowledged record are read, however large it is; the
rest is read before the segment gets its final name. Rules of a robots.txt hold for whom they were asked for.
"""
import glob
import os
import shutil
import signal
import sqlite3
import sys
import threading

from scenario import QUIET, Archive, Flong, Site, Work, begin, flong
from killed import Killer, lines_of, result_of, same_result
from small_server import SmallServer

INLINE = ('--parsers', '0', '--workers', '0')
SHAPE = ('--depth', '0', '--images', 'all')


def flip(path, at):
    with open(path, 'r+b') as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 16]))


def fact_of(folder, change=None):
    """Where the state has the end of its segment: name, size, length of the rows, last record."""
    with sqlite3.connect(os.path.join(folder, 'state', 'crawl.db')) as base:
        text = base.execute("SELECT value FROM facts WHERE name='segment'").fetchone()[0]
        text = text.decode() if isinstance(text, bytes) else text
        if change:
            base.execute("UPDATE facts SET value=? WHERE name='segment'", (change(text),))
    base.close()
    return text.split(' ')


class Cases:
    def __init__(self, work):
        self.work, self.killer = work, Killer()
        self.site = Site(work('site'), 'http', self.killer.on_request)
        self.run('calm').expect(0)
        self.calm = result_of(Archive(work('calm')))
        # 64 of these have come to their end: of four hosts with six connections no more than 24 are under way.
        self.run('killed', after=92).expect(-signal.SIGKILL)
        if not lines_of(work('killed')):
            raise AssertionError('nothing was acknowledged')

    def run(self, name, after=None):
        self.killer.arm(after)
        crawler = Flong('crawl', self.site.facts['seed'], '-o', self.work(name), *SHAPE, *INLINE, *QUIET,
                        *self.site.options())
        self.killer.watch(crawler)
        return crawler.end()

    def copy(self, name):
        shutil.copytree(self.work('killed'), self.work(name))
        segment, = glob.glob(os.path.join(self.work(name), 'archive', '*.open'))
        return self.work(name), segment

    def resume(self, folder):
        self.killer.arm(None)
        return flong('resume', folder, *INLINE, '--progress', 'never')

    def older_state(self):
        folder, _ = self.copy('older')
        parts = fact_of(folder, lambda text: text.rsplit(' ', 1)[0])
        if len(parts) != 4:
            raise AssertionError('the state has %s' % parts)
        self.resume(folder).expect(0)
        same_result(result_of(Archive(folder)), self.calm)

    def damage_before(self):
        folder, segment = self.copy('damaged')
        _, size, _, last = fact_of(folder)
        flip(segment, int(last) // 2)
        run = self.resume(folder)
        if run.code == 0 or 'no whole record' in run.err or 'offset' not in run.err:
            raise AssertionError('the damage is not told: %s' % run)
        if os.path.getsize(segment) <= int(size) or not self.killer.asked:
            raise AssertionError('nothing was written behind it: %s' % run)

    def damage_of_the_last(self):
        folder, segment = self.copy('last')
        _, size, _, last = fact_of(folder)
        flip(segment, (int(last) + int(size)) // 2)
        before = open(segment, 'rb').read()
        run = self.resume(folder)
        if run.code == 0 or 'no whole record ends there' not in run.err:
            raise AssertionError('the damage is not told: %s' % run)
        if open(segment, 'rb').read() != before:
            raise AssertionError('the segment was changed')


def check_robots():
    """Killed while a robots.txt stands at its second redirect, to the rules that two hosts share with a third."""
    crawler, started, is_killed = [], threading.Event(), threading.Event()

    def wait_for(url):
        """Until the crawl log has it."""
        started.wait()
        while not any(line.url == url for line in lines_of(out)) and crawler[0].child.poll() is None:
            threading.Event().wait(0.01)

    def answer(host, target):
        if target == '/robots.txt':
            return (301, {'Location': '/hop'}, '') if host == 'one.test' else \
                   (301, {'Location': server.url('/shared', 'three.test')}, '') if host == 'two.test' else (404, {}, '')
        if target == '/hop':
            wait_for(server.url('/robots.txt', 'two.test'))
            return 301, {'Location': server.url('/shared', 'three.test')}, ''
        if target == '/shared' and not is_killed.is_set():
            wait_for(server.url('/hop', 'one.test'))
            crawler[0].signal(signal.SIGKILL)
            is_killed.set()
        if target == '/shared':
            return 200, {'Content-Type': 'text/plain'}, 'User-agent: *\nDisallow: /secret\n'
        return '<title>%s</title><h1>A story</h1><a href="/secret">s</a> <a href="/open">o</a>' % target

    hosts = ('one.test', 'two.test', 'three.test')
    with Work() as work, SmallServer(answer) as server:
        out = work('out')
        crawler.append(Flong('crawl', *(server.url('/', host) for host in hosts), '-o', out, '--scope', 'host', *INLINE,
                             *QUIET, *server.resolve(*hosts)))
        started.set()
        crawler[0].end().expect(-signal.SIGKILL)
        before = {line.url for line in lines_of(out)}
        server.asked.clear()
        flong('resume', out, '--progress', 'never').expect(0)
        refused = {url: row['reason'] for url, row in Archive(out).skipped().items()}
        if refused != {server.url('/secret', host): 'refused by robots.txt' for host in hosts[:2]}:
            raise AssertionError(refused)
        if not {server.url('/open', host) for host in hosts} <= Archive(out).urls(200):
            raise AssertionError(sorted(Archive(out).urls(200)))
        # Of those who wait for the same rules the state remembers the last.
        again = {server.url(each.target, each.host) for each in server.asked} & before
        if again - {server.url('/robots.txt', 'two.test')} or server.url('/hop', 'one.test') not in before:
            raise AssertionError('acknowledged %s, asked for again %s' % (sorted(before), sorted(again)))
        flong('check', out).expect(0)


def check_readings():
    """Killed behind a page that was read in part: the report of the crawl that went on has it."""
    crawler, started, is_killed = [], threading.Event(), threading.Event()

    def answer(_, target):
        if target == '/many':
            return '<title>x</title>' + ''.join('<a href="/many/%d">x</a>\n' % number for number in range(20050))
        if target == '/second' and not is_killed.is_set():
            started.wait()
            while not any(line.url == server.url('/many') for line in lines_of(out)) and crawler[0].child.poll() is None:
                threading.Event().wait(0.01)
            crawler[0].signal(signal.SIGKILL)
            is_killed.set()
        return '<title>y</title><h1>A story</h1><p>Of few words.</p>'

    with Work() as work, SmallServer(answer) as server:
        out = work('out')
        crawler.append(Flong('crawl', server.url('/many'), server.url('/second'), '-o', out, '--depth', '0', *INLINE,
                             '--robots', 'ignore', *QUIET))
        started.set()
        crawler[0].end().expect(-signal.SIGKILL)
        run = flong('resume', out, *INLINE, '--progress', 'never').expect(0)
        report = Archive(out).report()
        if [each.target for each in server.asked].count('/many') != 1:
            raise AssertionError(str([each.target for each in server.asked]))
        if report['documentsReadInPart'] != 1 or [row['url'] for row in report['readInPart']] != [server.url('/many')] or \
                '50 links' not in report['readInPart'][0]['reason'] or 'read in part' not in run.out:
            raise AssertionError('%s %s' % (report, run))


def main():
    tap = begin()
    with Work() as work:
        cases = Cases(work)
        with cases.site:
            tap.run('a state that does not know the last record is taken up', cases.older_state)
            tap.run('damage before the last acknowledged record is told at the end', cases.damage_before)
            tap.run('damage of the last acknowledged record is told at once, nothing is cut', cases.damage_of_the_last)
    tap.run('a robots.txt that was redirected', check_robots)
    tap.run('a page that was read in part', check_readings)
    tap.end()


if __name__ == '__main__':
    sys.exit(main())
