#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""exit_codes - each exit code of flong(1), and which one it is where several fit

The codes are those of the manual page: a code that it names and no test here, or the other way round, fails.
"""
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import threading

from little import Little
from scenario import FLONG, PATIENCE, ROOT, Authority, Flong, Work, begin, flong, same, server_context

CASES = []
QUIET = ('--depth', '0', '--progress', 'never', '--wait', '0', '--retries', '0')
# Tested by the scenario of scheduled runs.
ELSEWHERE = {12: 'job.py'}


def case(code, claim):
    def add(function):
        CASES.append((code, claim, function))
        return function
    return add


class World:
    """A server with a page of each kind, a server that nobody trusts, and a port where nobody is."""

    def __init__(self, work, site, secure, nobody):
        self.work, self.site, self.number = work, site, 0
        site.pages.update({
            '/': b'<title>Fine</title>', '/a': b'', '/b': b'', '/many': b'<a href=/a>a</a><a href=/b>b</a>',
            '/incomplete': b'<img src=/nowhere>', '/incomplete-many': b'<img src=/nowhere><a href=/a>a</a>',
            '/private': b'', '/robots.txt': ('text/plain', b'User-agent: *\nDisallow: /private\n')})
        self.fine, self.missing, self.private = site.url(), site.url('/nowhere'), site.url('/private')
        self.incomplete, self.many = site.url('/incomplete'), site.url('/many')
        self.untrusted, self.unreachable = secure.url(), 'http://127.0.0.1:%d/' % nobody

    def output(self):
        self.number += 1
        return self.work('out%d' % self.number)

    def crawl(self, *arguments):
        return flong('crawl', '-o', self.output(), *QUIET, *arguments).code


# --- one reason ---------------------------------------------------------------------------------


@case(0, 'all seeds are captured, whatever they lack')
def fine(world):
    return world.crawl(world.fine, world.incomplete)


@case(0, 'a command is done')
def done(_):
    return flong('inspect', 'url', 'http://a.example/').code


@case(1, 'a file is not there')
def other(world):
    return flong('list', world.work('nothing')).code


@case(1, 'the results cannot be printed')
def full_output(_):
    with open('/dev/full', 'wb') as full:
        return subprocess.run([FLONG, 'help', 'crawl'], stdout=full, stderr=subprocess.DEVNULL, check=False).returncode


@case(2, 'an option that there is not')
def usage(world):
    return world.crawl('--no-such-option', world.fine)


@case(2, 'a file of options with a fault')
def configuration(world):
    with open(world.work('conf'), 'w', encoding='ascii') as file:
        file.write('nothing = 1\n')
    return world.crawl('--config', world.work('conf'), world.fine)


@case(2, 'an output that is there already')
def exists(world):
    path = world.work('there.wacz')
    with open(path, 'wb') as file:
        file.write(b'precious')
    code = flong('crawl', world.fine, '-o', path, *QUIET).code
    with open(path, 'rb') as file:
        same([file.read()], [b'precious'], 'touched')
    return code


def limited(*arguments):
    """flong that may write files of 8 KB only."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
    return subprocess.run([FLONG, *arguments], preexec_fn=limit, capture_output=True, timeout=PATIENCE, check=False).returncode


@case(3, 'the archive cannot be written')
def no_room(world):
    return limited('crawl', world.fine, '-o', world.output(), *QUIET)


@case(4, 'a seed cannot be reached')
def unreachable(world):
    return world.crawl(world.unreachable, world.fine)


@case(5, 'a seed has a certificate that nobody vouches for')
def untrusted(world):
    return world.crawl(world.untrusted, world.fine)


@case(7, 'a seed is refused by robots.txt')
def refused(world):
    return world.crawl('--robots', 'all', world.private, world.fine)


@case(8, 'a seed answers with an error')
def error(world):
    return world.crawl(world.missing, world.fine)


@case(9, 'strict: what a page needs is missing')
def strict(world):
    return world.crawl('--strict', world.incomplete)


def hold(world, *arguments, path='/held'):
    """A crawl that has asked for a page and waits for the answer; and what lets it go on."""

    asked, gate = threading.Event(), threading.Event()

    def answer(_):
        asked.set()
        gate.wait(PATIENCE)
        return b''
    world.site.pages[path] = answer
    child = Flong('crawl', world.site.url(path), '-o', world.output(), *QUIET, *arguments)
    if not asked.wait(PATIENCE):
        raise AssertionError('nobody asked')
    return child, gate


@case(10, 'the collection is in use')
def busy(world):
    child, gate = hold(world)
    code = flong('crawl', world.fine, '-o', child.arguments[child.arguments.index('-o') + 1], *QUIET).code
    gate.set()
    child.end().expect(0)
    return code


@case(11, 'a signal')
def interrupted(world):
    child, gate = hold(world, '--stall', '1s')
    child.signal(signal.SIGTERM)
    code = child.end().code
    gate.set()
    return code


@case(14, 'a limit of pages')
def pages(world):
    return world.crawl('--max-pages', '1', world.fine, world.many)


@case(14, 'a limit of bytes')
def size(world):
    return world.crawl('--max-bytes', '1', '--jobs', '1', world.fine, world.many)


@case(15, 'a limit of time')
def late(world):
    gate = threading.Event()
    world.site.pages['/late'] = lambda request: gate.wait(PATIENCE) and b'' or b''
    code = world.crawl('--max-time', '200ms', '--stall', '1h', '--timeout', '1h', world.site.url('/late'))
    gate.set()
    return code


def damaged(world, change):
    """A WARC file of a small crawl with something changed in its text."""
    output = world.output()
    flong('crawl', world.fine, '-o', output, '--compress', '0', *QUIET).expect(0)
    name, = os.listdir(os.path.join(output, 'archive'))
    path = os.path.join(output, 'archive', name)
    with open(path, 'rb') as file:
        text = file.read()
    changed = change(text)
    if changed == text:
        raise AssertionError('nothing to change')
    with open(path, 'wb') as file:
        file.write(changed)
    return path


@case(16, 'check finds an error')
def wrong(world):
    return flong('check', damaged(world, lambda text: text.replace(b'<title>Fine', b'<title>Fake'))).code


ODD = (b'WARC/1.0\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:uuid:12345678-1234-4234-8234-123456789012>\r\n'
       b'WARC-Date: 2026-01-01T00:00:00Z\r\nWARC-Target-URI: <http://a.example/>\r\nContent-Type: text/plain\r\n'
       b'Content-Length: 2\r\n\r\nhi\r\n\r\n')


@case(17, 'check is asked for warnings and finds one')
def doubtful(world):
    path = world.work('odd.warc')
    with open(path, 'wb') as file:
        file.write(ODD)
    flong('check', path).expect(0)
    return flong('check', '--warnings', path).code


# --- several: 2, 10, 3, 11, 5, 4, 7, 8, 12, 9, 15, 14, 1 ----------------------------------------------


@case(2, 'usage before a collection in use')
def usage_first(world):
    child, gate = hold(world)
    code = flong('crawl', 'ftp://a.example/', '-o', child.arguments[child.arguments.index('-o') + 1], *QUIET).code
    gate.set()
    child.end().expect(0)
    return code


@case(10, 'in use before a seed that cannot be reached')
def busy_first(world):
    child, gate = hold(world)
    code = flong('crawl', world.unreachable, '-o', child.arguments[child.arguments.index('-o') + 1], *QUIET).code
    gate.set()
    child.end().expect(0)
    return code


@case(3, 'no room before a certificate')
def no_room_first(world):
    return limited('crawl', world.untrusted, world.fine, '-o', world.output(), *QUIET)


@case(11, 'a signal before an error')
def signal_first(world):
    child, gate = hold(world, world.missing, '--stall', '1s')
    child.signal(signal.SIGINT)
    code = child.end().code
    gate.set()
    return code


@case(5, 'a certificate before what cannot be reached')
def certificate_first(world):
    return world.crawl('--robots', 'all', world.missing, world.private, world.unreachable, world.untrusted)


@case(4, 'what cannot be reached before robots.txt')
def unreachable_first(world):
    return world.crawl('--robots', 'all', world.missing, world.private, world.unreachable)


@case(7, 'robots.txt before an error')
def robots_first(world):
    return world.crawl('--robots', 'all', world.private, world.missing)


@case(8, 'an error before what is missing')
def error_first(world):
    return world.crawl('--strict', world.missing, world.incomplete)


@case(9, 'what is missing before a limit')
def missing_first(world):
    return world.crawl('--strict', '--max-pages', '1', '--jobs', '1', world.incomplete, world.many)


def check_manual():
    with open(os.path.join(ROOT, 'src', 'cli', 'man', 'flong.1.scd'), encoding='utf-8') as file:
        section = file.read().split('# EXIT STATUS')[1].split('\n# ')[0]
    told = {int(code) for code in re.findall(r'^\*(\d+)\*', section, re.M)}
    tested = {code for code, _, _ in CASES}
    for code, name in ELSEWHERE.items():
        with open(os.path.join(ROOT, 'tests', 'scenarios', name), encoding='utf-8') as file:
            if re.search(r'\b%d\b' % code, file.read()):
                tested.add(code)
    same(tested & told if 12 not in told else tested, told, 'codes')


def run(world, code, function):
    found = function(world)
    if found != code:
        raise AssertionError('exit %s, expected %s' % (found, code))


def main():
    tap = begin()
    with Work() as work, socket.socket() as nobody, Little() as site:
        nobody.bind(('127.0.0.1', 0))    # bound and never listening
        authority = Authority(work.folder('authority'))
        with Little({'/': b''}, tls=server_context(*authority.issue('here', ['IP:127.0.0.1']))) as secure:
            world = World(work, site, secure, nobody.getsockname()[1])
            for code, claim, function in CASES:
                tap.run('%d: %s' % (code, claim), run, world, code, function)
        tap.run('the manual page names these codes', check_manual)
    tap.end()


sys.exit(main())
