#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""every_allocation - each allocation of ours fails once: a clear end at once, and nothing on disk is changed

tests/support/alloc_fork.c copies the process at an allocation and lets it fail in the copy. That must end with status
1 and "out of memory", and may do nothing else but say so. Then what is on disk after allocation n failed is what is
there when the program is killed at that moment, and that is what kill_syscalls tries, at each call that writes.
FLONG_ALLOC_EACH is `stack`, each place once, or `allocation`.
"""
import glob
import os
import shutil
import signal
import sys

from scenario import QUIET, Archive, Flong, Site, Work, begin, flong
from changing_site import ChangingSite

FAULT = os.environ.get('FLONG_ALLOC_FAULT', '')
EACH = os.environ.get('FLONG_ALLOC_EACH', 'stack')
INLINE = ('--parsers', '0', '--workers', '0')
SMALL = ('--depth', '0', '--images', 'shown', '--exclude', r'/img/.*[13579]\.')
PATIENCE = 1000  # seconds; every allocation of a crawl takes a while


class Report:
    """What alloc_fork.h says of one process."""

    def __init__(self, path):
        with open(path, encoding='utf-8', errors='replace') as file:
            self.text = file.read()
        self.allocations, self.places, self.tried, self.wrong = map(int, self.text.split('\n', 1)[0].split())

    def check(self, is_whole):
        if self.wrong:
            raise AssertionError('%d copies ended wrongly: %s' % (self.wrong, self.text))
        if is_whole and self.tried != (self.places if EACH == 'stack' else self.allocations):
            raise AssertionError('not all were tried: %s' % self.text)


def take_reports(work):
    paths = sorted(glob.glob(work('report.*')))
    reports = [Report(path) for path in paths]
    for path in paths:
        os.remove(path)
    return reports


def under_fault(function, *arguments, **variables):
    """Calls a function that starts a program with these variables."""
    os.environ.update(variables, LD_PRELOAD=FAULT)
    try:
        return function(*arguments)
    finally:
        for name in ('LD_PRELOAD', *variables):
            del os.environ[name]


class Trials:
    def __init__(self, tap, work):
        self.tap, self.work, self.total = tap, work, [0, 0, 0]

    def start(self, *command):
        return under_fault(Flong, *command, FLONG_ALLOC_FORK=self.work('report'), FLONG_ALLOC_EACH=EACH)

    def judge(self, name, least, is_whole=True, processes=1):
        """Each process tried what it should."""
        reports = take_reports(self.work)
        for report in reports:
            report.check(is_whole)
            self.total = [a + b for a, b in zip(self.total, (report.allocations, report.places, report.tried))]
        self.tap.note('%s: %s' % (name, '; '.join(
            '%d allocations at %d places, %d failed' % (r.allocations, r.places, r.tried) for r in reports)))
        if len(reports) != processes or min(report.places for report in reports) < least:
            raise AssertionError('%d processes, %s places' % (len(reports), [report.places for report in reports]))

    def run(self, *command, least=20, processes=1):
        self.start(*command).end(PATIENCE).expect(0)
        self.judge(command[0], least, processes=processes)

    def serve(self, *what):
        """Until it answers: what it asks for later it asks for in a sandbox, where no copy can be made."""
        running = self.start('serve', *what, '--port', '0', '--replay-port', '0')
        line = running.child.stdout.readline()
        running.signal(signal.SIGTERM)
        done = running.end(PATIENCE)
        if not line.startswith(b'http://'):
            raise AssertionError(done)
        self.judge('serve', 20, is_whole=False)


def crawls(trials, work, site):
    """To a collection, to a package, and one that goes on; what the copies did can not be seen in them."""
    start = ('crawl', site.facts['seed'], *SMALL, *QUIET, *site.options(), *INLINE)

    def check_whole(path):
        flong('check', path).expect(0)
        if path == work('c') and len(Archive(path).urls(200)) < 40:
            raise AssertionError('only %d captures' % len(Archive(path).urls(200)))

    def crawl(path):
        trials.run(*start, '-o', path, least=500)
        check_whole(path)

    def resume():
        flong(*start, '-o', work('stopped'), '--max-bytes', '100K').expect(14)
        trials.run('resume', work('stopped'), *INLINE, '--progress', 'never', '--max-bytes', '0', least=400)
        check_whole(work('stopped'))

    def parser():
        trials.run(*start[:-4], '-o', work('p'), '--parsers', '1', '--workers', '0', '--sandbox', 'off', least=100,
                   processes=2)
        check_whole(work('p'))

    def lost_parsers():
        """Each parser ends at its n-th allocation: the links of its page are lost, nothing else."""
        counts = set()
        for number in (1, 100, 1000):
            path = work('lost-%d' % number)
            done = under_fault(flong, *start[:-4], '-o', path, '--parsers', '1', '--workers', '0',
                               FLONG_ALLOC_FAIL_PARSER=str(number))
            if done.code != 0 or 'its links are unknown' not in done.err:
                raise AssertionError(done)
            check_whole(path)
            counts.add(len(Archive(path).urls(200)))
        if min(counts) != 2 or max(counts) < 40:  # the page and its icon; nearly all
            raise AssertionError(counts)

    trials.tap.run('a crawl', crawl, work('c'))
    trials.tap.run('a snapshot', crawl, work('x.wacz'))
    trials.tap.run('a crawl that goes on', resume)
    trials.tap.run('a parser process, and the crawl that asks it', parser)
    trials.tap.run('parser processes without memory', lost_parsers)


def jobs(trials, work):
    """Two runs, the second with another text and an alert; then what reads versions, and a removal."""
    with ChangingSite() as site:
        with open(work('job.conf'), 'w', encoding='utf-8') as file:
            file.write('url = %s\ncollection = %s\nprogress = never\nwait = 0\nretries = 0\nparsers = 0\nworkers = 0\n'
                       'keep = 1 runs\nstatus = %s\nalert = true\n' % (site.url, work('job'), work('status')))
        story = site.story_url(2)

        def runs():
            trials.run('run', work('job.conf'), least=300)
            site.stories[2].text += ' They did return.'
            trials.run('run', work('job.conf'), least=300)
            flong('check', work('job')).expect(0)

        trials.tap.run('two runs of a job', runs)
        trials.tap.run('list --versions', trials.run, 'list', '--versions', story, work('job'))
        trials.tap.run('diff', trials.run, 'diff', work('job'), story)
        trials.tap.run('remove', trials.run, 'remove', work('job'), story)


def others(trials, work):
    made = work('c')
    warc = glob.glob(os.path.join(made, 'archive', '*.warc.gz'))[0]
    for command in (('check', made), ('check', work('x.wacz')), ('index', warc, '-o', work('i.cdxj')),
                    ('pack', made, '-o', work('packed.wacz')), ('unpack', work('packed.wacz'), '-o', work('unpacked')),
                    ('extract', made, '-o', work('files')), ('repair', warc, '-o', work('repaired.warc.gz')),
                    ('list', made), ('show', warc, '0')):
        trials.tap.run(command[0], lambda command=command: trials.run(*command, least=10))
    trials.tap.run('serve', trials.serve, made)
    trials.tap.run('what was made is whole', lambda: [flong('check', work(name)).expect(0) for name in (
        'packed.wacz', 'unpacked', 'repaired.warc.gz')])


def is_counted(work):
    """Sanitizers have an allocator of their own."""
    under_fault(flong, 'inspect', 'url', 'http://a.example/', FLONG_ALLOC_FORK=work('report'))
    return any(report.allocations for report in take_reports(work))


def main():
    tap = begin()
    with Work() as work:
        if not os.path.exists(FAULT) or not is_counted(work):
            tap.note('SKIP the library that lets allocations fail is not built, or sees none (sanitizers)')
            tap.end()
        trials = Trials(tap, work)
        site = Site(work('site'), 'http')
        with site:
            crawls(trials, work, site)
        others(trials, work)
        jobs(trials, work)
        tap.note('all: %d allocations at %d places, %d failed' % tuple(trials.total))
    tap.end()


if __name__ == '__main__':
    sys.exit(main())
