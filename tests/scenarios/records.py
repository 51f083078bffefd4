#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""records - list, show and extract: what is in an archive, whatever its URLs and its bytes are

The same captures as a WARC file, a collection and a WACZ file; then damage, and URLs that want out.
"""
import gzip
import json
import os
import sys
import zlib

from scenario import Flong, Work, begin, flong, read_lines, same
from wacz_make import DATE, described, files_of, members, pack, record, reply, response, revisit, sha256

A = b'<html>the first page</html>'
B = b'<html>the same URL, later</html>'
LATER = '2026-11-23T20:00:00.000Z'
URL = 'http://news.example/a'
INFO = record('warcinfo', '', b'software: test\r\nformat: WARC File Format 1.1\r\n', content_type='application/warc-fields')
CHUNKED = b'5\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n' % (A[:5], len(A) - 5, A[5:])
RECORDS = [
    ('warcinfo', '', INFO),
    ('response', URL, response(URL, A)),
    ('response', URL, response(URL, B, date=LATER)),
    ('revisit', 'http://news.example/r', revisit('http://news.example/r', A, URL)),
    ('response', 'http://news.example/gzip', response('http://news.example/gzip', gzip.compress(A), Content_Encoding='gzip')),
    ('response', 'http://news.example/deflate',
     response('http://news.example/deflate', zlib.compress(A), Content_Encoding='deflate')),
    ('response', 'http://news.example/chunked',
     record('response', 'http://news.example/chunked', reply(CHUNKED, Transfer_Encoding='chunked'))),
    ('response', 'http://news.example/liar', response('http://news.example/liar', A, Content_Encoding='gzip')),
    ('response', 'http://news.example/odd', response('http://news.example/odd', A, Content_Encoding='x-unheard')),
    ('response', 'http://news.example/gone',
     record('response', 'http://news.example/gone', reply(b'gone', status='404 Not Found'))),
    ('resource', 'urn:text:http://news.example/a', record('resource', 'urn:text:http://news.example/a', b'text',
                                                          content_type='text/plain')),
    ('request', URL, record('request', URL, b'GET /a HTTP/1.1\r\nHost: news.example\r\nX: \x1b[31m\r\n\r\n',
                            content_type='application/http;msgtype=request')),
]
DECODED = ['gzip', 'deflate', 'chunked', 'liar']


def offsets():
    found, at = [], 0
    for _, _, one in RECORDS:
        found.append(at)
        at += len(members([one]))
    return found


def row(number, key, date='20261123190000123', mime='text/html', digest=A):
    one = members([RECORDS[number][2]])
    return '%s %s %s\n' % (key, date, json.dumps(
        {'url': RECORDS[number][1], 'mime': mime, 'status': '200', 'digest': sha256(digest), 'length': str(len(one)),
         'offset': str(offsets()[number]), 'filename': 'data.warc.gz'}))


INDEX = sorted([row(1, 'example,news)/a'), row(2, 'example,news)/a', '20261123200000000', digest=B),
                row(3, 'example,news)/r', '20261123191000000', 'warc/revisit')] +
               [row(4 + i, 'example,news)/' + name) for i, name in enumerate(DECODED)])


class Places:
    """The captures in each form that the commands read."""

    def __init__(self, work):
        warc = members([one for _, _, one in RECORDS])
        files = files_of(warc, INDEX)
        zipped = files_of(warc, ())
        del zipped['indexes/index.cdx']
        zipped['indexes/index.cdx.gz'] = gzip.compress(''.join(INDEX[:3]).encode()) + \
            gzip.compress(''.join(INDEX[3:]).encode())
        self.forms = {'WARC': self.put(work('data.warc.gz'), warc),
                      'WACZ': self.put(work('data.wacz'), pack(described(files)).bytes()),
                      'deflated WACZ': self.put(work('deflated.wacz'), pack(described(files), deflate=True).bytes()),
                      'WACZ with a compressed index': self.put(work('zipped.wacz'), pack(described(zipped)).bytes()),
                      'plain WARC': self.put(work('data.warc'), b''.join(one for _, _, one in RECORDS)),
                      'collection': work('collection')}
        for path, content in files.items():
            os.makedirs(os.path.dirname(work('collection', path)), exist_ok=True)
            self.put(work('collection', path), content)

    @staticmethod
    def put(path, content):
        with open(path, 'wb') as file:
            file.write(content)
        return path


def output(*arguments, code=0, err=''):
    """Standard output as bytes; the exit code and what must be on standard error are checked."""
    run = Flong(*arguments).end()
    if run.code != code or (err not in run.err if err else run.err):
        raise AssertionError(run)
    return run.out


def lists(path):
    rows = [json.loads(line) for line in output('list', '--json', path).splitlines()]
    same([(one['type'], one['uri']) for one in rows], [(kind, url) for kind, url, _ in RECORDS], 'records')
    if path.endswith('.gz') or path.endswith('.wacz'):
        same([one['offset'] for one in rows], offsets(), 'offsets')
    columns = output('list', path).splitlines()
    if len(columns) != len(RECORDS) or not columns[1].endswith('  ' + URL):
        raise AssertionError(columns)
    names = [line.split()[0] == 'archive/data.warc.gz' for line in columns]
    same(names, [not path.endswith(('.warc', '.warc.gz'))] * len(names), 'names of files')


def shows(path):
    if output('show', path, URL, '--payload') != B.decode():
        raise AssertionError('not the latest capture')
    for date in (DATE, '2026-11-23', '20261123190000'):
        if output('show', path, 'https://www.news.example/a', '--date', date, '--payload') != A.decode():
            raise AssertionError('not the capture nearest to ' + date)
    heads = output('show', path, URL)
    if 'WARC-Target-URI: %s\n' % URL not in heads or '\nHTTP/1.1 200 OK\nContent-Type: text/html\n' not in heads:
        raise AssertionError(heads)
    if output('show', path, 'http://news.example/r', '--payload', err="revisit; the payload is that of '" + URL) != A.decode():
        raise AssertionError('not the original')
    for name in DECODED:
        if output('show', path, 'http://news.example/' + name, '--payload') != A.decode():
            raise AssertionError(name)
    if output('show', path, 'http://news.example/chunked', '--block') != reply(
            CHUNKED, Transfer_Encoding='chunked').decode():
        raise AssertionError('not the block')
    run = flong('show', path, 'http://news.example/nothing')
    if run.code != 1 or 'no capture of' not in run.err or run.out:
        raise AssertionError(run)


def shows_offsets(path):
    for at, (kind, _, one) in zip(offsets(), RECORDS):
        if output('show', path, at, '--raw') != one.decode('utf-8', 'replace'):
            raise AssertionError('not the record at %d' % at)
        if ('WARC-Type: %s\n' % kind) not in output('show', path, at):
            raise AssertionError('not its head')
    if not output('show', path, 0).endswith('\n\nsoftware: test\nformat: WARC File Format 1.1\n'):
        raise AssertionError('not the fields')
    request = output('show', path, offsets()[-1])
    if 'GET /a HTTP/1.1\n' not in request or '\x1b' in request or 'X: \\x1b[31m\n' not in request:
        raise AssertionError('control bytes: %r' % request)
    run = flong('show', path, offsets()[8], '--payload')
    if run.code != 1 or "'x-unheard' is not known" not in run.err or run.out:
        raise AssertionError(run)


def inspects(path):
    if json.loads(output('inspect', 'article', path, offsets()[4]))['url'] != 'http://news.example/gzip':
        raise AssertionError('not the record')
    for url, at in (('http://news.example/gzip', 4), ('http://news.example/r', 3)):  # a revisit is read at its original
        same(json.loads(output('inspect', 'article', path, url))['url'],
             json.loads(output('inspect', 'article', path, offsets()[at]))['url'], 'by its URL')
    output('inspect', 'links', path, '--offset', 'x', code=2, err="'x' is no offset")
    output('inspect', 'links', path, '--offset', 7, code=1, err='offset 7')


def inspects_links(work):
    """One object a link, in five members; --charset comes before what --type says."""
    path = Places.put(work('page.html'), b'<a href="/\xcd" rel="nofollow x">\xcd</a><img src=a.png>')
    lines = output('inspect', 'links', path, '--url', 'https://news.example/b/c', '--type', 'text/html; charset=koi8-r',
                   '--charset', 'windows-1251').splitlines()
    same(lines[:2], [
        '{"url":"https://news.example/%D0%9D","kind":"page","rel":"nofollow x","where":"a href","rule":"L-02"}',
        '{"url":"https://news.example/b/a.png","kind":"requisite","rel":"","where":"img src","rule":"L-09"}'], 'links')
    for line in lines:
        same(list(json.loads(line)), ['url', 'kind', 'rel', 'where', 'rule'], 'members')


STORY = b'''<!doctype html><html lang=en><title>Bridge opens at last</title>
<meta name=author content="Ada Quill"><meta name=date content="2026-11-23">
<meta property=og:image content=/b.jpg><article><h1>Bridge opens at last \x1b[31m*</h1><p>%s <a href=/mayor>The mayor</a>
<b>cut</b> the ribbon.</p><h2>What comes next</h2><p>%s</p><figure><img src=b.jpg><figcaption>At dawn</figcaption></figure>
<p>%s</p></article>''' % ((b'The bridge over the river, long awaited by the town, is open, and cars cross it at last.',) * 3)


def inspects_articles(work):
    """For people: on a terminal, or when asked; as Markdown; JSON for programs."""
    arguments = 'inspect', 'article', Places.put(work('story.html'), STORY), '--url', 'https://news.example/2026/bridge'
    article = json.loads(output(*arguments))
    same(json.loads(output(*arguments, '--json', '--format', 'text')), article, '--json')
    same(article['captions'], ['At dawn'], 'captions')
    text = output(*arguments, '--format', 'text')
    for part in ('Bridge opens at last \\x1b[31m*\n', '  published 2026-11-23 (meta)\n', '  by        Ada Quill\n', '\nTEXT\n\n',
                 '\n  What comes next\n', '\nCAPTIONS\n\n  - At dawn\n'):
        if part not in text:
            raise AssertionError('%r is not in %s' % (part, text))
    if max(map(len, text.splitlines())) > 80 or '\x1b' in text or 'agencies' in text:
        raise AssertionError(text)
    markdown = output(*arguments, '--format', 'markdown')
    same(markdown.splitlines()[:5], ['# Bridge opens at last  \\[31m\\*', '',
                                     'Ada Quill, 2026-11-23, <https://news.example/2026/bridge>', '',
                                     '![At dawn](<https://news.example/b.jpg>)'], 'head of the Markdown')
    for part in ('[The mayor](https://news.example/mayor) **cut** the ribbon.', '\n## What comes next\n'):
        if part not in markdown:
            raise AssertionError(markdown)
    output(*arguments, '--format', 'html', code=2, err='html')


def extracts(work, name, path):
    out = work('out of ' + name)
    has_index = not name.endswith('WARC')
    notices = "'x-unheard' is not known" if has_index else 'revisits repeat payloads'
    expected = {'news.example/a.html': A, 'news.example/a~20261123200000.html': B, 'news.example/odd.html': A,
                'urn/text_http___news.example_a.txt': b'text'}
    expected.update({'news.example/%s.html' % one: A for one in DECODED})
    expected.update({'news.example/r.html': A} if has_index else {})
    told = output('extract', path, '-o', out, err=notices)
    if told != '%d files in %s\n' % (len(expected), out):
        raise AssertionError(told)
    rows = read_lines(os.path.join(out, 'extract.jsonl'))
    same({one['file'] for one in rows if 'file' in one}, expected, 'lines')
    same(files_below(out), {*expected, 'extract.jsonl'}, 'files')
    for one in rows:
        if 'file' in one:
            with open(os.path.join(out, one['file']), 'rb') as file:
                content = file.read()
            if content != expected[one['file']] or one['digest'] != sha256(content) or one['bytes'] != len(content):
                raise AssertionError(one)
    originals = [one['original'] for one in rows if one['type'] == 'revisit']
    same([(one['url'], one['date']) for one in originals], [(URL, DATE)], 'revisits')


def files_below(folder):
    return {os.path.relpath(os.path.join(path, name), folder) for path, _, names in os.walk(folder) for name in names}


def chooses(work, path):
    def files(*options):
        out = work('chosen-%d' % len(os.listdir(work.path)))
        flong('extract', path, '-o', out, *options)
        return files_below(out) - {'extract.jsonl'}
    same(files('--url', 'https://NEWS.example/a'), ['news.example/a.html', 'news.example/a~20261123200000.html'], 'exact')
    same(files('--url', 'http://news.example/g', '--match', 'prefix'), ['news.example/gzip.html'], 'prefix')
    same(files('--url', 'http://news.example/g', '--match', 'prefix', '--all'),
         ['news.example/gzip.html', 'news.example/gone.html'], 'with --all')
    same(files('--url', 'http://example/', '--match', 'host'), [], 'host')
    same(len(files('--url', 'http://example/', '--match', 'domain')) > 5 and [1], [1], 'domain')
    same(files('--type', 'text/plain'), ['urn/text_http___news.example_a.txt'], 'type')
    same(files('--type', 'image'), [], 'no type')


NASTY = ['http://news.example/../../../etc/passwd', 'http://news.example/%2e%2e%2f%2e%2e%2fx', 'http://../x',
         'http://news.example/..%5c..%5cx', 'http://news.example/a%00b', 'file:///etc/passwd', '../../../x', '/etc/passwd',
         'http://news.example/con', 'http://news.example/A', 'http://news.example/a', 'http://news.example/a.html/b',
         'http://news.example/a.html', 'http://extract.jsonl/x', 'http://news.example/' + 'x' * 3000,
         'http://news.example/' + 'd/' * 500 + 'x', 'http://news.example/%0a%1b[2J', 'C:\\x', 'C:/x', 'http://news.example/.ssh/id',
         'http://news.example/?a=../../x', 'http://news.example/\u202egpj.exe', '\x1b]0;x\x07:y', 'urn:..', '..:..']


def stays_inside(work):
    content = {url: ('<html>%d</html>' % i).encode() for i, url in enumerate(NASTY)}
    path = Places.put(work('nasty.warc.gz'), members([response(url, body) for url, body in content.items()]))
    out = work.folder('deep') + '/in/out'
    os.makedirs(work('deep', 'in'))
    before = files_below(work.path)
    run = flong('extract', path, '-o', out)
    if run.code != 0 or run.out != '%d files in %s\n' % (len(NASTY), out):
        raise AssertionError(run)
    outside = {one for one in files_below(work.path) - before if not one.startswith('deep/in/out/')}
    same(outside, [], 'files outside')
    rows = read_lines(os.path.join(out, 'extract.jsonl'))
    names = [one['file'] for one in rows]
    same({name.lower() for name in names}, names, 'names in lower case')
    if len(set(names)) != len(NASTY):
        raise AssertionError('names are not distinct: %s' % names)
    for one, url in zip(rows, NASTY):
        with open(os.path.join(out, one['file']), 'rb') as file:
            if file.read() != content[url] or one['url'] != url:
                raise AssertionError((url, one))
        if any(ord(c) < 32 for c in one['file']):
            raise AssertionError(one)


def keeps_directories(work, path):
    os.makedirs(work('full'))
    Places.put(work('full', 'mine'), b'x')
    run = flong('extract', path, '-o', work('full'))
    if run.code != 2 or 'not empty' not in run.err or os.listdir(work('full')) != ['mine']:
        raise AssertionError(run)
    run = flong('extract', work('nothing.warc'), '-o', work('new'))
    if run.code != 1 or os.path.exists(work('new')):
        raise AssertionError(run)


def goes_on(work):
    parts = [members([one]) for _, _, one in RECORDS]
    parts[2] = parts[2][:60] + b'\xff' * 8 + parts[2][68:]
    path = Places.put(work('damaged.warc.gz'), b''.join(parts))
    run = flong('list', path)
    if run.code != 1 or len(run.out.splitlines()) != len(RECORDS) - 1 or 'passed over bytes %d to %d' % (
            offsets()[2], offsets()[3]) not in run.err:
        raise AssertionError(run)
    run = flong('extract', path, '-o', work('out'))
    if run.code != 1 or 'passed over' not in run.err:
        raise AssertionError(run)
    if {'news.example/gzip.html', 'news.example/a.html'} - files_below(work('out')):
        raise AssertionError('what is whole is not there')
    wacz = Places.put(work('damaged.wacz'), pack(described(files_of(b''.join(parts), INDEX))).bytes())
    run = flong('list', wacz)
    if run.code != 1 or len(run.out.splitlines()) != len(RECORDS) - 1 or 'damaged.wacz: archive/data.warc.gz' not in run.err:
        raise AssertionError(run)


def doubts_the_index(work):
    """F-97: rows that lie are found out, and never a path."""
    warc = members([one for _, _, one in RECORDS])
    good = json.loads(row(1, 'k').split(' ', 2)[2])
    lies = {'another record': ({'offset': str(offsets()[4])}, 'the index is wrong'),
            'no record': ({'offset': '5'}, 'offset 5'), 'behind the end': ({'offset': '99999999'}, 'no record at offset'),
            'another file': ({'filename': '../data.warc.gz'}, "'../data.warc.gz', which is not in archive/"),
            'an absolute file': ({'filename': '/etc/passwd'}, "'/etc/passwd', which is not in archive/"),
            'no offset': ({'offset': 'x'}, 'data.wacz')}
    for name, (change, words) in lies.items():
        line = 'example,news)/a 20261123190000123 %s\n' % json.dumps({**good, **change})
        path = Places.put(work('data.wacz'), pack(described(files_of(warc, [line]))).bytes())
        run = flong('show', path, URL, '--payload')
        if run.code != 1 or words not in run.err or run.out:
            raise AssertionError('%s: %s' % (name, run))
    long = 'example,news)/a 20261123190000123 {"url": "%s"}\n' % ('x' * (2 << 20))
    path = Places.put(work('data.wacz'), pack(described(files_of(warc, [long]))).bytes())
    output('show', path, URL, code=1, err='a line of the index is over')


USAGE = {
    'list of nothing': (['list'], 2, 'list needs'),
    'show of nothing': (['show'], 2, 'show needs'),
    'show without an offset': (['show', '{warc}'], 2, 'show needs'),
    'show of two forms': (['show', '{warc}', '0', '--raw', '--block'], 2, 'choose one'),
    'show at no date': (['show', '{warc}', URL, '--date', 'soon'], 2, "'soon' is no date"),
    'show behind the end': (['show', '{warc}', '99999999'], 1, 'no record at offset 99999999'),
    'show of no file': (['show', '{dir}/absent', '0'], 1, 'absent'),
    'show of no file in a WACZ': (['show', '{wacz}', 'x.warc.gz', '0'], 1, "no file 'x.warc.gz'"),
    'extract of nothing': (['extract', '-o', '{dir}/x'], 2, 'extract needs'),
    'extract to nowhere': (['extract', '{warc}'], 2, '--output'),
    'extract of a match without a URL': (['extract', '{warc}', '-o', '{dir}/x', '--match', 'host'], 2, '--url'),
    'unpack of nothing': (['unpack'], 2, 'unpack needs'),
    'unpack of no file': (['unpack', '{dir}/absent.wacz'], 1, 'absent.wacz'),
    'unpack of a folder': (['unpack', '{dir}', '-o', '{dir}/x'], 1, 'no folder archive/'),
    'unpack of a WARC': (['unpack', '{warc}', '-o', '{dir}/x'], 1, 'no ZIP file'),
    'unpack without a name': (['unpack', '{warc}'], 2, '-o DIR'),
    'list of a folder': (['list', '{dir}/empty'], 1, 'no folder archive/'),
    'list of a device': (['list', '/dev/null'], 0, ''),
}


def errs(work, places, arguments, code, words):
    fill = {'{dir}': work.path, '{warc}': places.forms['WARC'], '{wacz}': places.forms['WACZ']}
    for name, value in fill.items():
        arguments = [one.replace(name, value) for one in arguments]
    run = flong(*arguments)
    if run.code != code or words not in run.err or run.out:
        raise AssertionError(run)


def main():
    tap = begin()
    with Work() as work:
        places = Places(work)
        os.makedirs(work('empty'))
        for name, path in places.forms.items():
            tap.run('%s: lists its records' % name, lists, path)
            tap.run('%s: shows captures by URL' % name, shows, path)
            tap.run('%s: extracts payloads' % name, extracts, work, name, path)
        for name in ('WARC', 'WACZ', 'deflated WACZ', 'collection'):
            tap.run('%s: shows records by offset' % name, shows_offsets, places.forms[name])
            tap.run('%s: inspects a record' % name, inspects, places.forms[name])
        tap.run('extract chooses by URL, type and status', chooses, work, places.forms['WARC'])
        tap.run('extract keeps directories that are not its own', keeps_directories, work, places.forms['WARC'])
        for name, (arguments, code, words) in USAGE.items():
            tap.run(name, errs, work, places, arguments, code, words)
    for claim, function in (('extract stays inside whatever the URL', stays_inside),
                            ('list and extract go on behind damage', goes_on),
                            ('show does not believe the index', doubts_the_index),
                            ('inspect links prints each with its rule', inspects_links),
                            ('inspect article prints a story to be read', inspects_articles)):
        with Work() as work:
            tap.run(claim, function, work)
    tap.end()


if __name__ == '__main__':
    sys.exit(main())
