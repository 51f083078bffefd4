#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""disk_full - a disk that gets full, files that may not grow, descriptors that are few

On a small tmpfs, mounted where only this test sees it, a crawl finds no room: before it starts, in
the middle with a reserve, in the middle without one, or no room for one more file. Each time it ends
with exit status 3 and says how to go on; what it has is readable; and once there is room, `flong
resume` alone comes to the same captures as an undisturbed crawl.
"""
import ctypes
import os
import subprocess

from scenario import QUIET, Archive, Flong, Site, Work, begin, flong, same, skip_all

CLONE_NEWNS = 0x20000
DEPTH = ('--depth', '1')
LARGE = 256 << 20


def has_own_mounts():
    """Whether this process has mounts of its own from here on; they are gone with it."""
    libc = ctypes.CDLL(None, use_errno=True)
    return libc.unshare(CLONE_NEWNS) == 0 and \
        subprocess.run(['mount', '--make-rprivate', '/'], check=False, capture_output=True).returncode == 0


class Disk:
    """A tmpfs with so much room."""

    def __init__(self, path, size=LARGE, inodes=0):
        os.makedirs(path)
        self.path = path
        subprocess.run(['mount', '-t', 'tmpfs', '-o', self._options(size, inodes), 'none', path], check=True)

    @staticmethod
    def _options(size, inodes):
        return 'size=%d,nr_inodes=%d' % (size, inodes)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(['umount', '-l', self.path], check=True)

    def resize(self, size=LARGE, inodes=0):
        subprocess.run(['mount', '-o', 'remount,' + self._options(size, inodes), self.path], check=True)

    def used(self):
        room = os.statvfs(self.path)
        return (room.f_blocks - room.f_bfree) * room.f_frsize


def captures(folder):
    return {(exchange.url, exchange.status, exchange.reply.fields.get('warc-payload-digest'))
            for exchange in Archive(folder).exchanges}


def start(site, folder, *options, under=()):
    return Flong('crawl', site.facts['seed'], '-o', folder, *DEPTH, *QUIET, *site.options(), *options, under=under).end()


def says(run, *words):
    for word in words:
        if word not in run.err:
            raise AssertionError('no "%s": %s' % (word, run))


def check_resumed(folder, expected, *options):
    """Resume comes to the end without help."""
    flong('resume', folder, '--progress', 'never', *options).expect(0)
    same(captures(folder), expected, 'captures')
    flong('check', folder).expect(0)


def refuses_to_start(work, site, _, __):
    with Disk(work('small'), 4 << 20) as disk:
        folder = work('small', 'c')
        says(start(site, folder).expect(3), '4.2 MB free', '64 MB are kept', '--min-free')
        if os.listdir(disk.path):
            raise AssertionError('something is left: %s' % os.listdir(disk.path))


def stops_with_a_reserve(work, site, expected, used):
    with Disk(work('disk'), used * 6 // 10 + 1000000) as disk:
        folder = work('disk', 'c')
        # What is under way when it stops takes of the reserve, which is small here: one fetch, and no record waits.
        run = start(site, folder, '--min-free', '1000000', '--jobs', '1', '--workers', '0').expect(3)
        says(run, 'stopping', '--min-free')
        if 'flong resume ' + folder not in run.out + run.err:
            raise AssertionError('not how to go on: %s' % run)
        within_reserve = os.statvfs(disk.path)
        if within_reserve.f_bavail == 0:
            raise AssertionError('nothing of the reserve is left')
        flong('check', folder).expect(0)
        again = flong('resume', folder, '--progress', 'never').expect(3)
        says(again, 'free', '--min-free')
        disk.resize()
        check_resumed(folder, expected)


def stops_without_a_reserve(work, site, expected, used):
    for tenths in (3, 7):
        with Disk(work('disk%d' % tenths), used * tenths // 10) as disk:
            folder = work('disk%d' % tenths, 'c')
            says(start(site, folder, '--min-free', '0').expect(3), 'flong resume ' + folder, 'could not be written')
            disk.resize()
            check_resumed(folder, expected)


def needs_inodes(work, site, expected, _):
    with Disk(work('few'), LARGE, 20) as disk:
        says(start(site, work('few', 'c')).expect(3), 'inodes')
    with Disk(work('inodes'), LARGE, 24) as disk:
        folder = work('inodes', 'c')
        says(start(site, folder, '--min-free', '0', '--warc-size', '20K').expect(3), 'No space left')
        disk.resize()
        check_resumed(folder, expected)


def files_may_not_grow(work, site, expected, _):
    folder = work('limited')
    says(start(site, folder, under=('prlimit', '--fsize=250000')).expect(3), 'flong resume ' + folder)
    check_resumed(folder, expected)


def descriptors_are_few(work, site, expected, _):
    says(start(site, work('none'), under=('prlimit', '--nofile=60')).expect(3), 'ulimit -n')
    folder = work('few-files')
    says(start(site, folder, under=('prlimit', '--nofile=120')).expect(0), 'fetches at a time')
    same(captures(folder), expected, 'captures')
    flong('check', folder).expect(0)


CASES = [
    ('a crawl does not start on a disk with less than the reserve, and says how much is there', refuses_to_start),
    ('a disk that gets full stops the crawl before the reserve is used', stops_with_a_reserve),
    ('a disk that is full in the middle of a write loses nothing', stops_without_a_reserve),
    ('no room for one more file is a full disk too', needs_inodes),
    ('a file that may not grow (RLIMIT_FSIZE) is a full disk too', files_may_not_grow),
    ('few descriptors mean fewer fetches at a time', descriptors_are_few),
]


def main():
    tap = begin()
    if not has_own_mounts():
        skip_all('no right to mount')
    with Work() as work:
        with Site(work('site'), 'http') as site:
            with Disk(work('large')) as disk:
                folder = work('large', 'c')
                start(site, folder).expect(0)
                expected, used = captures(folder), disk.used()
            for claim, case in CASES:
                tap.run(claim, case, work, site, expected, used)
    tap.end()


if __name__ == '__main__':
    main()
