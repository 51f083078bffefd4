#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""rebuild - a collection whose state is lost or damaged comes to the same end

A crawl is killed; then its database is lost, cut, overwritten, without its log, of a newer version, or older than
the crawl log. `flong resume` says so, sets it aside, makes it anew from the archive and goes on: nothing that was
acknowledged is fetched again, and the end is that of a crawl that nobody disturbed.
"""
import glob
import os
import shutil
import signal
import sqlite3
import sys

from scenario import QUIET, Archive, Flong, Site, Work, begin, crawl, flong
from killed import Kept, Killer, Warcio, result_of, same_result

DEPTH = '1'
INLINE = ('--parsers', '0', '--workers', '0')


def database(folder):
    return os.path.join(folder, 'state', 'crawl.db')


def lose(folder):
    for path in glob.glob(database(folder) + '*'):
        os.remove(path)


def lose_run_too(folder):
    lose(folder)
    os.remove(os.path.join(folder, 'state', 'run'))


def lose_all_of_state(folder):
    shutil.rmtree(os.path.join(folder, 'state'))


def cut(folder):
    settle(folder)
    os.truncate(database(folder), 5000)


def overwrite(folder):
    settle(folder)  # what is in the database's own log would mend it
    with open(database(folder), 'wb') as file:
        file.write(b'no database ' * 1000)


def damage(folder):
    settle(folder)
    with open(database(folder), 'r+b') as file:
        size = os.path.getsize(database(folder))
        for at in range(4096 + 1000, size, 4096):
            file.seek(at)
            file.write(b'\x5a' * 600)


def settle(folder):
    """What the log of the database holds goes into it."""
    with sqlite3.connect(database(folder)) as base:
        base.execute('PRAGMA wal_checkpoint(TRUNCATE)')
    base.close()


def lose_wal(folder):
    os.remove(database(folder) + '-wal')


def newer_version(folder):
    with sqlite3.connect(database(folder)) as base:
        base.execute("UPDATE facts SET value='999' WHERE name='version'")
    base.close()


def lose_texts(folder):
    os.truncate(database(folder) + '.texts', 10)


DAMAGES = (('is lost', lose), ('is lost, and what the crawl was told', lose_run_too),
           ('is lost with all of state/', lose_all_of_state), ('is cut', cut),
           ('is overwritten', overwrite), ('is damaged inside', damage), ('lost its log', lose_wal),
           ('is of a newer version', newer_version), ('lost its texts', lose_texts))
# Without state/run the options have to be given again.
FORGETS = (lose_run_too, lose_all_of_state)


class Case:
    def __init__(self, work, site, killer, calm):
        self.work, self.site, self.killer, self.calm = work, site, killer, calm

    def kill(self, out, after):
        self.killer.arm(after)
        crawler = Flong('crawl', self.site.facts['seed'], '-o', out, '--depth', DEPTH, *INLINE, *QUIET, *self.site.options())
        self.killer.watch(crawler)
        crawler.end().expect(-signal.SIGKILL)

    def resume(self, out, *options):
        self.killer.arm(None)
        return flong('resume', out, *INLINE, '--progress', 'never', *options)

    def run(self, name, harm, after):
        out = self.work('out-' + name)
        self.kill(out, after)
        before = Kept(out, Warcio())
        harm(out)
        options = ('--depth', DEPTH, '--wait', '0', *self.site.options()) if harm in FORGETS else ()
        run = self.resume(out, *options).expect(0)
        if 'made anew from the archive' not in run.err:
            raise AssertionError('nothing is said: %s' % run)
        twice = set(self.killer.asked) & (before.done - set(self.site.truth['cookie_redirects']))
        if twice:
            raise AssertionError('acknowledged and fetched again: %s' % sorted(twice)[:3])
        same_result(result_of(Archive(out)), self.calm)
        lines = {line.text for line in Kept(out, Warcio()).lines}
        if not {line.text for line in before.lines} <= lines:
            raise AssertionError('the crawl log lost lines')
        is_gone = harm in (lose, lose_run_too, lose_all_of_state)
        if bool(glob.glob(database(out) + '.aside-*')) == is_gone:
            raise AssertionError('set aside: %s' % os.listdir(os.path.join(out, 'state')))
        flong('check', out).expect(0)
        shutil.rmtree(out)

    def second_run(self):
        """A finished collection without its state takes another run: what is there is not kept twice."""
        folders = [self.work('whole'), self.work('lost')]
        self.killer.arm(None)
        for out in folders:
            crawl(self.site, out, '--depth', DEPTH, *INLINE).expect(0)
        lose(folders[1])
        counts = []
        for out in folders:
            crawl(self.site, out, '--depth', DEPTH, *INLINE).expect(0)
            archive = Archive(out)
            counts.append((len(archive.pages()), sorted(record.url for record in archive.all if record.type == 'revisit')))
            flong('check', out).expect(0)
        if counts[0] != counts[1] or not counts[0][1]:
            raise AssertionError('pages and revisits: %s' % [(pages, len(urls)) for pages, urls in counts])

    def next_crawl(self):
        """`flong crawl` on an interrupted collection goes on with what was left."""
        out = self.work('next')
        self.kill(out, 100)
        before = Kept(out, Warcio())
        self.killer.arm(None)
        run = crawl(self.site, out, '--depth', DEPTH, *INLINE).expect(0)
        if 'going on with' not in run.err:
            raise AssertionError('nothing is said: %s' % run)
        if len(os.listdir(os.path.join(out, 'archive'))) != 1:
            raise AssertionError('another segment: %s' % os.listdir(os.path.join(out, 'archive')))
        twice = set(self.killer.asked) & (before.done - set(self.site.truth['cookie_redirects']))
        if twice:
            raise AssertionError('acknowledged and fetched again: %s' % sorted(twice)[:3])
        same_result(result_of(Archive(out)), self.calm)


def main():
    tap = begin()
    killer = Killer()
    with Work() as work, Site(work('site'), 'http', killer.on_request) as site:
        crawl(site, work('calm'), '--depth', DEPTH).expect(0)
        case = Case(work, site, killer, result_of(Archive(work('calm'))))
        for number, (name, harm) in enumerate(DAMAGES):
            tap.run('the state %s' % name, case.run, str(number), harm, 100 + 5 * number)
        tap.run('a finished collection without its state takes another run', case.second_run)
        tap.run('the next crawl goes on with an interrupted collection', case.next_crawl)
    tap.end()


if __name__ == '__main__':
    sys.exit(main())
