#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""traps - a site without end, followed as far as --scope host goes, comes to an end by itself

Calendar, session ids, filters, an endless "next", a path that repeats: each is cut by its own rule, which the report
names, and the stories behind are all there.
"""
import itertools
import re
from scenario import QUIET, Archive, Work, begin, flong
from small_server import SmallServer

STORIES = 6
SESSIONS = itertools.count(1)


def page(title, *links):
    return '<!doctype html><title>%s</title><h1>%s</h1>%s' % (
        title, title, ''.join('<a href="%s">%s</a> ' % (link, link) for link in links))


def month(year, number):
    return '/calendar/%04d/%02d/' % (year + (number - 1) // 12, (number - 1) % 12 + 1)


def calendar(year, number):
    return page('Calendar', month(year, number - 1), month(year, number + 1), month(year, number + 12))


def shop(query):
    values = dict(item.split('=') for item in query.split('&'))
    size, color = int(values.get('size', 0)), int(values.get('color', 0))
    return page('Shop', '/shop?size=%d&color=%d&sort=1' % (size + 1, color),
                '/shop?size=%d&color=%d&sort=1' % (size, color + 1), '/shop?sort=0&color=%d&size=%d' % (color, size + 1))


def answer(_, target):
    path, _, query = target.partition('?')
    story = re.match(r'/story/(\d+)', path)
    day = re.match(r'/calendar/(\d+)/(\d+)/', path)
    if path == '/':
        return page('Front', '/calendar/2026/11/', '/story/1', '/loop/', '/list?page=1', '/shop?size=1&color=1&sort=1')
    if day:
        return calendar(int(day[1]), int(day[2]))
    if story:
        return page('Story ' + story[1], *('/story/%d?PHPSESSID=%032x' % (n, next(SESSIONS)) for n in range(1, STORIES + 1)))
    if path.startswith('/loop/'):
        return page('Loop', 'again/and/', '/')
    if path == '/list':
        number = int(query.partition('=')[2])
        return page('List', '/list?page=%d' % (number + 1))
    if path == '/shop':
        return shop(query)
    return 404, {}, 'nothing here'


def cut_by(skipped):
    rules = {}
    for row in skipped.values():
        rules.setdefault(row['reason'], []).append(row['url'])
    return rules


def check_end():
    with Work() as work, SmallServer(answer) as server:
        run = flong('crawl', server.url('/'), '-o', work('out'), '--scope', 'host', '--depth', '40', '--images', 'shown',
                    *QUIET).expect(0)
        archive = Archive(work('out'))
        rules, report = cut_by(archive.skipped()), archive.report()
        stories = {re.search(r'/story/(\d+)', url)[1] for url in archive.urls(200) if '/story/' in url}
        if len(stories) != STORIES:
            raise AssertionError('stories captured: %s' % stories)
        for rule in ('trap: calendar', 'trap: session id', 'trap: path that repeats', 'trap: many variants of one path',
                     'over --depth'):
            if rule not in rules:
                raise AssertionError('%s cut nothing: %s' % (rule, sorted(rules)))
        counts = {row['rule']: row['links'] for row in report['traps']}
        if counts != {rule: len(urls) for rule, urls in rules.items() if rule.startswith('trap: ')}:
            raise AssertionError((counts, {rule: len(urls) for rule, urls in rules.items()}))
        for rule in counts:
            if rule.partition(': ')[2] not in run.out:
                raise AssertionError('the report does not name "%s": %s' % (rule, run.out))
        if len(server.asked) > 1500:
            raise AssertionError('%d requests' % len(server.asked))


def check_seeds():
    """What is named by hand, and what a page needs, is taken as it is."""
    deep = '/calendar/1900/01/' + 'x/' * 30
    pages = {deep: '<title>Old</title><img src="/img/img/img/2199-01-01.png?PHPSESSID=0123456789abcdef0123">'}
    with Work() as work, SmallServer(lambda _, target: pages.get(target, (404, {}, 'no'))) as server:
        flong('crawl', server.url(deep), '-o', work('out'), '--scope', 'host', *QUIET).expect(0)
        asked = [asked.target for asked in server.asked]
        for target in (deep, '/img/img/img/2199-01-01.png?PHPSESSID=0123456789abcdef0123'):
            if target not in asked:
                raise AssertionError('%s was not asked for: %s' % (target, asked))


def main():
    tap = begin()
    tap.run('a site of traps ends, and the report says what was cut', check_end)
    tap.run('no rule cuts a seed or what a page needs', check_seeds)
    tap.end()


if __name__ == '__main__':
    main()
