#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""network_down - the network goes away in the middle of a crawl, and comes back: no URL fails for it

In a network namespace of its own, where the loopback interface is the whole network. Skipped without the rights for one.
"""
import ctypes
import fcntl
import os
import socket
import struct
from scenario import PATIENCE, Archive, Flong, Work, begin
from small_server import SmallServer
from tap import skip_all

CLONE_NEWNET = 0x40000000
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
HOSTS = ['one.test', 'two.test', 'three.test']
PAGES = 30
# Long enough for a busy machine, which is not to seem a network that is down.
LIMIT = ('--stall', '4s', '--connect-timeout', '4s', '--retries', '1', '--wait', '0', '--progress', 'never')


def own_network():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        skip_all('no network namespace: ' + os.strerror(ctypes.get_errno()))
    loopback(True)


def loopback(up):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        fcntl.ioctl(handle, SIOCSIFFLAGS, struct.pack('16sh', b'lo', IFF_UP if up else 0))


def answer_until(number, down):
    """Pages; the request with this number finds the network gone."""
    count = iter(range(1, 10**6))

    def answer(_, target):
        if next(count) == number:
            down()
        if target == '/robots.txt':
            return 404, {}, ''
        return '<title>%s</title>%s' % (target, ''.join('<a href="/story/%d">%d</a>' % (n, n) for n in range(PAGES)))
    return answer


def check_outage():
    with Work() as work, SmallServer(answer_until(40, lambda: loopback(False))) as server:
        seeds = [server.url('/', host) for host in HOSTS]
        child = Flong('crawl', *seeds, '-o', work('out'), '--scope', 'host', *LIMIT, *server.resolve(*HOSTS))
        lines = []
        for line in child.child.stderr:
            lines.append(line.decode())
            if 'network' in lines[-1]:
                break
        loopback(True)
        run = child.end(PATIENCE)
        lines += run.err.splitlines()
        run.expect(0)
        archive = Archive(work('out'))
        pages = [url for url in archive.urls(200) if url.endswith('/') or '/story/' in url]
        if len(pages) != len(HOSTS) * (PAGES + 1):
            raise AssertionError('%d captured' % len(pages))
        if archive.report()['pagesFailed'] != 0:
            raise AssertionError(archive.report())
        said = [line for line in lines if 'network' in line]
        if len(said) != 2 or 'seems to be down' not in said[0] or 'is back after' not in said[1]:
            raise AssertionError(lines)


def main():
    tap = begin()
    own_network()
    tap.run('a crawl waits until the network is back', check_outage)
    tap.end()


if __name__ == '__main__':
    main()
