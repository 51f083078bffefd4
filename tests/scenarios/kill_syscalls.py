#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""kill_syscalls - a crawl that is killed at a system call of its writing loses nothing and comes to the same end

strace kills the program as it makes the n-th call of a kind, for calls that write, sync, make, rename and remove.
Every FLONG_KILL_STEP-th of them is tried (all with 1); what must hold is that of kill_loop.
"""
import collections
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile

from scenario import QUIET, Archive, Flong, Site, Work, begin, flong, without_leaks
from killed import Kept, Warcio, result_of, same_result

CALLS = ('write', 'pwrite64', 'fdatasync', 'fsync', 'ftruncate', 'rename', 'renameat2', 'unlink', 'unlinkat', 'rmdir',
         'mkdir', 'openat', 'link')
STEP = int(os.environ.get('FLONG_KILL_STEP', '60'))
# One thread, so that the n-th call is the same each time; few pictures, so that there are about 50 URLs.
SHAPE = ('--depth', '0', '--parsers', '0', '--workers', '0', '--images', 'shown', '--exclude', r'/img/.*[13579]\.')


def strace_works():
    try:
        return subprocess.run(['strace', '-f', '-o', os.devnull, '-e', 'trace=none', 'true'], check=False,
                              stderr=subprocess.DEVNULL).returncode == 0
    except FileNotFoundError:
        return False


class Kills:
    def __init__(self, work, site, warcio, name):
        self.work, self.site, self.warcio, self.name = work, site, warcio, name
        self.asked, self.kills, self.passed = [], 0, 0
        self.counts = collections.Counter()
        self.calm = None

    def crawl(self, out, *under):
        return Flong('crawl', self.site.facts['seed'], '-o', out, *SHAPE, *QUIET, *self.site.options(), under=under).end()

    def learn(self):
        """How often an undisturbed crawl makes each call, and what it comes to."""
        folder, trace = self.work.folder('calm-' + self.name), self.work('trace')
        self.crawl(os.path.join(folder, self.name), 'strace', '-f', '-o', trace,
                   '-e', 'trace=' + ','.join(CALLS)).expect(0)
        with open(trace, encoding='utf-8', errors='replace') as file:
            self.counts.update(found[1] for found in (re.match(r'\d+ +(\w+)\(', line) for line in file) if found)
        self.calm = result_of(self.end_of(folder))
        if len(self.calm['captures']) < 40:
            raise AssertionError('only %d captures' % len(self.calm['captures']))

    def end_of(self, folder):
        """The collection that a crawl came to, in whatever form."""
        path = os.path.join(folder, self.name)
        if self.name.endswith('.wacz'):
            with zipfile.ZipFile(path) as package:
                package.extractall(path + '-unpacked')
            path += '-unpacked'
        return Archive(path)

    def one(self, call, number):
        folder = self.work.folder('kill')
        out = os.path.join(folder, self.name)
        collection = out + ('.partial' if self.name.endswith('.wacz') else '')
        run = self.crawl(out, 'strace', '-f', '-qq', '-o', os.devnull, '-e', 'trace=' + call, '-e',
                         'inject=%s:signal=KILL:when=%d' % (call, number))
        if run.code == 0:
            self.passed += 1  # it came to its end with fewer calls
        else:
            run.expect(-signal.SIGKILL)
            self.kills += 1
            # Once the package is there, the folder that it was made of is taken apart.
            is_packed = collection != out and os.path.exists(out)
            done = set() if is_packed else Kept(collection, self.warcio).done
            self.asked.clear()
            if os.path.exists(collection) or not is_packed:
                self.go_on(out, collection)
            twice = set(self.asked) & done
            if is_packed and self.asked:
                raise AssertionError('packed and fetched again: %s' % self.asked[:3])
            if twice:
                raise AssertionError('acknowledged and fetched again: %s' % sorted(twice)[:3])
        if os.path.exists(collection) and collection != out:
            raise AssertionError('%s are left' % os.listdir(folder))
        same_result(result_of(self.end_of(folder)), self.calm)
        flong('check', out).expect(0)
        shutil.rmtree(folder)

    def go_on(self, out, collection):
        """As a user would: resume, or the same crawl when there is nothing to resume yet."""
        run = flong('resume', collection, *SHAPE[2:6], '--progress', 'never')
        if run.code == 2 and 'no interrupted crawl' in run.err:
            run = self.crawl(out)
        elif run.code == 2 and 'nothing to resume' in run.err:
            return
        run.expect(0)

    def all(self, calls):
        self.learn()
        for call in calls:
            for number in range(1 + (STEP - 1) // 2 % max(self.counts[call], 1), self.counts[call] + 1, STEP):
                try:
                    self.one(call, number)
                except Exception as problem:
                    raise AssertionError('killed at %s number %d of %d' % (call, number, self.counts[call])) from problem


def main():
    tap = begin()
    if not strace_works():
        tap.note('SKIP strace is not there or may not trace')
        tap.end()
    without_leaks()
    warcio = Warcio()
    for name, calls in (('collection', CALLS), ('x.wacz', CALLS)):
        with Work() as work:
            asked = []
            site = Site(work('site'), 'http', lambda request, _: asked.append(
                'http://' + request.headers['host'] + request.target))
            with site:
                kills = Kills(work, site, warcio, name)
                kills.asked = asked
                tap.run('%s: killed at every %dth call that writes' % (name, STEP), kills.all, calls)
                tap.note('%s: %d kills, %d ran through; calls: %s' % (name, kills.kills, kills.passed, dict(kills.counts)))
    warcio.close()
    tap.end()


if __name__ == '__main__':
    sys.exit(main())
