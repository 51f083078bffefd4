#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""dns_faults - names that do not resolve as they should: each costs itself, and nothing else waits for it

In a namespace with a DNS server of its own (see ssrf). One page names a host of every kind between others.
"""
import sys

from scenario import QUIET, Archive, Work, begin, flong
from two_networks import DEAD, PUBLIC, World, in_namespace

# Name -> its lookups (see public_net), and the outcome: captured, or words of the reason.
PLAIN = [[PUBLIC], [], None]
HOSTS = {
    'good.example': ([PLAIN], ''),
    'absent.example': (None, 'cannot be resolved'),
    'empty.example': ([[[], [], None]], 'cannot be resolved'),
    'servfail.example': (['servfail'], 'cannot be resolved'),
    'refused.example': (['refused'], 'cannot be resolved'),
    'silent.example': (['silent'], 'cannot be resolved'),
    'wrong-id.example': (['wrong-id'], 'cannot be resolved'),
    'garbage.example': (['garbage'], 'cannot be resolved'),
    'cut.example': (['cut'], 'cannot be resolved'),
    'loop.example': ([[[], [], 'pool.example']], 'cannot be resolved'),
    'itself.example': ([[[], [], 'itself.example']], 'cannot be resolved'),
    'many.example': ([[[DEAD] * 30 + [PUBLIC], [], None]], ''),
    'thousand.example': ([[['45.0.1.%d' % (number % 250 + 1) for number in range(1000)], [], None]], 'no connection'),
    'dead-six.example': ([[[PUBLIC], ['2a00:45::99'], None]], ''),
    'refusing-six.example': ([[[PUBLIC], ['2a00:45::2'], None]], ''),
    'both-dead.example': ([[[DEAD], ['2a00:45::2'], None]], 'no connection'),
    'late.example': (['servfail', 'servfail', PLAIN], 'cannot be resolved'),
    'last.example': ([PLAIN], ''),
}


def check(claim_host, archive):
    _, words = HOSTS[claim_host]
    url = 'http://%s/i' % claim_host
    captured = bool(archive.by_url[url])
    reason = {row['url']: row['reason'] for row in archive.report()['missing']}.get(url, '')
    if captured == bool(words) or words not in reason or (words and claim_host not in reason):
        raise AssertionError('%s: captured %s, %s' % (url, captured, reason))


def check_eyeballs(archive):
    for host in ('dead-six.example', 'refusing-six.example'):
        found = archive.by_url['http://%s/i' % host][0].reply.fields['warc-ip-address']
        if found != PUBLIC:
            raise AssertionError('%s at %s' % (host, found))


def check_tried_again(work):
    """A name that fails for a moment is asked for again with --retries."""
    flong('crawl', 'http://start.example/late', '-o', work('late'), *QUIET, '--depth', '0', '--retries', '3').expect(0)
    if not Archive(work('late')).by_url['http://moment.example/i']:
        raise AssertionError('moment.example was not tried again')


def inside():
    tap = begin()
    pages = {'/i': [200, {}, 'x'], '/': [200, {'Content-Type': 'text/html'}, ''.join('<img src=http://%s/i>' % host for host in HOSTS)],
             '/late': [200, {'Content-Type': 'text/html'}, '<img src=http://moment.example/i>']}
    zone = {host: lookups for host, (lookups, _) in HOSTS.items() if lookups is not None}
    zone.update({'start.example': [PLAIN], 'pool.example': [[[], [], 'loop.example']], 'moment.example': ['servfail', 'servfail', PLAIN]})
    with Work() as work, World(work, pages, zone, 'timeout:1 attempts:1'):
        run = flong('crawl', 'http://start.example/', '-o', work('out'), *QUIET, '--depth', '0', '--retries', '0', '--robots', 'ignore',
                    '--connect-timeout', '10s')
        tap.run('the crawl ends well', run.expect, 0)
        archive = Archive(work('out'))
        for host in HOSTS:
            tap.run(host, check, host, archive)
        tap.run('an address of IPv6 that is dead or refuses is left for one of IPv4', check_eyeballs, archive)
        tap.run('what fails for a moment is tried again', check_tried_again, work)
    tap.end()


if __name__ == '__main__':
    if sys.argv[1:] == ['inside']:
        inside()
    in_namespace(__file__)
