#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""byte_truth - every exchange that the site logged is in the archive once, byte for byte

Request and response blocks are compared with the server's log, plain and over TLS, whole and cut
replies; interim replies are in the metadata record; digests are computed anew.
"""
import base64
import re
import sys
from collections import defaultdict

from scenario import QUIET, Archive, Site, Work, begin, crawl, digest_is, flong, payload_of


def head_of(data):
    end = data.find(b'\r\n\r\n')
    return data if end < 0 else data[:end + 4]


def payload_bytes(response):
    """Payload of a reply of the site: without transfer coding, content coding kept."""
    head, body = head_of(response), response[len(head_of(response)):]
    if not re.search(rb'(?i)\r\ntransfer-encoding:[ \t]*chunked', head):
        return body
    out = b''
    while body:
        line, _, rest = body.partition(b'\r\n')
        size = int(line.split(b';')[0], 16)
        if size == 0:
            break
        out, body = out + rest[:size], rest[size + 2:]
    return out


class Comparison:
    def __init__(self, wire, archive):
        self.wire, self.archive = wire, archive
        self.by_id = {each.reply.fields['warc-record-id']: each for each in archive.exchanges}
        self.kept = self.revisits = 0
        self.lost = []

    def fits(self, each, exchange):
        """None when this capture is that exchange of the log, else what differs."""
        if exchange.request is None or exchange.request.block != each.request:
            return 'request'
        if exchange.reply.type == 'revisit':
            return self._revisit(each, exchange)
        if exchange.reply.block != each.response:
            return 'response of %d bytes, sent were %d' % (len(exchange.reply.block), len(each.response))
        return None

    def _revisit(self, each, exchange):
        if exchange.reply.block != head_of(each.response):
            return 'head of a revisit'
        original = self.by_id.get(exchange.reply.fields.get('warc-refers-to'))
        if original is None or original.reply.type != 'response':
            return 'original of a revisit'
        if payload_of(original.reply) != payload_bytes(each.response):
            return 'payload of the original'
        self.revisits += 1
        return None

    def run(self):
        """Each row of the log takes its own capture; what is left on either side is wrong."""
        left = defaultdict(list)
        for exchange in self.archive.exchanges:
            left[exchange.url].append(exchange)
        self.pairs = []
        for each in self.wire:
            found, why = None, ['no capture']
            for exchange in left[each.url]:
                difference = self.fits(each, exchange)
                if difference is None:
                    found = exchange
                    break
                why.append(difference)
            if found is None:
                self.lost.append('%s: %s' % (each.url, '; '.join(why[-2:])))
            else:
                left[each.url].remove(found)
                self.pairs.append((each, found))
                self.kept += len(each.request) + len(found.reply.block)
        self.extra = [url for url, exchanges in left.items() for _ in exchanges]


def check_bytes(comparison):
    if comparison.lost or comparison.extra:
        raise AssertionError('lost %d %s, too much %d %s' % (
            len(comparison.lost), comparison.lost[:5], len(comparison.extra), comparison.extra[:5]))
    if not comparison.pairs:
        raise AssertionError('nothing was compared')


def check_cut(comparison):
    """A cut reply is marked, a whole one is not."""
    for each, exchange in comparison.pairs:
        marked = exchange.reply.fields.get('warc-truncated')
        if exchange.reply.type == 'revisit':
            expected = marked if marked in (None, 'length') else None
        else:
            expected = None if each.complete else 'disconnect'
        if marked != expected:
            raise AssertionError('%s: WARC-Truncated is %s, expected %s' % (each.url, marked, expected))


def check_interim(comparison, expects_some):
    count = 0
    for each, exchange in comparison.pairs:
        notes = exchange.notes()
        kept = base64.b64decode(notes.get('http-1xx-base64', ''))
        if kept != each.interim:
            raise AssertionError('%s: interim %r, sent was %r' % (each.url, kept, each.interim))
        count += bool(kept)
    if expects_some and not count:
        raise AssertionError('no reply had an interim one')


def check_digests(archive):
    for record in archive.all:
        where = '%s %s' % (record.type, record.url)
        block, payload = (record.fields.get('warc-%s-digest' % kind) for kind in ('block', 'payload'))
        if not block or not digest_is(block, record.block):
            raise AssertionError('%s: block digest %s' % (where, block))
        if record.type == 'response':
            content = payload_of(record)
            if content is None:  # cut inside a chunk: what there is counts
                content = payload_bytes_of_cut(record)
            if not payload or not digest_is(payload, content):
                raise AssertionError('%s: payload digest %s' % (where, payload))


def payload_bytes_of_cut(record):
    body, out = record.http()[2], b''
    while b'\r\n' in body:
        line, _, rest = body.partition(b'\r\n')
        size = int(line.split(b';')[0], 16)
        out, body = out + rest[:size], rest[size + 2:]
    return out


def compare(tap, name, site, folder, odd):
    comparison = Comparison(site.wire(), Archive(folder))
    comparison.run()
    tap.run(name + 'every exchange once, byte for byte', check_bytes, comparison)
    tap.run(name + 'cut replies are marked, whole ones not', check_cut, comparison)
    tap.run(name + 'interim replies are kept beside', check_interim, comparison, odd)
    tap.run(name + 'digests are right', check_digests, comparison.archive)
    tap.note('%s%d exchanges, kept %d bytes, lost %d, revisits %d' % (
        name, len(comparison.pairs), comparison.kept, len(comparison.lost), comparison.revisits))
    return comparison


def check_odd(comparison, truth):
    """Each odd reply: captured with its status, tried once more where that may help."""
    for row in truth['odd']:
        statuses = [exchange.status for exchange in comparison.archive.by_url[row['url']]]
        second = row['status'] if row['outcome'] == 'truncated' else row.get('then')
        expected = [row['status']] + ([second] if second else [])
        if statuses != expected:
            raise AssertionError('%s: statuses %s, expected %s' % (row['url'], statuses, expected))
        if row['outcome'] == 'truncated' and 'outcome' not in comparison.archive.by_url[row['url']][0].notes():
            raise AssertionError('%s: the outcome is not told' % row['url'])


def story(tap, scheme):
    with Work() as work, Site(work('site'), scheme) as site:
        run = crawl(site, work('out'), '--depth', '1')
        if tap.say(run.code == 0, scheme + ' story: ends with exit 0', run):
            comparison = compare(tap, scheme + ' story: ', site, work('out'), True)
            tap.run(scheme + ' story: a wrong byte would be seen', check_tampered, comparison)


def check_tampered(comparison):
    """The comparison itself sees a byte that is different, missing or twice."""
    each = max((each for each, exchange in comparison.pairs if exchange.reply.type == 'response'),
               key=lambda each: len(each.response))
    whole = each.response
    for wrong in (whole[:-1] + bytes([whole[-1] ^ 1]), whole[:-1], whole + b'\n'):
        each.response = wrong
        again = Comparison(comparison.wire, comparison.archive)
        again.run()
        each.response = whole
        if len(again.lost) != 1 or again.extra != [each.url]:
            raise AssertionError('lost %s, too much %s' % (again.lost, again.extra))
    again = Comparison(comparison.wire[1:], comparison.archive)
    again.run()
    if again.extra != [comparison.wire[0].url]:
        raise AssertionError('a capture too much was not seen')


def check_proxied(archive):
    """The proxy's address is not the server's: it is left out."""
    addresses = [record.fields['warc-ip-address'] for record in archive.all if 'warc-ip-address' in record.fields]
    if addresses:
        raise AssertionError('addresses %s' % addresses[:3])
    if not archive.exchanges[0].request.block.startswith(b'GET http://'):
        raise AssertionError('the request is not as a proxy is asked')


def proxied(tap):
    with Work() as work, Site(work('site'), 'http') as site:
        port = site.facts['hosts']['www.harbour-courier.example']['http_port']
        run = flong('crawl', site.facts['seed'], '-o', work('out'), '--depth', '0', *QUIET,
                    '--proxy', 'http://127.0.0.1:%d' % port)
        if tap.say(run.code == 0, 'through a proxy: ends with exit 0', run):
            comparison = compare(tap, 'through a proxy: ', site, work('out'), False)
            tap.run('through a proxy: no address is claimed', check_proxied, comparison.archive)


def odd(tap, scheme):
    name = scheme + ' odd replies: '
    with Work() as work, Site(work('site'), scheme) as site:
        run = crawl(site, work('out'), '--depth', '1', '--scope', 'host', '--include', '/odd/',
                    '--retries', '1', seed=site.truth['odd_page'])
        if tap.say(run.code == 0, name + 'end with exit 0', run):
            comparison = compare(tap, name, site, work('out'), True)
            tap.run(name + 'statuses and outcomes are those of the truth', check_odd, comparison, site.truth)


def main():
    tap = begin()
    for scheme in ('https', 'http'):
        story(tap, scheme)
        odd(tap, scheme)
    proxied(tap)
    tap.end()


if __name__ == '__main__':
    sys.exit(main())
