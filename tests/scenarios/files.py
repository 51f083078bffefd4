#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""files - what a finished archive looks like on disk: WARC, index, page list, WACZ, and nothing else

The rules are those a conforming writer keeps; their numbers are the ones the documents of the
formats use. They are checked on crawls of the fictional site with the tests' own readers.
"""
import gzip
import hashlib
import json
import os
import re
import sys
import zipfile
import zlib

from scenario import Archive, Site, Work, begin, crawl, digest_is, same
from warc_records import Damage, record_at, records

DATE = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z')
ID = re.compile(r'<urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}>')
DIGEST = re.compile(r'sha256:[0-9a-f]{64}')
PROFILE = 'http://netpreserve.org/warc/1.1/revisit/identical-payload-digest'
TYPES = {'warcinfo': 'application/warc-fields', 'metadata': 'application/warc-fields',
         'response': 'application/http;msgtype=response', 'revisit': 'application/http;msgtype=response',
         'request': 'application/http;msgtype=request'}
REPEATED = {'warc-concurrent-to', 'warc-protocol'}


def insist(fine, what):
    if not fine:
        raise AssertionError(what)


def check_fields(archive):
    """W-01..W-06, W-14, W-18: version, mandatory fields once, ids, dates, URIs, digests, no field twice."""
    ids = [record.fields['warc-record-id'] for record in archive.all]
    insist(len(set(ids)) == len(ids), 'an id is used twice')
    for record in archive.all:
        where = '%s %s' % (record.type, record.url)
        insist(record.version == 'WARC/1.1', where + ' is ' + record.version)
        for name in ('warc-type', 'warc-record-id', 'warc-date', 'content-length'):
            insist(name in record.fields, '%s without %s' % (where, name))
        insist(ID.fullmatch(record.fields['warc-record-id']), where + ': id ' + record.fields['warc-record-id'])
        insist(DATE.fullmatch(record.fields['warc-date']), where + ': date ' + record.fields['warc-date'])
        names = [name for name, _ in record.all_fields if name not in REPEATED]
        insist(len(set(names)) == len(names), '%s: a field is repeated: %s' % (where, names))
        for name, value in record.all_fields:
            insist(not re.search(r'[\x00-\x1f]', value), '%s: control character in %s' % (where, name))
        if record.url:
            insist(re.fullmatch(r'[!-~]+', record.url) and '#' not in record.url and '<' not in record.url,
                   'Target-URI ' + record.url)
        if record.type in TYPES:
            insist(record.fields.get('content-type') == TYPES[record.type],
                   '%s: Content-Type %s' % (where, record.fields.get('content-type')))
        for kind in ('block', 'payload'):
            digest = record.fields.get('warc-%s-digest' % kind)
            insist(digest is None or DIGEST.fullmatch(digest), '%s: digest %s' % (where, digest))


def check_warcinfo(archive):
    """W-03: each file begins with a warcinfo of its own name; every other record names it."""
    for path, found in archive.files:
        insist(found and found[0].type == 'warcinfo', path + ' does not begin with a warcinfo')
        insist([record.type for record in found].count('warcinfo') == 1, path + ' has more than one warcinfo')
        insist(found[0].fields.get('warc-filename') == os.path.basename(path),
               '%s: WARC-Filename %s' % (path, found[0].fields.get('warc-filename')))
        text = found[0].block.decode('utf-8')
        for name in ('software: flong', 'format: WARC File Format 1.1', 'conformsTo: http', 'robots: '):
            insist(name in text, '%s: no "%s" in %s' % (path, name, text))
        insist('hostname' not in text, 'warcinfo names the machine')
        insist(os.path.dirname(path) not in text, 'warcinfo names a folder of this machine')
        for record in found[1:]:
            insist(record.fields.get('warc-warcinfo-id') == found[0].fields['warc-record-id'],
                   '%s %s: Warcinfo-ID' % (record.type, record.url))


def check_groups(archive):
    """W-07, W-15, W-17: reply, request, metadata side by side, of one date and address."""
    for _, found in archive.files:
        reply = previous = None
        for record in found:
            where = '%s %s' % (record.type, record.url)
            if record.type in ('response', 'revisit'):
                reply = record
                insist('warc-payload-digest' in record.fields, where + ' without payload digest')
            elif record.type == 'request':
                insist(previous is reply and reply is not None, where + ' does not follow its reply')
            if record.type in ('request', 'metadata') and reply and \
                    record.fields.get('warc-concurrent-to') == reply.fields['warc-record-id']:
                for name in ('warc-date', 'warc-target-uri'):
                    insist(record.fields[name] == reply.fields[name], '%s: %s is not its reply\'s' % (where, name))
            elif record.type == 'request':
                raise AssertionError(where + ': Concurrent-To')
            if record.type == 'metadata':
                insist('warc-payload-digest' not in record.fields, where + ' with payload digest')
            previous = record
    for exchange in archive.exchanges:
        insist(exchange.request is not None and exchange.metadata is not None, exchange.url + ': no whole group')
        for record in (exchange.reply, exchange.request):
            protocols = [value for name, value in record.all_fields if name == 'warc-protocol']
            secure = exchange.url.startswith('https:')
            insist(record.fields.get('warc-ip-address') == '127.0.0.1', exchange.url + ': address')
            insist(protocols[:1] == ['http/1.1'], '%s: protocols %s' % (exchange.url, protocols))
            insist(secure == bool(re.fullmatch(r'tls/1\.[23]', ' '.join(protocols[1:]))),
                   '%s: protocols %s' % (exchange.url, protocols))
            insist(secure == record.fields.get('warc-cipher-suite', '').startswith('TLS_'),
                   '%s: cipher %s' % (exchange.url, record.fields.get('warc-cipher-suite')))


def check_revisits(archive):
    """W-24, W-25: a revisit names the earlier capture of the same payload."""
    by_id = {record.fields['warc-record-id']: record for record in archive.all}
    count = 0
    for record in archive.all:
        if record.type != 'revisit':
            continue
        count += 1
        original = by_id[record.fields['warc-refers-to']]
        insist(original.type == 'response', record.url + ' revisits a ' + original.type)
        insist(record.fields['warc-profile'] == PROFILE, record.url + ': profile')
        for mine, its in (('warc-refers-to-target-uri', 'warc-target-uri'), ('warc-refers-to-date', 'warc-date'),
                          ('warc-payload-digest', 'warc-payload-digest')):
            insist(record.fields[mine] == original.fields[its], '%s: %s' % (record.url, mine))
        insist(record.is_chunked() == original.is_chunked(), record.url + ': another framing')
        insist(not re.match(r'HTTP/\S+ 3', record.http()[0]), record.url + ': a redirect as revisit')
        insist('warc-truncated' not in original.fields, record.url + ' revisits a cut body')
    insist(count > 0, 'no revisit although the site has the same bytes at two addresses')


def check_names(archive):
    insist(archive.warcs, 'no WARC')
    for path in archive.warcs:
        insist(re.fullmatch(r'flong-\d{17}-\d+-[a-z0-9.-]+\.warc\.gz', os.path.basename(path)), 'name ' + path)
    left = [os.path.join(folder, name) for folder, _, names in os.walk(archive.path) for name in names
            if name.endswith(('.open', '.partial', '.tmp', '.new'))]
    insist(not left, 'left over: %s' % left)


def check_index(archive, warc_folder=None, rows=None):
    """W-30..W-32, W-34: sorted, unique, texts, and each row selects its record alone."""
    path = archive.of('indexes', 'index.cdx')
    if rows is None:
        with open(path, 'rb') as file:
            lines = file.read().splitlines()
        insist(lines == sorted(set(lines)), 'the index is not sorted, or a row stands twice')
        rows = archive.index()
    indexed = set()
    for surt, stamp, value in rows:
        insist(re.fullmatch(r'\d{17}', stamp), 'timestamp ' + stamp)
        insist(surt.isascii() and ')' in surt, 'SURT ' + surt)
        for name in ('url', 'mime', 'digest', 'length', 'offset', 'filename'):
            insist(isinstance(value.get(name), str), '%s: %s is no text' % (surt, name))
        name = os.path.join(warc_folder or archive.of('archive'), value['filename'])
        with open(name, 'rb') as file:
            file.seek(int(value['offset']))
            part = file.read(int(value['length']))
        inflate = zlib.decompressobj(31)
        content = inflate.decompress(part)
        insist(inflate.eof and not inflate.unused_data, '%s: not exactly one member' % value)
        record = record_at(int(value['offset']), len(part), content)
        insist(record.type in ('response', 'revisit', 'resource') and record.url == value['url'],
               '%s: selects %s %s' % (value, record.type, record.url))
        insist(re.sub(r'\D', '', record.fields['warc-date']) == stamp, '%s: date %s' % (value, record.fields['warc-date']))
        insist(digest_is(value.get('recordDigest', ':'), part), '%s: recordDigest' % value)
        indexed.add((value['filename'], int(value['offset'])))
    there = {(os.path.basename(file), record.offset) for file, found in archive.files for record in found
             if record.type in ('response', 'revisit', 'resource')}
    same(indexed, there, 'indexed records')


def check_page_list(archive):
    """W-41: header, and each page dated as its capture."""
    for name in ('pages.jsonl', 'extraPages.jsonl'):
        with open(archive.of('pages', name), encoding='utf-8') as file:
            header = json.loads(file.readline())
        insist(header.get('format') == 'json-pages-1.0' and 'id' in header, 'header %s' % header)
    ids = [page['id'] for page in archive.pages()]
    insist(ids and len(set(ids)) == len(ids), 'page ids %s' % ids)
    insist(archive.pages('pages.jsonl'), 'no page is listed')
    for page in archive.pages() + archive.pages('pages.jsonl'):
        dates = {exchange.reply.fields['warc-date'] for exchange in archive.by_url[page['url']]}
        insist(page['ts'] in dates, '%s: ts %s, captured %s' % (page['url'], page['ts'], dates))


def check_requests(wire):
    """W-11, W-23, W-26: what flong asks for."""
    for each in wire:
        text = each.request.decode('latin-1').lower()
        insist(text.startswith('get '), each.url + ': ' + text[:20])
        insist('\r\naccept-encoding: gzip, br\r\n' in text, each.url + ': Accept-Encoding in ' + text)
        for name in ('te:', 'if-none-match:', 'if-modified-since:', 'range:', 'upgrade:'):
            insist('\r\n' + name not in text, each.url + ': ' + name)


def check_layout(archive):
    for name in ('archive', 'indexes/index.cdx', 'pages/pages.jsonl', 'logs/crawl.log', 'reports/report.json',
                 'reports/skipped.jsonl', 'state/crawl.db'):
        insist(os.path.exists(archive.of(name)), name + ' is not there')


def check_chain(archive):
    """The certificate chain of each TLS host is kept once."""
    hosts = {exchange.url.split('/')[2] for exchange in archive.exchanges if exchange.url.startswith('https:')}
    kept = [record.url.split('/')[2] for record in archive.all
            if record.type == 'metadata' and b'-----BEGIN CERTIFICATE' in record.block or
            record.type == 'metadata' and b'certificate' in record.block.lower()]
    same(set(kept), hosts, 'hosts with a certificate chain')
    insist(len(kept) == len(set(kept)), 'a chain is kept twice: %s' % sorted(kept))


def directory(tap):
    with Work() as work, Site(work('site')) as site:
        run = crawl(site, work('out'), '--depth', '1')
        if not tap.say(run.code == 0, 'a collection: exit 0', run):
            return
        archive = Archive(work('out'))
        for claim, check in (
                ('one gzip member a record, named and finished', check_names),
                ('fields of every record', check_fields),
                ('a warcinfo first, named by all', check_warcinfo),
                ('reply, request and metadata side by side', check_groups),
                ('revisits refer to the first capture', check_revisits),
                ('the index selects each record alone', check_index),
                ('pages are dated as captured', check_page_list),
                ('certificate chains once a host', check_chain),
                ('the folders of a collection', check_layout)):
            tap.run('a collection: ' + claim, check, archive)
        tap.run('a collection: what was asked for', check_requests, site.wire())


def check_rotation(archive):
    insist(len(archive.warcs) > 2, '%d files' % len(archive.warcs))
    serials = [int(os.path.basename(path).split('-')[2]) for path in archive.warcs]
    insist(sorted(serials) == list(range(min(serials), min(serials) + len(serials))), 'serials %s' % serials)
    check_names(archive)
    check_warcinfo(archive)
    check_groups(archive)
    check_fields(archive)
    check_index(archive)


def rotation(tap):
    with Work() as work, Site(work('site'), 'http') as site:
        run = crawl(site, work('out'), '--depth', '0', '--warc-size', '100K', '--prefix', 'flong')
        if tap.say(run.code == 0, '--warc-size: exit 0', run):
            tap.run('--warc-size: many files, no exchange split', lambda: check_rotation(Archive(work('out'))))


def check_single(work, site):
    same(os.listdir(work('one')), ['x.warc.gz', 'x.cdx'], 'files')
    archive = Archive(work('one'), work('one', 'x.warc.gz'))
    check_warcinfo(archive)
    check_fields(archive)
    insist(site.truth['seed'] in archive.urls(200), 'the seed is not in it')
    with open(work('one', 'x.cdx'), encoding='utf-8') as file:
        lines = file.read().splitlines()
    insist(lines == sorted(set(lines)), 'x.cdx is not sorted')
    rows = [line.split(' ', 2) for line in lines]
    check_index(archive, work('one'), [(surt, stamp, json.loads(value)) for surt, stamp, value in rows])


def single_warc(tap):
    with Work() as work, Site(work('site'), 'http') as site:
        work.folder('one')
        run = crawl(site, work('one', 'x.warc.gz'), '--depth', '0')
        if tap.say(run.code == 0, 'x.warc.gz: exit 0', run):
            tap.run('x.warc.gz: with x.cdx beside it and nothing else', check_single, work, site)


def check_wacz(path, site):
    """W-36..W-40: layout, hashes, what is stored as it is."""
    with zipfile.ZipFile(path) as package:
        insist(package.testzip() is None, 'a file of the package is damaged')
        names = package.namelist()
        insist(len(set(names)) == len(names), 'a name stands twice')
        for name in ('datapackage.json', 'datapackage-digest.json', 'indexes/index.cdx', 'pages/pages.jsonl'):
            insist(name in names, name + ' is not in the package')
        insist(not [name for name in names if name.startswith('state/') or name.startswith('/') or '..' in name],
               'names %s' % names)
        content = {name: package.read(name) for name in names}
        for info in package.infolist():
            if info.filename.endswith('.gz'):
                insist(info.compress_type == zipfile.ZIP_STORED, info.filename + ' is compressed again')
    described = json.loads(content['datapackage.json'])
    insist(described['profile'] == 'data-package' and described['wacz_version'] == '1.1.1', 'version %s' % described)
    insist(described.get('mainPageUrl', site.truth['seed']) == site.truth['seed'], 'main page')
    listed = {each['path']: each for each in described['resources']}
    same(listed, set(names) - {'datapackage.json', 'datapackage-digest.json'}, 'resources')
    for name, each in listed.items():
        insist(each['bytes'] == len(content[name]), name + ': bytes')
        insist(each['hash'] == 'sha256:' + hashlib.sha256(content[name]).hexdigest(), name + ': hash')
    digest = json.loads(content['datapackage-digest.json'])
    insist(digest['path'] == 'datapackage.json' and
           digest['hash'] == 'sha256:' + hashlib.sha256(content['datapackage.json']).hexdigest(), 'digest')
    seeds, pages = ([json.loads(line) for line in content['pages/%s.jsonl' % name].decode().splitlines()]
                    for name in ('pages', 'extraPages'))
    insist(pages[0]['format'] == seeds[0]['format'] == 'json-pages-1.0', 'page list')
    insist([page['url'] for page in seeds[1:]] == [site.truth['seed']], 'the seed is not listed')
    same([page['url'] for page in pages[1:]], site.truth['depth']['1'], 'pages listed')
    stories = {story['url']: story for story in site.truth['articles']}
    for page in pages[1:]:
        insist(stories[page['url']]['word'] in page.get('text', ''), 'the text of %s lacks its word' % page['url'])
    archives = [name for name in names if name.startswith('archive/')]
    insist(archives, 'no WARC in the package')
    for name in archives:
        insist(gzip.decompress(content[name]).startswith(b'WARC/1.1\r\n'), name)
    filenames = {json.loads(line.split(' ', 2)[2])['filename'] for line in content['indexes/index.cdx'].decode().splitlines()}
    same(filenames, [os.path.basename(name) for name in archives], 'files of the index')


def wacz(tap):
    with Work() as work, Site(work('site')) as site:
        work.folder('one')
        run = crawl(site, work('one', 'x.wacz'), '--depth', '1')
        if not tap.say(run.code == 0, 'x.wacz: exit 0', run):
            return
        tap.run('x.wacz: nothing is left beside it', lambda: same(os.listdir(work('one')), ['x.wacz'], 'files'))
        tap.run('x.wacz: layout, hashes, page list', check_wacz, work('one', 'x.wacz'), site)
        with open(work('one', 'x.wacz'), 'rb') as file:
            before = file.read()
        run = crawl(site, work('one', 'x.wacz'), '--depth', '0')
        with open(work('one', 'x.wacz'), 'rb') as file:
            after = file.read()
        tap.say(run.code == 2 and before == after and 'x.wacz' in run.err, 'x.wacz: is never overwritten', run)


def check_same(work):
    """W-46: two runs with --deterministic make the same files, byte for byte."""
    content = []
    for run in ('one', 'two'):
        found = {}
        for folder, _, names in os.walk(work(run)):
            for name in names:
                path = os.path.join(folder, name)
                if os.sep + 'state' not in folder:
                    with open(path, 'rb') as file:
                        found[os.path.relpath(path, work(run))] = file.read()
        content.append(found)
    same(content[0], content[1], 'files')
    insist(len(content[0]) > 5, 'hardly any file: %s' % sorted(content[0]))
    different = [name for name in content[0] if content[0][name] != content[1][name]]
    insist(not different, 'not the same: %s' % different)


def deterministic(tap):
    with Work() as work, Site(work('site'), 'http') as site:
        for name in ('one', 'two'):
            work.folder(name)
            run = crawl(site, work(name, 'out'), '--depth', '0', '--wacz', '--deterministic', 'seed')
            if not tap.say(run.code == 0, '--deterministic, run %s: exit 0' % name, run):
                return
        tap.run('--deterministic: the same bytes again', check_same, work)


def check_reader():
    """The reader these checks rest on sees damage."""
    with Work() as work:
        whole = gzip.compress(b'WARC/1.1\r\nWARC-Type: warcinfo\r\nContent-Length: 2\r\n\r\nab\r\n\r\n')
        for data in (whole[:-3], whole + b'x', gzip.compress(b'WARC/1.1\r\nContent-Length: 3\r\n\r\nab\r\n\r\n')):
            with open(work('x'), 'wb') as file:
                file.write(data)
            try:
                list(records(work('x')))
            except Damage:
                continue
            raise AssertionError('damage was not seen: %r' % data)


def main():
    tap = begin()
    tap.run('the reader sees damage', check_reader)
    for scenario in (directory, rotation, single_warc, wacz, deterministic):
        scenario(tap)
    tap.end()


if __name__ == '__main__':
    sys.exit(main())
