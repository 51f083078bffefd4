#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""no_memory - the n-th allocation of the program fails: a clear end, and nothing that was acknowledged is lost

tests/support/alloc_fault.c is loaded before the libraries (FLONG_ALLOC_FAULT is its path) and lets one allocation
of ours fail. The policy is to stop: exit status 1 with a message, never a crash. What must hold then is that of
kill_loop. FLONG_ALLOC_TRIES of all allocations of a crawl are tried, spread over its life, with all that comes after
them; every_allocation.py tries each, up to the end of the program.
"""
import glob
import os
import shutil
import sys

from scenario import QUIET, Archive, Site, Work, begin, flong
from killed import Kept, Warcio, result_of, same_result

FAULT = os.environ.get('FLONG_ALLOC_FAULT', '')
TRIES = int(os.environ.get('FLONG_ALLOC_TRIES', '8'))
SMALL = ('--depth', '0', '--images', 'shown', '--exclude', r'/img/.*[13579]\.')
# Inline; with threads, and a parser, which has no environment and so none of these failures.
SHAPES = (('--parsers', '0', '--workers', '0'), ('--parsers', '1', '--workers', '2'))


def under_fault(**variables):
    """The environment of the next program; None takes it away."""
    for name, value in (('LD_PRELOAD', FAULT), ('FLONG_ALLOC_FAIL', None), ('FLONG_ALLOC_COUNT', None)):
        value = variables.get(name, value) if variables else None
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = str(value)


def run(number, *command):
    under_fault(FLONG_ALLOC_FAIL=number)
    try:
        return flong(*command)
    finally:
        under_fault()


def count(work, *command):
    """How many allocations the command makes that goes well."""
    path = work('count')
    under_fault(FLONG_ALLOC_COUNT=path)
    try:
        done = flong(*command).expect(0)
    finally:
        under_fault()
    counts = []
    for name in glob.glob(path + '.*'):
        with open(name, encoding='ascii') as file:
            counts.append(int(file.read()))
        os.remove(name)
    return max(counts), done


def spread(total, tries, turn=0):
    """Numbers from 1 to `total`: half of them close at the start, where everything is made, half evenly."""
    near = {int(total ** (i / tries * 2)) + turn for i in range(tries // 2)}
    far = {total * (2 * i + 1) // tries + turn for i in range((tries + 1) // 2)}
    return sorted(number for number in near | far if 0 < number <= total)


def is_told(done):
    return done.code == 1 and 'out of memory' in done.err


class Crawls:
    def __init__(self, work, site, warcio):
        self.work, self.site, self.warcio, self.asked = work, site, warcio, []
        self.stopped = self.passed = 0

    def command(self, out, shape):
        return ('crawl', self.site.facts['seed'], '-o', out, *SMALL, *shape, *QUIET, *self.site.options())

    def one(self, name, shape, calm, number):
        shutil.rmtree(self.work('try'), ignore_errors=True)
        folder = self.work.folder('try')
        out = os.path.join(folder, name)
        collection = out + ('.partial' if name.endswith('.wacz') else '')
        done = run(number, *self.command(out, shape))
        if done.code == 0:
            self.passed += 1  # fewer allocations than the other time, or it was one of a parser
        elif is_told(done):
            self.stopped += 1
            kept = Kept(collection, self.warcio).done
            self.asked.clear()
            self.go_on(out, collection, shape)
            if set(self.asked) & kept:
                raise AssertionError('acknowledged and fetched again: %s' % sorted(set(self.asked) & kept)[:3])
        else:
            raise AssertionError('no clear end: %s' % done)
        if done.code != 0 or shape is SHAPES[0]:
            same_result(result_of(self.archive(out)), calm)
        flong('check', out).expect(0)
        shutil.rmtree(folder)

    def go_on(self, out, collection, shape):
        done = flong('resume', collection, *shape, '--progress', 'never')
        if done.code == 2 and 'nothing to resume' in done.err:
            return  # it had come to its end
        if done.code == 2 and 'no interrupted crawl' in done.err and not os.path.isfile(out):
            done = flong(*self.command(out, shape))
        if not os.path.isfile(out):
            done.expect(0)

    def archive(self, out):
        if out.endswith('.wacz'):
            flong('unpack', out, '-o', out + '-unpacked').expect(0)
            return Archive(out + '-unpacked')
        return Archive(out)

    def all(self, name, shape):
        calm = self.work('calm-%d-%s' % (SHAPES.index(shape), name))
        total, _ = count(self.work, *self.command(calm, shape))
        expected = result_of(self.archive(calm))
        if len(expected['captures']) < 40:
            raise AssertionError('only %d captures' % len(expected['captures']))
        before = self.stopped
        for number in spread(total, TRIES, SHAPES.index(shape)):
            try:
                self.one(name, shape, expected, number)
            except Exception as problem:
                raise AssertionError('allocation %d of %d' % (number, total)) from problem
        if self.stopped - before < TRIES // 4:
            raise AssertionError('only %d tries stopped the crawl' % (self.stopped - before))


def check_commands(work, collection):
    """A file that another command makes has its name only when it is whole."""
    warc = glob.glob(os.path.join(collection, 'archive', '*.warc.gz'))[0]
    commands = (('pack', collection, '-o', work('made.wacz')), ('repair', warc, '-o', work('made.warc.gz')),
                ('index', warc, '-o', work('made.cdxj')), ('extract', collection, '-o', work('made')),
                ('check', collection), ('list', collection), ('inspect', 'related', '--url', 'http://a.example/', __file__))
    told = 0
    for command in commands:
        total, _ = count(work, *command)
        made = command[-1] if '-o' in command else None
        for number in spread(total, max(TRIES // 2, 4)):
            remove(made)
            remove(made and made + '.partial')
            done = run(number, *command)
            told += is_told(done)
            if done.code != 0 and not is_told(done):
                raise AssertionError('allocation %d of %d: %s' % (number, total, done))
            if done.code != 0 and made and made.endswith(('.wacz', '.gz')) and os.path.exists(made):
                flong('check', made).expect(0)  # it had its name already
    if told < len(commands):
        raise AssertionError('only %d failures' % told)


def remove(path):
    if path and os.path.isdir(path):
        shutil.rmtree(path)
    elif path and os.path.exists(path):
        os.remove(path)


def main():
    tap = begin()
    if not os.path.exists(FAULT) or not is_told(run(1, 'inspect', 'url', 'http://a.example/')):
        tap.note('SKIP the library that lets allocations fail is not built, or cannot be loaded (sanitizers)')
        tap.end()
    warcio = Warcio()
    with Work() as work:
        crawls = None
        site = Site(work('site'), 'http', lambda request, _: crawls and crawls.asked.append(
            'http://' + request.headers['host'] + request.target))
        crawls = Crawls(work, site, warcio)
        with site:
            tap.run('a crawl', crawls.all, 'c', SHAPES[0])
            tap.run('a crawl with parsers and threads', crawls.all, 'c', SHAPES[1])
            tap.run('a snapshot', crawls.all, 'x.wacz', SHAPES[0])
            tap.note('%d tries stopped the crawl, %d did not' % (crawls.stopped, crawls.passed))
            tap.run('other commands', check_commands, work, work('calm-0-c'))
    warcio.close()
    tap.end()


if __name__ == '__main__':
    sys.exit(main())
