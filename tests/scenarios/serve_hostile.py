#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""serve_hostile - flong serve shows an archive that was made to attack, to clients that are no better

What a browser does with such an archive is tests/browser/hostile.mjs; here it is bytes: fields that hold line ends,
titles, addresses and types that hold markup, paths that lead out, names of other hosts, heads without end, ranges
without number, requests that are none.
"""
import base64
import html.parser
import json
import os
import re
import sys

from scenario import FLONG, Flong, ROOT, Work, begin, flong
from made_archive import MadeArchive
import serving

MARKUP = '"><script>alert(1)</script><img src=x onerror=alert(1)>\'</title></textarea>'
HANDED_ON = {'content-type', 'content-location', 'content-language', 'content-disposition', 'content-security-policy', 'content-length', 'date',
             'cache-control', 'memento-datetime', 'link', 'cross-origin-resource-policy', 'referrer-policy',
             'x-dns-prefetch-control', 'permissions-policy', 'accept-ranges', 'connection', 'transfer-encoding', 'location',
             'vary', 'x-content-type-options', 'content-range', 'keep-alive'}


def insist(fine, what):
    if not fine:
        raise AssertionError(what)


class Inert(html.parser.HTMLParser):
    """A page of the library: no script but its own, no handler, no address that runs."""

    def __init__(self, text, where):
        super().__init__()
        self.where = where
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            insist(not name.startswith('on') and name != 'style', '%s: %s on %s' % (self.where, name, tag))
            if name in ('href', 'src', 'action'):
                insist(re.match(r'(/|#|https?://127\.0\.0\.1:)', value), '%s: %s leads to %s' % (self.where, tag, value))
        insist(tag not in ('script', 'base', 'object', 'embed') or (tag, dict(attrs).get('src')) == ('script', '/-/frame.js'),
               '%s: %s' % (self.where, tag))
        insist(tag != 'img' or dict(attrs)['src'].startswith('/'), self.where)


def make(folder):
    made = MadeArchive(folder, FLONG)
    site = 'https://evil.example/'
    dates = {}
    heads = {
        'cr': b'Content-Type: text/html\rSet-Cookie: stolen=1\rX-Bad: 1',
        'fold': b'Content-Type: text/html\r\n Set-Cookie: stolen=1',
        'nul': b'Content-Type: text/html\0Set-Cookie: stolen=1',
        'language': b'Content-Language: de\rSet-Cookie: stolen=1\r\nContent-Type: text/html',
        'name': b'Content-Disposition: attachment; filename="a\rSet-Cookie: stolen=1"\r\nContent-Type: text/html',
        'location': b'Content-Type: text/html\r\nLocation: https://evil.example/\rSet-Cookie: stolen=1',
    }
    for name, head in heads.items():
        status = b'302 Found' if name == 'location' else b'200 OK'
        block = b'HTTP/1.1 ' + status + b'\r\n' + head + b'\r\nContent-Length: 7\r\n\r\n<h1>x</'
        dates[name] = made.add(site + name, '', block=block)
    for number, kind in enumerate((MARKUP, 'text/html"onload="x', 'image/svg+xml')):
        made.add(site + 'type%d' % number, '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', kind)
    for url in (site + '?' + MARKUP, site + '%0d%0aSet-Cookie:x=1', site + '<b>', "https://evil.example/'onclick='x"):
        date = made.add(url, '<title>%s</title>' % MARKUP)
        made.story(url=url, timestamp=date, depth=0, headline=MARKUP, kicker=MARKUP, description=MARKUP, title=MARKUP,
                   image={'url': 'javascript:alert(1)//' + MARKUP}, via=MARKUP, record=MARKUP, versionDigest=MARKUP + url,
                   related=[{'url': 'javascript:alert(1)', 'title': MARKUP, 'reasons': [MARKUP]}], published={'value': MARKUP},
                   **{'class': MARKUP, 'captured': False})
    for line in ({'url': 7, 'timestamp': []}, {'url': site, 'timestamp': '2026-11-23T19:00:00Z', 'depth': 1e300, 'related': 3},
                 {'url': 'javascript:alert(1)', 'timestamp': '2026-11-23T19:00:00Z', 'headline': 'x', 'depth': -5}, {}):
        made.story(**line)
    made.record('metadata', site, '2026-11-23T19:00:00.000Z', 'application/warc-fields',
                ('title: %s\r\noutlink: javascript:alert(1) E %s\r\noutlink: %s E img\r\n' % ((MARKUP,) * 3)).encode(),
                'WARC-Concurrent-To: <urn:uuid:00000000-0000-0000-0000-000000000001>', 'X-' + MARKUP.replace(' ', '') + ': ' + MARKUP)
    made.write()
    return dates


def check_fields(server, dates):
    for name in dates:
        for mod in ('mp_', 'id_', 'oe_'):
            target = '/evil/%s%s/https://evil.example/%s' % (re.sub(r'\D', '', dates[name]), mod, name)
            answer = server.raw(b'GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n' % (
                target.encode(), server.captures), server.captures)
            head = answer.split(b'\r\n\r\n')[0]
            insist(b'\r' not in head.replace(b'\r\n', b'') and b'\n' not in head.replace(b'\r\n', b'') and b'\0' not in head, head)
            fields = {line.split(b':')[0].decode().lower() for line in head.split(b'\r\n')[1:]}
            insist(fields <= HANDED_ON, '%s: %s' % (target, fields - HANDED_ON))


def check_pages(server):
    """Every page that the library's pages lead to, and the searches that reflect."""
    known = {'/', '/search?q=' + serving_quote(MARKUP), '/evil/versions?url=' + serving_quote(MARKUP),
             '/evil/links?url=javascript:alert(1)', '/evil/diff?url=x&a=%s&b=%s' % ((serving_quote(MARKUP),) * 2),
             '/evil/record?offset=0&file=' + serving_quote(MARKUP), '/evil/urls?from=' + serving_quote(MARKUP),
             '/evil/calendar?day=' + serving_quote(MARKUP), '/' + serving_quote(MARKUP) + '/', '/evil/' + serving_quote(MARKUP),
             '/evil/captures?url=%s&day=%s' % ((serving_quote(MARKUP),) * 2), '/evil/*/' + serving_quote(MARKUP)}
    seen = set()
    while known - seen:
        target = sorted(known - seen)[0]
        seen.add(target)
        status, fields, body = server.get(target)
        if not fields.get('content-type', '').startswith('text/html') or status >= 500:
            insist(status < 500, '%s: %s' % (target, status))
            continue
        text = body.decode()
        Inert(text, target)
        for link in re.findall(r' href="(/[^"]*)"', text):
            link = link.replace('&amp;', '&').replace('&#39;', "'").replace('&quot;', '"').replace('&lt;', '<').replace('&gt;', '>')
            if len(seen) < 400 and not re.search(r'[\x00-\x20<>"]', link):
                known.add(link)
    insist(len(seen) > 40, 'only %d pages' % len(seen))


def serving_quote(text):
    return ''.join(c if c.isalnum() else '%%%02X' % ord(c) for c in text)


def check_pictures(server):
    """The library shows pictures of kinds that run nothing, and nothing else as a picture."""
    status, _, body = server.get('/evil/im_/https://evil.example/type2')
    insist(status == 404 and b'svg' not in body, 'an SVG file: %s' % status)
    insist(server.get('/evil/im_/https://evil.example/cr')[0] == 404, 'a page as a picture')


def check_paths(server, work):
    with open(work('secret'), 'w', encoding='ascii') as file:
        file.write('secret')
    for up in ('..', '%2e%2e', '.%2e', '%252e%252e', '..%2f..', '..%5c..', '..\\..', './/..', '%c0%ae%c0%ae', '....//', '..;'):
        for target in ('/evil/file/%s/secret', '/evil/file/archive/%s/%s/secret', '/-/%s/secret', '/%s/secret',
                       '/evil/record?offset=0&file=%s/secret', '/evil/record?offset=0&file=%s/indexes/index.cdx'):
            target = target.replace('%s', up)
            status, _, body = server.get(target)
            insist(status in (400, 404) and body != b'secret', '%s: %s' % (target, status))
    for target in (b'/evil/file//etc/passwd', b'//etc/passwd', b'/evil/file/archive/made.warc\0.cdx', b'http://127.0.0.1/etc/passwd',
                   b'*', b'\\..\\secret', b'/%00', b'/evil/file/' + b'../' * 3000, b'/' + b'%' * 5000, b'/evil/mp_/' + b'h' * 60000):
        for port in (server.port, server.captures):
            answer = server.raw(b'GET ' + target + b' HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n' % port, port)
            # The library of the server ends a target at a NUL: then it is that of the file itself.
            insist(not answer or answer[9:10] in b'34' or b'\0' in target, '%r: %r' % (target[:60], answer[:40]))
            insist(b'root:' not in answer and b'secret' != answer[-6:], target)
    # What is left out of a collection stays out when a link leads there.
    os.symlink(work('secret'), work('evil', 'archive', 'link.warc'))
    insist(server.get('/evil/file/archive/link.warc')[2] != b'secret', 'a link')


def check_hosts(server):
    for port in (server.port, server.captures):
        own = '127.0.0.1:%d' % port
        for host in ('evil.example:%d' % port, 'evil.example', '127.0.0.1.evil.example:%d' % port, 'localhost.evil.example:%d' % port,
                     own + '@evil.example', 'evil.example@' + own, '127.0.0.1', '127.0.0.1:%d' % (port + 1), '[::1', '', ':%d' % port,
                     'x[127.0.0.1]:%d' % port, '127.0.0.1:%d.evil.example' % port, '0x7f.1.evil:%d' % port):
            status, fields, _ = server.get('/', port, Host=host)
            insist(status in (400, 421), 'host %s: %s' % (host, status))
            insist('access-control-allow-origin' not in fields, host)
        absolute = server.raw(b'GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n', port)
        insist(absolute[9:10] == b'4', absolute[:40])
        twice = server.raw(b'GET / HTTP/1.1\r\nHost: evil.example\r\nHost: %s\r\nConnection: close\r\n\r\n' % own.encode(), port)
        insist(not twice or twice[9:10] == b'4', twice[:40])
        none = server.raw(b'GET / HTTP/1.0\r\n\r\n', port)
        insist(not none or none[9:10] == b'4', none[:40])


def check_sizes(server):
    own = b'Host: 127.0.0.1:%d\r\nConnection: close\r\n' % server.captures
    for data in (b'GET /' + b'a' * 400000, b'GET / HTTP/1.1\r\n' + own + b'X: ' + b'a' * 400000 + b'\r\n\r\n',
                 b'GET / HTTP/1.1\r\n' + own + b'X: a\r\n' * 60000 + b'\r\n', b'GET / HTTP/1.1\r\n' + own + b' folded\r\n' * 60000 + b'\r\n'):
        try:
            answer = server.raw(data, server.captures)
        except OSError:
            continue  # it was closed while it was sent
        insist(not answer or answer[9:10] == b'4', answer[:40])
    path = '/evil/file/archive/made.warc'
    whole = server.get(path)[2]
    for ranges in (','.join('%d-%d' % (i, i) for i in range(9000)), '0-0,' * 9000 + '1-1', '-' + '9' * 400, '9' * 400 + '-',
                   '5-1', '0-' + '9' * 30, '-0', '--1', '0-0-0', 'a-b', '', '1' * 90000 + '-'):
        for target, port in ((path, server.port), ('/evil/id_/https://evil.example/type2', server.captures)):
            status, _, body = server.get(target, port, Range='bytes=' + ranges)
            insist(status in (200, 206, 416, 431) and len(body) <= len(whole), '%s %s: %s' % (target, ranges[:30], status))
    insist(server.get('/')[0] == 200, 'it goes on')


def memory(server):
    with open('/proc/%d/status' % server.child.pid, encoding='ascii') as file:
        return int(re.search(r'VmHWM:\s+(\d+)', file.read())[1])


def check_suite(server, tap):
    """No more requests are answered than the rows of the suite hold; those that are malformed not at all."""
    path = os.path.join(ROOT, '..', 'shared', 'suites', 'http-parse', 'cases.jsonl')
    if not os.path.exists(path):
        tap.note('SKIP http-parse: the suites are not here')
        return
    with open(path, encoding='utf-8') as file:
        rows = [row for row in map(json.loads, file) if row['kind'] == 'request']
    for row in rows:
        for own in (False, True):
            data = base64.b64decode(row['raw_b64'])
            if own:
                data = re.sub(rb'(?im)^(host:[ \t]*)[^\r\n]*', lambda m: m[1] + b'127.0.0.1:%d' % server.port, data)
            try:
                answer = server.answer_to(data, 0.15)
            except OSError:
                continue
            statuses = re.findall(rb'(?m)^HTTP/1\.[01] (\d)', answer)
            good = [status for status in statuses if status not in (b'4', b'5')]
            insist(len(good) <= row['message_complete'], '%s: %s' % (row['title'], statuses))
            if row['error'] and not row['lenient'] and row['message_complete'] == 0:
                insist(set(statuses) <= {b'4', b'5'}, '%s: %s' % (row['title'], statuses))
    insist(server.get('/')[0] == 200, 'it goes on')


def check_sandbox(server, tap):
    if 'sandbox: none' in flong('--version', '-v').out:
        tap.note('SKIP the sandbox: there is none in this build, or on this kernel')
        return
    with open('/proc/%d/status' % server.child.pid, encoding='ascii') as file:
        status = file.read()
    insist(re.search(r'Seccomp:\s+2', status) and re.search(r'NoNewPrivs:\s+1', status), status)


def check_change(work):
    """In the sandbox a WARC file that is replaced is indexed anew, and old encodings are read."""
    def write(name, charset, word):
        made = MadeArchive(work(name), FLONG)
        made.add('https://%s.example/' % name, ('<a href="/?q=%s">x</a>' % word).encode(charset), 'text/html; charset=' + charset)
        made.write()
        return os.path.join(work(name), 'archive', 'made.warc')

    os.rename(write('first', 'cp1251', 'паром'), work('one.warc'))
    server = serving.Server(Flong, work('one.warc'))
    insist(b'%EF%E0%F0%EE%EC' in server.capture('/one/mp_/https://first.example/')[2], 'a query in its encoding')
    os.rename(write('second', 'shift_jis', 'フェリー'), work('one.warc'))
    # It looks once a second; one that never does is ended by the test's own limit.
    while server.capture('/one/mp_/https://second.example/')[0] != 200:
        pass
    insist(b'%83t%83F%83%8A%81[' in server.capture('/one/mp_/https://second.example/')[2], 'another encoding')
    run = server.end().expect(0)
    insist(run.err == '', run.err)


def main():
    tap = begin()
    with Work() as work:
        dates = make(work('evil'))
        server = serving.Server(Flong, work('evil'))
        tap.run('fields hold no line ends, and only those of the list', check_fields, server, dates)
        tap.run('markup in titles, addresses and types is text', check_pages, server)
        tap.run('pictures of the library run nothing', check_pictures, server)
        tap.run('paths that lead out', check_paths, server, work)
        tap.run('names of other hosts', check_hosts, server)
        tap.run('heads without end, ranges without number', check_sizes, server)
        tap.run('the suite http-parse', check_suite, server, tap)
        tap.run('the server is in a sandbox', check_sandbox, server, tap)
        tap.say(memory(server) < 200 << 10, 'memory stays small', memory(server))
        tap.run('it ends well', lambda: server.end().expect(0))
        tap.run('a file that is replaced', check_change, work)
    tap.end()


sys.exit(main())
