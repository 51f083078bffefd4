#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""resume - what `flong resume` looks at before it goes on, and what it says of it

A crawl is killed. Of its open segment the first and the last acknowledged record are read, however large it is; the
rest is read before the segment gets its final name.
"""
import glob
import os
import shutil
import signal
import sqlite3
import sys

from scenario import QUIET, Archive, Flong, Site, Work, begin, flong
from killed import Killer, lines_of, result_of, same_result

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
        self.run('killed', after=70).expect(-signal.SIGKILL)
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


def main():
    tap = begin()
    with Work() as work:
        cases = Cases(work)
        with cases.site:
            tap.run('a state that does not know the last record is taken up', cases.older_state)
            tap.run('damage before the last acknowledged record is told at the end', cases.damage_before)
            tap.run('damage of the last acknowledged record is told at once, nothing is cut', cases.damage_of_the_last)
    tap.end()


if __name__ == '__main__':
    sys.exit(main())
