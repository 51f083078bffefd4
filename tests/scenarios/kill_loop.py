#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""kill_loop - crawls that are killed again and again lose nothing and come to the same end

The site kills the crawler while it answers its n-th request, n by chance; `flong resume` goes on until the next
kill or the end. FLONG_KILL_ROUNDS kills (100), FLONG_KILL_SEED for another chance. After each kill every line of the
crawl log has its record, and nothing that was acknowledged is fetched again; at the end captures, pages and related
stories are those of a crawl that nobody disturbed.
"""
import os
import random
import shutil
import signal
import sys

from scenario import QUIET, Archive, Flong, Site, Work, begin, crawl, flong
from killed import Kept, Killer, Warcio, result_of, same_result, size_of

ROUNDS = int(os.environ.get('FLONG_KILL_ROUNDS', '100'))
SEED = int(os.environ.get('FLONG_KILL_SEED', '1'))
DEPTH = '1'
# Inline, where no thread may be late; with threads and processes, where all may be.
SHAPES = (('--parsers', '0', '--workers', '0'), ('--parsers', '0', '--workers', '2'), ('--parsers', '1', '--workers', '1'))


class Loop:
    def __init__(self, work, warcio):
        self.work, self.warcio, self.killer = work, warcio, Killer()
        self.site = Site(work('site'), 'http', self.killer.on_request)
        self.chance, self.kills, self.again, self.cut = random.Random(SEED), 0, 0, 0
        crawl(self.site, work('calm'), '--depth', DEPTH).expect(0)
        self.calm = result_of(Archive(work('calm')))

    def arm(self, out):
        """Anywhere; about the 64th exchange, which is acknowledged with those before it; or when some were."""
        log = os.path.join(out, 'logs', 'crawl.log')
        kind = self.chance.choice(('anywhere', 'anywhere', 'about', 'about', 'grown'))
        if kind == 'grown':
            self.killer.arm(self.chance.randint(1, 40), log, size_of(log))
        else:
            self.killer.arm(self.chance.randint(1, 100) if kind == 'anywhere' else self.chance.randint(60, 80))

    def run(self, arguments):
        crawler = Flong(*arguments)
        self.killer.watch(crawler)
        return crawler.end()

    def check_asked(self, before):
        """Nothing that was acknowledged is asked for again."""
        twice = set(self.killer.asked) & (before - set(self.site.truth['cookie_redirects']))
        if twice:
            raise AssertionError('acknowledged and fetched again: %s' % sorted(twice)[:3])

    def crawl(self, number):
        """One crawl with all its kills."""
        out = self.work('out-%d' % number)
        shape = SHAPES[number % len(SHAPES)]
        arguments = ['crawl', self.site.facts['seed'], '-o', out, '--depth', DEPTH, *shape, *QUIET, *self.site.options()]
        done = set()
        while self.kills < ROUNDS:
            self.arm(out)
            run = self.run(arguments)
            self.check_asked(done)
            if run.code == 0:
                break
            run.expect(-signal.SIGKILL)
            self.kills += 1
            kept = Kept(out, self.warcio)
            self.again += len(set(self.killer.asked) - kept.done)
            self.cut += kept.tail > 0
            done = kept.done
            arguments = ['resume', out, *shape, '--progress', 'never']
        else:
            self.killer.arm(None)
            self.run(arguments).expect(0)
            self.check_asked(done)
        same_result(result_of(Archive(out)), self.calm)
        flong('check', out).expect(0)
        shutil.rmtree(out)

    def all(self):
        number = 0
        while self.kills < ROUNDS:
            self.crawl(number)
            number += 1
        return number


def main():
    tap = begin()
    warcio = Warcio()
    with Work() as work:
        loop = Loop(work, warcio)
        if tap.run('killed %d times, nothing acknowledged is lost, and the end is the same' % ROUNDS, loop.all):
            tap.note('%d kills; %d exchanges were not acknowledged yet; %d times a part of a record was cut' % (
                loop.kills, loop.again, loop.cut))
        loop.site.stop()
    if not warcio.is_there:
        tap.note('SKIP warcio is not installed: read by our own reader only')
    warcio.close()
    tap.end()


if __name__ == '__main__':
    sys.exit(main())
