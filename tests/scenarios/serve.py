#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""serve - flong serve over HTTP: captures as they were kept, what is turned in them, the index and
TimeMaps, ranges, and what is refused"""
import gzip
import json
import os
import re
import shutil
import sys

from scenario import Archive, Flong, Site, Work, begin, crawl, flong, payload_of, same
import serving


def insist(fine, what):
    if not fine:
        raise AssertionError(what)


def Server(*what):
    return serving.Server(Flong, *what)


def decoded(exchange):
    """The body as a browser sees it; None for codings that Python does not have."""
    coding = [value for name, value in exchange.reply.http()[1] if name.lower() == 'content-encoding']
    if coding not in ([], ['gzip']):
        return None
    body = payload_of(exchange.reply)
    return gzip.decompress(body) if coding else body


def stamp_of(exchange):
    return re.sub(r'\D', '', exchange.reply.fields['warc-date'])


def check_raw(server, archive):
    """Every captured reply that is a full body comes back byte for byte, decoded."""
    count = 0
    for exchange in archive.exchanges:
        wanted = decoded(exchange) if exchange.reply.type == 'response' and exchange.status == 200 else None
        if wanted is None:
            continue
        status, fields, body = server.capture('/kept/%sid_/%s' % (stamp_of(exchange), exchange.url))
        insist((status, body) == (200, wanted), 'id_ of %s: %s' % (exchange.url, status))
        insist('content-encoding' not in fields, 'a coding of ' + exchange.url)
        count += 1
    insist(count > 50, 'only %d' % count)


def check_page(server, site):
    status, fields, body = server.capture('/kept/mp_/' + site.facts['seed'])
    text = body.decode()
    insist(status == 200 and fields['content-type'].startswith('text/html'), 'the seed: %s' % status)
    insist('Memento-Datetime'.lower() in fields and 'rel="original"' in fields['link'], 'no memento')
    insist(fields['content-security-policy'].startswith("default-src 'self'"), 'policy')
    insist('set-cookie' not in fields, 'a cookie')
    insist(fields.get('connection') != 'close', 'each request needs a connection of its own')
    insist(re.fullmatch(r'http://127.0.0.1:%d/kept/\d{17}mp_/%s' % (server.captures, re.escape(site.facts['seed'])),
                        fields['content-location']), fields['content-location'])
    insist('<%s>; rel="memento"; datetime="%s"' % (fields['content-location'], fields['memento-datetime']) in fields['link'],
           fields['link'])
    loads = re.findall(r'<(?:img|script|link|iframe|source)[^>]*? (?:src|href|srcset)="(https?:)?//', text)
    insist(not loads, 'addresses of other hosts: %s' % loads[:3])
    pictures = re.findall(r'<img[^>]* src="(/kept/\d+im_/[^"]+)"', text)
    insist(pictures, 'no pictures')
    for target in pictures:
        insist(server.capture(target.replace('&amp;', '&'))[0] == 200, 'picture ' + target)


def check_redirect(server, archive):
    exchange = next(e for e in archive.exchanges if e.status in (301, 302, 307, 308))
    status, fields, _ = server.capture('/kept/%smp_/%s' % (stamp_of(exchange), exchange.url))
    insist(status in (302, 303, 307) and fields['location'].startswith('/kept/'), '%s %s' % (status, fields))
    insist(server.capture(fields['location'])[0] == 200, 'where it leads: ' + fields['location'])
    status, fields, body = server.capture('/kept/%sid_/%s' % (stamp_of(exchange), exchange.url))
    same([status, body], [exchange.status, decoded(exchange)], 'a redirect as it was')
    insist('id_/' in fields['location'], fields['location'])


def check_ranges(server, archive):
    exchange = next(e for e in archive.exchanges if e.status == 200 and e.url.endswith('.jpg'))
    target = '/kept/%sim_/%s' % (stamp_of(exchange), exchange.url)
    whole = payload_of(exchange.reply)
    status, fields, body = server.capture(target, Range='bytes=10-19')
    insist((status, body) == (206, whole[10:20]), 'a part: %s' % status)
    same([fields['content-range']], ['bytes 10-19/%d' % len(whole)], 'Content-Range')
    insist(server.capture(target, Range='bytes=-5')[2] == whole[-5:], 'the last five')
    insist(server.capture(target, Range='bytes=%d-' % len(whole))[0] == 416, 'behind the end')
    insist(server.capture(target, Range='bytes=0-1,3-4')[2] == whole, 'several ranges')
    status, fields, body = server.get('/kept/file/indexes/index.cdx', Range='bytes=0-7')
    insist((status, len(body)) == (206, 8), 'a stored file: %s' % status)
    insist('access-control-allow-origin' not in fields, 'others may read it')


def check_index(server, archive):
    rows = archive.index()
    status, _, body = server.get('/kept/cdx?url=*.example&output=json')
    insist(status == 200, 'status %s' % status)
    found = [json.loads(line) for line in body.decode().splitlines()]
    same([(row['urlkey'], row['timestamp'], row['url']) for row in found],
         [(key, stamp, row['url']) for key, stamp, row in rows], 'rows')
    seed = rows[0][2]['url']
    last = server.get('/kept/cdx?output=text&fl=url&limit=1&url=' + seed)[2].decode()
    same([last], [seed + '\n'], 'one row')
    links = server.get('/kept/timemap/link/' + seed)[2].decode()
    insist('rel="memento"' in links and 'rel="original"' in links, links)
    insist(server.get('/kept/cdx')[0] == 400, 'no URL')
    insist(server.get('/kept/cdx?url=x&filter=~url:(')[0] == 400, 'a bad expression')


def check_gate(server, site):
    status, fields, _ = server.capture('/kept/' + site.facts['seed'],
                                       Accept_Datetime='Thu, 01 Jan 1998 00:00:00 GMT')
    insist(status == 302 and 'mp_/' in fields['location'] and fields['vary'] == 'accept-datetime', fields)
    insist(server.capture(fields['location'].split('/', 3)[3].join(['/', '']))[0] == 200, 'the memento')


def check_library(server, site):
    for target in ('/', '/kept/', '/kept/urls', '/search?q=pilots', '/kept/*/' + site.facts['seed'],
                   '/kept/%s' % site.facts['seed']):
        status, fields, body = server.get(target)
        insist(status == 200 and body.startswith(b'<!DOCTYPE html>'), '%s: %s' % (target, status))
        insist("default-src 'none'" in fields['content-security-policy'], target)
    record = re.search(rb'href="(/kept/record[^"]*)"', server.get('/kept/urls')[2])[1].decode().replace('&amp;', '&')
    insist(b'Verified' in server.get(record)[2], 'record ' + record)
    insist(b'1 story found' in server.get('/search?q=lanterns')[2], 'search')
    word = '"><script>alert(1)</script>'
    reflected = server.get('/search?q=' + word.replace('"', '%22').replace('<', '%3C').replace('>', '%3E'))[2]
    insist(b'<script>alert' not in reflected and b'&lt;script&gt;alert' in reflected, 'what is searched is markup')


def check_missing(server):
    status, fields, body = server.capture('/kept/mp_/https://no.example/%3Cb%3E')
    insist(status == 404 and b'Not in this archive' in body and b'<b>' not in body, '%s' % status)
    insist("default-src 'self'" in fields['content-security-policy'], 'no policy')
    insist(server.capture('/kept/im_/https://no.example/x.png')[0] == 404, 'a picture')
    insist(server.get('/none/')[0] == 404, 'a collection that is not there')


def check_almost(server, archive, site):
    """What differs in what breaks caches only, or is a file in another version, is shown; as evidence it is not there."""
    picture = next(e.url for e in archive.exchanges if e.status == 200 and e.url.endswith('.jpg'))
    seed = site.facts['seed']
    for mod, url, there in (('im_', picture + '?_=1700000000000', picture), ('im_', picture + '?size=9', picture),
                            ('mp_', seed + '?utm_source=feed', seed), ('id_', picture + '?_=1700000000000', None),
                            ('mp_', seed + '?page=2', None), ('im_', picture + '.png', None)):
        status, fields, _ = server.capture('/kept/%s/%s' % (mod, url))
        same([status, fields.get('content-location', '').partition('_/')[2] or None], [200 if there else 404, there], url)
    status, _, body = server.get('/kept/cdx?fl=url,is_fuzzy&output=json&url=' + picture + '%3Fv=1')
    insist(json.loads(body) == {'url': picture, 'is_fuzzy': '1'}, 'rows of almost the URL: %s' % body)
    insist(server.get('/kept/timemap/link/' + picture + '?v=1')[0] == 404, 'a TimeMap of another URL')


def check_stray(server, site):
    seed = site.facts['seed']
    own = 'http://127.0.0.1:%d/kept/20260101mp_/%s' % (server.captures, seed)
    status, fields, _ = server.capture('/assets/made-by-a-script.png', Referer=own)
    host = '/'.join(seed.split('/')[:3])
    same([status, fields['location']], [307, '/kept/20260101oe_/%s/assets/made-by-a-script.png' % host], 'where to')


def check_refused(server):
    port = str(server.port)
    for host in ('evil.example:' + port, 'evil.example', '127.0.0.1:1', ''):
        insist(server.get('/', Host=host)[0] in (400, 421), 'host ' + host)
    insist(server.get('/', Host='localhost:' + port)[0] == 200, 'localhost')
    insist(server.get('/', method='POST')[0] == 405, 'POST')
    insist(server.capture('/kept/mp_/https://no.example/sw.js', Service_Worker='script')[0] == 403, 'a worker')
    insist(server.get('/kept/file/../../etc/passwd')[0] == 404, 'a path')
    insist(server.get('/kept/file/%2e%2e/%2e%2e/etc/passwd')[0] == 404, 'a path with escapes')
    insist(server.get('/kept/file/state/crawl.db')[0] == 404, 'the state')
    moved = server.get('/kept/mp_/https://no.example/')
    insist(moved[0] == 307 and ':%d/' % server.captures in moved[1]['location'], 'a capture on the library')
    for data in (b'\x00\x01\x02\r\n\r\n', b'GET\r\n\r\n', b'GET / HTTP/9.9\r\n\r\n', b'GET / HTTP/1.1\r\nHost\r\n\r\n',
                 b'GET /' + b'a' * 300000 + b' HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'):
        answer = server.raw(data)
        insist(not answer or answer.split()[1][:1] in (b'4', b'5'), 'garbage: %r' % answer[:60])
    body = b'POST / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: 1000000000\r\n\r\n' % server.port
    insist(b' 405 ' in server.raw(body), 'a body is waited for before it is refused')
    insist(server.get('/')[0] == 200, 'it goes on')


def check_forms(work):
    """The same from a WACZ and from a WARC file alone."""
    flong('pack', work('kept'), '-o', work('packed.wacz')).expect(0)
    warc = Archive(work('kept')).warcs[0]
    shutil.copy(warc, work('single.warc.gz'))
    server = Server(work('packed.wacz'), work('single.warc.gz'), work('kept'))
    counts = [len(server.get('/%s/cdx?url=*.example' % name)[2].splitlines()) for name in ('packed', 'single', 'kept')]
    insist(counts[0] == counts[1] == counts[2] > 50, 'rows %s' % counts)
    body = server.get('/packed/file/packed.wacz')[2]
    with open(work('packed.wacz'), 'rb') as file:
        insist(body == file.read(), 'the package itself')
    server.end().expect(0)


def check_options(work):
    """--allow-origin lets one site read, --verbose tells each request, --open starts the browser."""
    os.makedirs(work('bin'))
    os.mkfifo(work('opened'))
    with open(work('bin', 'xdg-open'), 'w', encoding='ascii') as file:
        file.write('#!/bin/sh\necho "$1" >%s\n' % work('opened'))
    os.chmod(work('bin', 'xdg-open'), 0o755)
    path = os.environ['PATH']
    os.environ['PATH'] = work('bin') + ':' + path
    server = Server('--allow-origin', 'https://reader.example', '--open', '--verbose', work('kept'))
    os.environ['PATH'] = path
    with open(work('opened'), encoding='ascii') as file:
        same([file.read()], ['http://127.0.0.1:%d/\n' % server.port], 'what is opened')
    for target in ('/kept/cdx?url=*.example', '/kept/file/indexes/index.cdx'):
        same([server.get(target)[1].get('access-control-allow-origin')], ['https://reader.example'], target)
    insist('access-control-allow-origin' not in server.get('/')[1], 'others may read the library')
    insist('GET /kept/file/indexes/index.cdx: 200' in server.end().expect(0).err, 'no line a request')


def check_growth(server, site, work):
    before = len(server.get('/kept/cdx?url=*.example')[2].splitlines())
    crawl(site, work('kept'), '--depth', '0').expect(0)
    # It looks once a second; a server that never does is ended by the test's own limit.
    while len(server.get('/kept/cdx?url=*.example')[2].splitlines()) <= before:
        pass


def main():
    tap = begin()
    with Work() as work, Site(work('site')) as site:
        crawl(site, work('kept'), '--depth', '1').expect(0)
        archive = Archive(work('kept'))
        server = Server(work('kept'))
        tap.run('every capture comes back as it was', check_raw, server, archive)
        tap.run('a page leads into the archive only', check_page, server, site)
        tap.run('redirects lead on', check_redirect, server, archive)
        tap.run('parts of a body', check_ranges, server, archive)
        tap.run('rows of the index and TimeMaps', check_index, server, archive)
        tap.run('the TimeGate', check_gate, server, site)
        tap.run('the library', check_library, server, site)
        tap.run('what is not there is said', check_missing, server)
        tap.run('what is almost there', check_almost, server, archive, site)
        tap.run('addresses that scripts make', check_stray, server, site)
        tap.run('what is refused', check_refused, server)
        tap.run('a package and a file alone', check_forms, work)
        tap.run('--allow-origin, --open, --verbose', check_options, work)
        tap.run('what is captured meanwhile is shown', check_growth, server, site, work)
        tap.run('it ends when it is told to', lambda: server.end().expect(0))
        tap.run('nothing to show', lambda: flong('serve').expect(2))
        tap.run('a file that is not there', lambda: flong('serve', work('none')).expect(1))
        tap.run('no address', lambda: flong('serve', '--bind', 'here', work('kept')).expect(2))
    tap.end()


sys.exit(main())
