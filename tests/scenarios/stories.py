#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""stories - what pages say of themselves is kept beside their responses, as --text asks for

The same site is crawled to depth 1 with each choice. A second run finds every page unchanged: its records
stand beside the originals, and only the list grows.
"""
import hashlib
import os
import sys

from scenario import QUIET, Archive, Site, Work, begin, crawl, flong, read_lines, same


class Story:
    """The records that refer to the response of a page."""

    def __init__(self, archive, exchange):
        self.url, self.reply = exchange.url, exchange.reply
        own = [record for record in archive.all
               if record.fields.get('warc-refers-to') == exchange.reply.fields['warc-record-id']]
        self.metadata = [record for record in own if record.type == 'metadata']
        self.texts = [record for record in own if record.type == 'conversion']

    def fields(self):
        lines = self.metadata[0].block.decode().split('\r\n')
        return [tuple(line.split(': ', 1)) for line in lines if line]


def stories_of(archive):
    """url -> what is kept of the page, for those that are listed as pages."""
    pages = {page['url'] for page in archive.pages()}
    return {exchange.url: Story(archive, exchange) for exchange in archive.exchanges
            if exchange.url in pages and exchange.reply.type == 'response' and exchange.status == 200}


def lines_of(archive):
    path = archive.of('stories', 'stories.jsonl')
    return read_lines(path) if os.path.exists(path) else []


def check_records(archive, truth):
    stories = stories_of(archive)
    same(sorted(stories), sorted(page['url'] for page in archive.pages()), 'pages with records')
    texts = {page['url']: page.get('text', '') for page in archive.pages()}
    for url, story in stories.items():
        same([len(story.metadata)], [1], 'metadata records of %s' % url)
        same([record.block.decode() for record in story.texts], [texts[url]] if texts[url] else [], 'text of %s' % url)
        for record in story.metadata + story.texts:
            same([record.url, record.fields['warc-date']], [url, story.reply.fields['warc-date']], 'address and date')
        for record in story.texts:
            same([record.fields['content-type']], ['text/plain; charset=UTF-8'], 'type')
            same([record.fields['warc-payload-digest']], ['sha256:' + hashlib.sha256(record.block).hexdigest()], 'digest')
    for article in truth['articles']:
        if article['url'] in stories:
            check_fields(stories[article['url']], article)


def check_fields(story, article):
    fields = story.fields()
    same([value for name, value in fields if name == 'headline'], [article['headline']], 'headline')
    links = {}
    for name, value in fields:
        if name == 'outlink':
            url, hop, _ = value.split(' ', 2)
            links.setdefault(url, set()).add(hop)
    for related in article['related']:
        if 'L' not in links.get(related['url'], ()):
            raise AssertionError('%s does not lead to %s' % (story.url, related['url']))
    for requisite in article['requisites']:
        if requisite['via'] == story.url and not links.get(requisite['url'], set()) & {'E', 'R', 'I'}:
            raise AssertionError('%s does not need %s' % (story.url, requisite['url']))


def check_lines(archive, truth, runs=1):
    lines = lines_of(archive)
    same(sorted(line['url'] for line in lines), sorted([page['url'] for page in archive.pages()]), 'lines')
    replies = {exchange.reply.fields['warc-record-id']: exchange for exchange in archive.exchanges}
    headlines = {article['url']: article['headline'] for article in truth['articles']}
    texts = {page['url']: page.get('text', '') for page in archive.pages()}
    for line in lines:
        reply = replies['<%s>' % line['record']]
        same([line['url'], line['timestamp']], [reply.url, reply.reply.fields['warc-date']], 'record of the line')
        if line['url'] in headlines:
            same([line['headline']], [headlines[line['url']]], 'headline')
        text = texts[line['url']].encode()
        same([line['textDigest'], line['textBytes']], ['sha256:' + hashlib.sha256(text).hexdigest(), len(text)], 'text')
    same([len(lines)], [runs * len({line['url'] for line in lines})], 'lines a page')


def check_no_records(archive):
    found = [record.type for record in archive.all
             if record.type == 'conversion' or (record.type == 'metadata' and 'warc-refers-to' in record.fields)]
    same(found, [], 'records')


def check_second_run(site, work, first):
    crawl(site, work('records'), '--depth', '1').expect(0)
    archive = Archive(work('records'))
    count = len([record for record in archive.all if record.type == 'conversion'])
    same([count], [len([record for record in first.all if record.type == 'conversion'])], 'texts')
    check_lines(archive, site.truth, 2)


def main():
    tap = begin()
    with Work() as work, Site(work('site')) as site:
        for choice in ('records', 'sidecar', 'none'):
            crawl(site, work(choice), '--depth', '1', '--text', choice).expect(0)
        kept = Archive(work('records'))
        tap.run('each page has its metadata and its text', check_records, kept, site.truth)
        tap.run('and a line in stories.jsonl', check_lines, kept, site.truth)
        tap.run('what was written stands the check', lambda: flong('check', work('records')).expect(0))
        sidecar, none = Archive(work('sidecar')), Archive(work('none'))
        tap.run('--text sidecar: the lines', check_lines, sidecar, site.truth)
        tap.run('--text sidecar: no records', check_no_records, sidecar)
        tap.run('--text none: no records', check_no_records, none)
        tap.run('--text none: no lines', lambda: same(lines_of(none), [], 'lines'))
        tap.run('a second run adds lines and no texts', check_second_run, site, work, kept)
        refused = flong('crawl', site.facts['seed'], '--text', 'all', '-o', work('x'), *QUIET)
        tap.run('another word is refused', lambda: refused.expect(2))
    tap.end()


sys.exit(main())
