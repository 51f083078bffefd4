#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""feeds - seeds from feeds and sitemaps: which of their stories are captured, when, and what else decides

The feed itself is kept. What a job knows already is not captured again before it is due; a kill in the middle
loses none of the stories that a feed listed.
"""
import datetime
import email.utils
import os
import threading

from little import Little
from scenario import Archive, Flong, Work, begin, flong, read_json, same

QUIET = ('--progress', 'never', '--wait', '0', '--parsers', '1', '--workers', '0', '--depth', '0')
TEXT = '<!doctype html><title>%s</title><h1>%s</h1><p>Words of the story.'


def ago(days):
    return datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days)


def rss(site, stories):
    """Of (name, days ago); None: without a date."""
    items = ''.join('<item><title>%s</title><link>%s</link>%s</item>' % (
        name, site.url('/' + name), '' if days is None else '<pubDate>%s</pubDate>' % email.utils.format_datetime(ago(days)))
                    for name, days in stories)
    return ('application/rss+xml', ('<rss version="2.0"><channel><title>T</title><link>/</link>%s</channel></rss>' % items).encode())


def publish(site, *stories):
    site.pages['/feed'] = rss(site, stories)
    site.pages.update({'/' + name: (TEXT % (name, name)).encode() for name, _ in stories})


def asked(site):
    return sorted(request.path for request in site.taken() if not request.path.endswith(('/robots.txt', '/favicon.ico')))


def since(tap):
    with Work() as work, Little({}) as site:
        publish(site, ('new', 0), ('week', 6), ('old', 400), ('undated', None))
        for number, (options, names) in enumerate((
                ((), ['new', 'old', 'undated', 'week']), (('--since', '7d'), ['new', 'undated', 'week']),
                (('--since', ago(2).strftime('%Y-%m-%d')), ['new', 'undated']), (('--since', 'last'), ['new', 'old', 'undated', 'week']),
                (('--include', '/(new|old)$'), ['new', 'old']), (('--exclude', 'd'), ['new', 'week']))):
            run = flong('crawl', '--feed', site.url('/feed'), *options, '-o', work('%d' % number), *QUIET)
            found = asked(site)
            tap.say(run.code == 0 and found == sorted(['/feed'] + ['/' + name for name in names]), 'stories of a feed %s' % ' '.join(
                options[:1]), run, found)
        archive = Archive(work('1'))
        tap.say(archive.by_url[site.url('/feed')] and {page['url'] for page in archive.pages('pages.jsonl')} == {
            site.url('/' + name) for name in ('new', 'undated', 'week')}, 'the feed is kept, its stories are the seeds')
        reason = archive.skipped()[site.url('/old')]['reason']
        tap.say(reason == 'older than --since', 'what is too old is told', reason)
        publish(site, ('new', 0), ('latest', 0), ('week', 6), ('old', 400))
        run = flong('crawl', '--feed', site.url('/feed'), '--since', 'last', '-o', work('0'), *QUIET)
        found = asked(site)
        tap.say(run.code == 0 and found == ['/feed', '/latest', '/new'], 'since the last reading, and a day before', run, found)
        run = flong('crawl', '--feed', site.url('/feed'), '--since', 'sometime', '-o', work('bad'), *QUIET)
        tap.say(run.code == 2 and 'sometime' in run.err and not os.path.exists(work('bad')), 'no time: exit 2', run)


def kinds(tap):
    with Work() as work, Little({}) as site:
        site.pages.update({'/' + name: (TEXT % (name, name)).encode() for name in 'abcdef'})
        site.pages['/index.xml'] = ('text/xml', ('<sitemapindex>%s</sitemapindex>' % ''.join(
            '<sitemap><loc>%s</loc><lastmod>%s</lastmod></sitemap>' % (site.url(path), ago(days).strftime('%Y-%m-%dT%H:%M:%SZ'))
            for path, days in (('/s1.xml', 0), ('/s2.txt', 1), ('/s3.xml', 90), ('/index2.xml', 0)))).encode())
        site.pages['/s1.xml'] = ('text/xml', ('<urlset><url><loc>%s</loc></url></urlset>' % site.url('/a')).encode())
        site.pages['/s2.txt'] = ('text/plain', (site.url('/b') + '\n').encode())
        site.pages['/s3.xml'] = ('text/xml', b'<urlset/>')
        site.pages['/index2.xml'] = ('text/xml', ('<sitemapindex><sitemap><loc>%s</loc></sitemap></sitemapindex>' % site.url(
            '/s9.xml')).encode())
        site.pages['/json'] = ('application/json', (
            '{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "/c"}]}').encode())
        site.pages['/moved'] = (301, {'Location': '/atom'}, b'')
        site.pages['/atom'] = ('text/plain', b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="d"/></entry></feed>')
        feeds = [word for path in ('/index.xml', '/json', '/moved') for word in ('--feed', site.url(path))]
        run = flong('crawl', *feeds, site.url('/e'), '--since', '30d', '-o', work('all'), *QUIET)
        found = asked(site)
        tap.say(run.code == 0 and found == sorted(['/' + name for name in 'abcde'] + [
            '/index.xml', '/s1.xml', '/s2.txt', '/index2.xml', '/json', '/moved', '/atom']),
                'an index of sitemaps, JSON Feed, Atom behind a redirect, and a seed by hand', run, found)
        with open(work('list'), 'w', encoding='ascii') as file:
            file.write(site.url('/f') + '\n/a\n')
        run = flong('crawl', '--feed', work('list'), '--allow-private', 'all', '-o', work('file'), *QUIET)
        tap.say(run.code == 0 and asked(site) == ['/f'], 'a file', run)
        run = flong('crawl', '--feed', work('list'), '-o', work('private'), *QUIET)
        tap.say(run.code == 4 and not asked(site), 'addresses that only a file names are not allowed to be private', run)
        site.pages['/html'] = b'<p>no feed'
        for name, what, code, told in (('HTML', site.url('/html'), 8, 'neither a feed'), ('nothing', site.url('/none'), 8, '404'),
                                       ('a file that is none', '/dev/null', 2, 'neither a feed'),
                                       ('no file', 'feed.xml', 2, "no file 'feed.xml'")):
            run = flong('crawl', '--feed', what, '-o', work('out' + name.replace(' ', '')), '--retries', '0', *QUIET)
            is_there = os.path.exists(work('out' + name.replace(' ', '')))
            tap.say(run.code == code and told in run.err and is_there == (code != 2), '%s for a feed: exit %d' % (name, code), run)


def robots(tap):
    with Work() as work, Little({}) as site:
        publish(site, ('open', 0), ('closed', 0))
        site.pages['/robots.txt'] = ('text/plain', b'User-agent: *\nDisallow: /closed\nDisallow: /feed\n')
        run = flong('crawl', '--feed', site.url('/feed'), '-o', work('out'), *QUIET)
        found = asked(site)
        tap.say(run.code == 0 and found == ['/feed', '/open'], 'robots.txt counts for what a feed lists, not for the feed', run, found)


def job(tap):
    with Work() as work, Little({}) as site:
        with open(work('job.conf'), 'w', encoding='utf-8') as file:
            file.write('feed = %s\ncollection = %s\nevery = 1h\n%s' % (
                site.url('/feed'), work('job'), 'progress = never\nwait = 0\nparsers = 1\nworkers = 0\n'))
        publish(site, *((name, 1) for name in 'abcdefgh'))
        run = flong('run', work('job.conf'))
        status = read_json(work('job', 'status.json'))
        tap.say(run.code == 0 and len(asked(site)) == 9 and status['stories'] == 8, 'a job of a feed alone', run, status)
        publish(site, ('new', 0), *((name, 1) for name in 'abcdefg'))
        run = flong('run', work('job.conf'))
        found, status = asked(site), read_json(work('job', 'status.json'))
        tap.say(run.code == 0 and found == ['/feed', '/new'] and status['state'] == 'good',
                'its next run takes what is new, and that is not suspicious', run, found, status)
        run = flong('run', work('job.conf'))
        tap.say(run.code == 0 and asked(site) == ['/feed'] and read_json(work('job', 'status.json'))['state'] == 'good',
                'neither is that nothing is new', run)
        publish(site, ('new', 0))
        run = flong('run', work('job.conf'))
        tap.say(run.code == 12, 'a feed that lists far fewer stories is', run)


def killed(tap):
    for lost in (False, True):
        with Work() as work, Little({}) as site:
            publish(site, *((name, 0) for name in 'abcdef'))
            gate, held = threading.Event(), threading.Event()

            def wait(_, gate=gate, held=held):
                held.set()
                gate.wait(60)
                return b'<title>c</title>'
            site.pages['/c'] = wait
            child = Flong('crawl', '--feed', site.url('/feed'), '-o', work('out'), '--jobs', '1', *QUIET)
            held.wait(60)
            child.signal(9)
            gate.set()
            child.end()
            if lost:
                os.remove(work('out', 'state', 'crawl.db'))
            run = flong('resume', work('out'), '--progress', 'never')
            name = 'killed%s: the rest of the feed is captured' % (', and its state lost' if lost else '')
            found = {page['url'] for page in Archive(work('out')).pages('pages.jsonl')}
            tap.say(run.code == 0, name, run)
            tap.run(name + ', each as a seed', same, found, {site.url('/' + letter) for letter in 'abcdef'}, 'pages')


def main():
    tap = begin()
    for part in (since, kinds, robots, job, killed):
        part(tap)
    return tap.end()


if __name__ == '__main__':
    raise SystemExit(main())
