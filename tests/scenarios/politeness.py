#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""politeness - when a host is asked, by the clock of its server

Only least distances are asserted: a slow machine makes them longer. Hosts of one crawl are led to one server, which
notes when each request arrives and when its reply begins.
"""
import email.utils
import itertools
import re
import time
from scenario import Archive, Site, Work, begin, crawl, flong
from small_server import SmallServer

SLACK = 0.002  # both programs count whole milliseconds
PAGES = 4
BODY = '<!doctype html><title>%s</title><h1>A story</h1>%s'


def story(number, links=''):
    return BODY % ('Story %d' % number, links)


def links():
    return ''.join('<a href="/story/%d">Story %d</a> ' % (n, n) for n in range(1, PAGES + 1))


def distances(asked):
    """From the reply to a page to the request for the next page."""
    pages = [each for each in asked if each.target == '/' or each.target.startswith('/story/')]
    return [after.arrived - before.replied for before, after in zip(pages, pages[1:])]


def at_least(found, seconds, what):
    if not found or min(found) < seconds - SLACK:
        raise AssertionError('%s: %s, asked for %s' % (what, ['%.3f' % each for each in found], seconds))


def run(work, server, hosts, *options):
    seeds = [server.url('/', host) for host in hosts]
    result = flong('crawl', *seeds, '-o', work('out'), '--scope', 'host', '--progress', 'never', *options,
                   *server.resolve(*hosts))
    return result, Archive(work('out'))


class Busy:
    """Answers that begin with refusals: a status and its fields, then pages."""

    def __init__(self, *refusals):
        self.refusals = iter(refusals)

    def __call__(self, target):
        if target == '/story/1':
            refusal = next(self.refusals, None)
            if refusal:
                return refusal[0], refusal[1], 'later'
        return story(1)


def check_waits():
    """A pause that adapts, one that robots.txt asks for, Retry-After as seconds and as a date, 429 alone."""
    def soon():
        return {'Retry-After': email.utils.formatdate(time.time() + 2, usegmt=True)}
    busy = {'seconds.test': Busy((503, {'Retry-After': '1'})), 'date.test': None, 'many.test': Busy((429, {}), (429, {})),
            'odd.test': Busy((503, {'Retry-After': '-1'}))}
    dates = []

    def answer(host, target):
        if target == '/robots.txt':
            return 200, {'Content-Type': 'text/plain'}, 'User-agent: *\nCrawl-delay: 0.3\n' if host == 'delay.test' else ''
        if target == '/':
            return BODY % ('Front', links())
        if host == 'date.test' and target == '/story/1' and not dates:
            fields = soon()
            dates.append(email.utils.parsedate_to_datetime(fields['Retry-After']).timestamp() - time.time() + time.monotonic())
            return 503, fields, 'later'
        return busy[host](target) if busy.get(host) else story(1)
    hosts = ['plain.test', 'delay.test', 'seconds.test', 'date.test', 'many.test', 'odd.test']
    with Work() as work, SmallServer(answer) as server:
        result, archive = run(work, server, hosts)
        result.expect(0)
        at_least(distances(server.of('plain.test')), 0.1, 'adaptive')
        at_least(distances(server.of('delay.test')), 0.3, 'crawl-delay')
        for host, least in (('seconds.test', [1]), ('many.test', [1, 2]), ('odd.test', [1])):
            refused = [each for each in server.of(host) if each.target == '/story/1'][:len(least)]
            for each, seconds in zip(refused, least):
                later = [other.arrived for other in server.of(host) if other.arrived > each.arrived]
                at_least([min(later) - each.replied], seconds, host)
        later = [each.arrived for each in server.of('date.test') if each.arrived > dates[0] - 10 and each.target == '/story/1']
        at_least([later[1] - dates[0]], 0, 'date')
        behind = [each for each in server.of('many.test') if each.target.startswith('/story/')]
        at_least(distances(behind[behind.index(refused_last(behind)):]), 0.1, 'a host that was busy')
        for host in hosts:
            if len([url for url in archive.urls(200) if '/%s:' % host in url and '/story/' in url]) != PAGES:
                raise AssertionError('%s: %s' % (host, sorted(archive.urls(200))))


def refused_last(asked):
    return [each for each in asked if each.target == '/story/1'][-1]


def check_turns():
    """Hosts that are due take turns: none is ever more than two stories ahead (a turn may be that of an icon)."""
    hosts = ['one.test', 'two.test', 'three.test']
    with Work() as work, SmallServer(lambda _, target: (404, {}, '') if target == '/robots.txt' else BODY % (
            target, links() if target == '/' else '')) as server:
        run(work, server, hosts, '--wait', '0', '--jobs', '1')[0].expect(0)
        stories = [each.host for each in server.asked if each.target.startswith('/story/')]
        for end in range(len(stories)):
            counts = [stories[:end].count(host) for host in hosts]
            if max(counts) - min(counts) > 2:
                raise AssertionError(stories)
        if len(stories) != PAGES * len(hosts):
            raise AssertionError(stories)


def check_robots():
    """Kept as it came, asked for once; redirects are followed, errors of the server forbid, those of the client do not."""
    count = itertools.count()

    def answer(host, target):
        hop = re.match(r'/hop(\d+)', target)
        if target == '/robots.txt' and host in ('near.test', 'far.test'):
            return 301, {'Location': '/hop1'}, ''
        if hop:
            if int(hop[1]) == (5 if host == 'near.test' else 6):
                return 200, {'Content-Type': 'text/plain'}, 'User-agent: *\nDisallow: /story/1\n'
            return 302, {'Location': '/hop%d' % (int(hop[1]) + 1)}, ''
        if target == '/robots.txt':
            next(count)
            return {'gone.test': (403, {}, 'no'), 'broken.test': (500, {}, 'oh')}[host]
        return BODY % (target, links() if target == '/' else '')
    hosts = ['near.test', 'far.test', 'gone.test', 'broken.test']
    with Work() as work, SmallServer(answer) as server:
        result, archive = run(work, server, hosts, '--wait', '0', '--retries', '0')
        result.expect(0)
        refused = {re.sub(r'^http://|:\d+', '', url): row['reason'] for url, row in archive.skipped().items()}
        expected = {'near.test/story/1': 'refused by robots.txt'}
        expected.update({'broken.test/story/%d' % n: 'robots.txt could not be fetched' for n in range(1, PAGES + 1)})
        if refused != expected:
            raise AssertionError(refused)
        if next(count) != 2:
            raise AssertionError('robots.txt was asked for more than once')
        kept = [url for url in archive.by_url if url.endswith('/robots.txt')]
        if len(kept) != len(hosts):
            raise AssertionError(kept)


def check_order():
    """Where place decides what is followed, related stories are asked for before navigation."""
    with Work() as work, Site(work('site'), 'http') as site:
        crawl(site, work('out'), '--scope', 'host', '--jobs', '1', '--images', 'shown', '--media', 'none',
              '--max-pages', '3').expect(14)
        seed = site.facts['seed']
        related = next(story['related'] for story in site.truth['articles'] if story['url'] == seed)
        followed = [page['url'] for page in Archive(work('out')).pages() if page['url'] != seed]
        if len(followed) != 2 or not set(followed) <= {link['target'] for link in related}:
            raise AssertionError((followed, related))


def main():
    tap = begin()
    tap.run('a host is asked when it may be, and not before', check_waits)
    tap.run('hosts take turns', check_turns)
    tap.run('robots.txt is kept, and obeyed as it came', check_robots)
    tap.run('related stories go first', check_order)
    tap.end()


if __name__ == '__main__':
    main()
