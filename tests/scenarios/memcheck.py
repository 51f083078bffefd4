#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""memcheck - a crawl, and what is done with its archive, under valgrind: no error and no leak

With parser processes, which valgrind follows, and without. A process that valgrind finds fault with
writes so to a log of its own: a parser's end alone would not show in the crawl's exit code.
"""
import glob
import os
import re
import shutil
import sys

from scenario import QUIET, TESTS, Archive, Flong, Site, Work, begin
from tap import skip_all

SUPPRESSIONS = os.path.join(TESTS, 'support', 'valgrind.supp')
PATIENCE = 400  # seconds; valgrind makes a crawl some thirty times slower


class Memcheck:
    """flong under valgrind; `faults` are what the logs of all its processes say."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)

    def run(self, *arguments):
        under = ['valgrind', '-q', '--trace-children=yes', '--leak-check=full', '--errors-for-leak-kinds=definite',
                 '--suppressions=' + SUPPRESSIONS, '--log-file=' + os.path.join(self.folder, '%p.log')]
        return Flong(*arguments, under=under).end(PATIENCE)

    def logs(self):
        return sorted(glob.glob(os.path.join(self.folder, '*.log')))

    def clean(self):
        for path in self.logs():
            with open(path, encoding='utf-8', errors='replace') as file:
                text = re.sub(r'(?m)^==\d+== ?', '', file.read())
            if text.strip():
                raise AssertionError(text[:2000])


def crawls(tap, work, parsers):
    """The crawl of the site; the collection, or None when there is none."""
    memcheck = Memcheck(work('logs-%d' % parsers))
    output = work('archive-%d' % parsers)
    with Site(work('site-%d' % parsers)) as site:
        run = memcheck.run('crawl', site.facts['seed'], '-o', output, *QUIET, *site.options(),
                           '--parsers', parsers, '--sandbox', 'off', '--max-pages', 12)  # valgrind needs what the sandbox takes
    name = '%d parser processes' % parsers if parsers else 'no parser process'

    def whole():
        if run.code not in (0, 1):
            raise AssertionError(run)
        if not Archive(output).urls(200):
            raise AssertionError('nothing was captured: %s' % run)

    tap.run('a crawl with %s comes to its end' % name, whole)
    tap.run('no process of it does wrong with memory (%s)' % name, memcheck.clean)

    def followed():
        if len(memcheck.logs()) < 1 + parsers:
            raise AssertionError('valgrind saw %d processes' % len(memcheck.logs()))

    tap.run('valgrind saw every process of it (%s)' % name, followed)
    return output


def reads(tap, work, output):
    warc = Archive(output).warcs[0]
    for name, arguments in (('check', ('check', output)), ('list', ('list', warc)), ('index', ('index', warc)),
                            ('pack', ('pack', output, '-o', work('a.wacz')))):
        memcheck = Memcheck(work('logs-' + name))

        def clean(memcheck=memcheck, arguments=arguments):
            memcheck.run(*arguments).expect(0)
            memcheck.clean()

        tap.run('%s does no wrong with memory' % name, clean)


def main():
    tap = begin()
    if shutil.which('valgrind') is None:
        skip_all('valgrind is not installed')
    with Work() as work:
        crawls(tap, work, 2)
        reads(tap, work, crawls(tap, work, 0))
    tap.end()


if __name__ == '__main__':
    sys.exit(main())
