#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""sandbox - what reads hostile bytes can do nothing else, and reads as well as ever

A parser tries what must fail, in the very process that reads documents. Then pages in every kind of
encoding are read: converters are files that the C library loads on first use, which a process in the
sandbox cannot do any more.
"""
import os
import socket
import subprocess

from scenario import FLONG, QUIET, Resource, Site, Work, begin, flong, read_lines, same
from tap import skip_all

LEFT_OUT = 'sandbox: none (built with a sanitizer)'
# Encoding of the standard, Python's name for it, a title that it can write.
TITLES = (
    ('utf-8', 'utf-8', 'Fähre nach Süden'), ('windows-1252', 'cp1252', 'Fähre “nach” Süden'),
    ('windows-1251', 'cp1251', 'Паром на юг'), ('koi8-r', 'koi8-r', 'Паром на юг'),
    ('iso-8859-7', 'iso8859-7', 'Πλοίο για νότο'), ('windows-1256', 'cp1256', 'عبارة إلى الجنوب'),
    ('windows-874', 'cp874', 'เรือข้ามฟาก'), ('macintosh', 'mac-roman', 'Fähre nach Süden'),
    ('shift_jis', 'cp932', '南行きのフェリー'), ('euc-jp', 'euc-jp', '南行きのフェリー'),
    ('iso-2022-jp', 'iso2022_jp', '南行きのフェリー'), ('euc-kr', 'cp949', '남쪽으로 가는 배'),
    ('big5', 'big5hkscs', '往南渡輪'), ('gb18030', 'gb18030', '往南渡轮'), ('gbk', 'gbk', '往南渡轮'),
)


def run_parser(mode, output):
    """The hidden command with its three descriptors in place; its exit code."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs, open(output, 'w+b') as file:
        high = [os.dup(fd) for fd in (theirs.fileno(), file.fileno(), file.fileno())]
        high = [os.dup2(fd, 100 + number) for number, fd in enumerate(high)]

        def place():
            for number, fd in enumerate(high):
                os.dup2(fd, 3 + number)

        code = subprocess.run([FLONG, 'parser-process', mode], preexec_fn=place, close_fds=False, check=False).returncode  # pylint: disable=W1509
        for fd in high:
            os.close(fd)
    return code


def probe(tap, work):
    """Each thing that a parser must not be able to do is a claim of its own."""
    code = run_parser('probe', work('probe'))
    with open(work('probe'), encoding='ascii') as file:
        lines = file.read().splitlines()
    tap.run('the probe ends well', same, [code], [0], 'exit code')
    tap.run('all sixteen are tried', same, [lines[0] if lines else ''], ['1..16'], 'plan')
    for line in lines[1:]:
        result, claim = line.split(' - ', 1)
        tap.say(result.startswith('ok '), 'inside the parser, ' + claim)


def titles(site, work, *options):
    """Crawls a page in each encoding; the titles found."""
    seeds = []
    for charset, codec, title in TITLES:
        page = '<!doctype html><title>%s</title><h1>%s</h1><p>x</p>' % (title, title)
        site.pages.resources['www', '/' + charset] = Resource('text/html; charset=' + charset, page.encode(codec))
        seeds.append('https://www.harbour-courier.example/' + charset)
    run = flong('crawl', *seeds, '--depth', '0', '-o', work, '--wait', '0', *QUIET, *site.options(), *options)
    run.expect(0)
    return {page['url'].rsplit('/', 1)[1]: page.get('title') for page in read_lines(os.path.join(work, 'pages', 'pages.jsonl'))[1:]}


def check_titles(site, work, *options):
    found = titles(site, work, *options)
    wanted = {charset: title for charset, _, title in TITLES}
    same(sorted(found.items()), sorted(wanted.items()), 'titles')


def main():
    tap = begin()
    if LEFT_OUT in flong('--version', '-v').out:
        skip_all('a build with a sanitizer has no sandbox')
    with Work() as work, Site(work('site')) as site:
        probe(tap, work)
        tap.run('pages of %d encodings are read in the sandbox' % len(TITLES), check_titles, site, work('on'))
        tap.run('and without it', check_titles, site, work('off'), '--sandbox', 'off')
    tap.end()


main()
