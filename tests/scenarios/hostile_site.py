#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""hostile_site - one crawl of a site that knows it is archived: hostile fields, links, redirects, codings, bodies

The crawl ends, every other URL is captured, and what is written is read by the tests' own reader: each named
field comes from our writer, the index has a row for each response and no more, no request was split.
"""
import base64
import gzip
import json
import os
import re
import zlib

from scenario import QUIET, Archive, FaultServer, Work, begin, flong

OK = b'HTTP/1.1 200 OK\r\n'
# The two beginnings of one SHA-1 that were published in 2017 (shattered.io): what is the same in both, then what is not.
SHARED = base64.b64decode(
    'JVBERi0xLjMKJeLjz9MKCgoxIDAgb2JqCjw8L1dpZHRoIDIgMCBSL0hlaWdodCAzIDAgUi9UeXBlIDQgMCBSL1N1YnR5cGUgNSAwIFIvRmlsdG'
    'VyIDYgMCBSL0NvbG9yU3BhY2UgNyAwIFIvTGVuZ3RoIDggMCBSL0JpdHNQZXJDb21wb25lbnQgOD4+CnN0cmVhbQr/2P/+ACRTSEEtMSBpcyBk'
    'ZWFkISEhISGFL+wJIzl1nDmxocY8TJfh//4B')
TWINS = [base64.b64decode(text) for text in ('f0bck6a2fgE7ApqqHbJWC0XKZ9aIx/hLjEx5H+ArPfYU+G2xaQkBxWtFwVMK/t+3YDjpcnIv561yjw5JBOBGwjBXD+nUE5ir4S71vJQr4zVCpI'
    'AtmLXXDyozLsN/rDUU503cDyzBqHTNDHgwWiFWZGEwl4lga9C/P5jNqARGKaE=',
    'c0bckWa2fhGPApq2IbJWD/nKZ8yox/hbqEx5AwwrPeIY+G2zqQkB1d9FwU8m/t+z3DjpasIv571yjw5FvOBG0jxXD+sUE5i7VS71oKgr4zH+pI'
    'A3uLXXHw4zLt+TrDUA603cDezBqGR5DHgsdiFWYN0wl5HQa9CvP5jNpLxGKbE=')]
FORGED = (b'\r\n\r\nWARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>\r\n'
          b'WARC-Date: 2020-01-01T00:00:00Z\r\nWARC-Target-URI: http://bank.example/\r\nContent-Length: 5\r\n\r\nhello\r\n\r\n')
NAMES = {'warc-type', 'warc-record-id', 'warc-date', 'content-length', 'content-type', 'warc-concurrent-to', 'warc-block-digest',
         'warc-payload-digest', 'warc-ip-address', 'warc-refers-to', 'warc-refers-to-target-uri', 'warc-refers-to-date',
         'warc-target-uri', 'warc-truncated', 'warc-warcinfo-id', 'warc-filename', 'warc-profile', 'warc-protocol', 'warc-cipher-suite',
         'warc-identified-payload-type', 'warc-segment-number'}
# Bytes that would begin a line, a field or a column if they were believed.
ODD = (b'%0d%0aX-Evil:%20yes', b'\tX-Evil: yes', b'\x0bX-Evil', b'\x00X-Evil', b'\xe9\xff', b' HTTP/1.1\tX-Evil: yes',
       '\u2028X-Evil\u202e\u200b'.encode(), b'"\\{}|^`<>', b'%00%0a%0d%09')
HREFS = ('/h1&#13;&#10;X-Evil:&#32;yes', '/h2&#10;&#10;GET&#32;/evil&#32;HTTP/1.1', '/h3&#9;tab&#0;nul', '/h4 &#x20;X-Evil: yes',
         '/h5?q=&#13;&#10;&#13;&#10;x', ' \n/h6\n ', '/h7#&#10;fragment', '/h8%0d%0aX-Evil:%20yes', '/h9&#xfffd;&#x202e;&#x7f;&#x80;')
UNFETCHED = ('data:text/html,<img src=/never>', 'javascript:void(0)', 'blob:http://x/1', 'about:blank', 'view-source:/never',
             'mailto:a@b.example', 'tel:+1', 'data:image/png;base64,' + 'A' * 200000, 'file:///never', 'ftp://127.0.0.1/never',
             'http://', 'http://[::1/', 'http://a b/', 'http://' + 'a' * 64 + '..example:99999/', 'http:///')
SCHEMES = ('file:///etc/passwd', 'ftp://127.0.0.1/', 'gopher://127.0.0.1/', 'dict://127.0.0.1/', 'data:text/html,x',
           'javascript:alert(1)', 'mailto:a@b.example', 'about:blank', 'urn:x', 'http://', 'http://[', '//')


def reply(body, fields=b'', status=b'200 OK'):
    return [[('send', b'HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n%s' % (status, len(body), fields, body))]]


def html(body, fields=b''):
    return reply(body if isinstance(body, bytes) else body.encode(), b'Content-Type: text/html; charset=utf-8\r\n' + fields)


def moved(to):
    return reply(b'', b'Location: ' + to + b'\r\n', b'302 Found')


class World:
    """The script of the server, and what the start page needs."""

    def __init__(self):
        self.script, self.images, self.frames = {}, [], []

    def image(self, path, plays):
        self.script[path] = plays
        self.images.append(path)

    def frame(self, path, plays):
        self.script[path] = plays
        self.frames.append(path)

    def fields(self):
        for number, odd in enumerate(ODD):
            for name in (b'Content-Type', b'Location', b'Set-Cookie', b'Content-Disposition', b'Link', b'X-Odd', b'Content-Language'):
                value = {b'Content-Type': b'text/html', b'Link': b'</l>; rel=preload; as=image', b'Set-Cookie': b'n=v'}.get(name, b'/l')
                status = b'302 Found' if name == b'Location' else b'200 OK'
                self.image('/f%d-%s' % (number, name.decode()), reply(b'x', name + b': ' + value + odd + b'\r\n', status))
            self.image('/r%d' % number, reply(b'x', b'', b'200 OK' + odd))

    def redirects(self):
        for number, target in enumerate(SCHEMES):
            self.image('/scheme%d' % number, moved(target.encode()))
        self.image('/loop', moved(b'/pool'))
        self.script['/pool'] = moved(b'/loop')
        self.image('/self', moved(b'/self'))
        for number in range(100):
            self.script['/chain%d' % number] = moved(b'/chain%d' % (number + 1))
        self.images.append('/chain0')
        self.image('/nowhere', reply(b'', b'', b'302 Found'))
        self.image('/empty', moved(b''))
        for number in range(2):
            self.frame('/refresh%d' % number, html('<meta http-equiv=refresh content="0;url=/refresh%d">' % (1 - number)))
        self.frame('/refresh-self', html('<meta http-equiv=refresh content=0>'))

    def codings(self):
        zeros = b'\0' * 4000000
        bomb = zlib.compress(zlib.compress(zeros, 9), 9)
        packed = gzip.compress(b'<img src=/in-gzip>')
        coded = b'Content-Encoding: %s\r\nContent-Type: text/html\r\n'
        nested = b'<img src=/deep>'
        for _ in range(20):
            nested = gzip.compress(nested)
        self.frame('/bomb', reply(gzip.compress(zeros * 16, 9), coded % b'gzip'))
        self.frame('/bomb2', reply(bomb, coded % b'deflate, deflate'))
        self.frame('/nested', reply(nested, coded % b', '.join([b'gzip'] * 20)))
        self.frame('/gzip-cut', reply(packed[:-10], coded % b'gzip'))
        self.frame('/gzip-bad', reply(packed[:20] + b'\xff\xff\xff' + packed[23:], coded % b'gzip'))
        self.frame('/gzip-tail', reply(packed + b'tail', coded % b'gzip'))
        self.frame('/not-gzip', reply(b'<img src=/plain>', coded % b'gzip'))
        self.frame('/unknown', reply(b'<img src=/as-is>', coded % b'rot13'))

    def contents(self):
        self.frame('/links', html('<base href="javascript:0">' + ''.join('<img src="%s">' % url for url in (*HREFS, *UNFETCHED))))
        self.frame('/base', html(b'<base href="http://127.0.0.1:1/' + b'b' * 100000 + b'"><img src=/based>'))
        self.image('/forged', reply(FORGED * 3, b'Content-Type: text/plain\r\n'))
        self.image('/forged-gzip', reply(gzip.compress(FORGED) * 2, b'Content-Type: application/octet-stream\r\n'))
        self.image('/forged-head', [[('send', OK + b'X: y\r\nContent-Length: %d\r\n\r\n%s' % (len(FORGED), FORGED))]])
        self.image('/html-as-image', reply(b'<html><img src=/never>', b'Content-Type: image/png\r\n'))
        self.script['/script-as-html'] = html('document.write("<img src=/never2>")')
        self.image('/pdf', reply(b'%PDF-1.4\nPK\x03\x04<img src=/never>', b'Content-Type: application/pdf\r\n'))
        self.image('/endless', [[('send', OK + b'\r\n'), ('repeat', b'z' * 65536, 200), ('hang',)]])
        for number in range(3):
            self.image('/cookies%d' % number, reply(b'x', b''.join(b'Set-Cookie: c%d-%d=%s\r\n' % (number, n, b'v' * 3000) for n in range(300))))
        for number, bad in enumerate((b'Domain=example', b'Domain=com', b'Domain=other.example', b'Path=/x\x01y')):
            self.image('/super%d' % number, reply(b'x', b'Set-Cookie: super=%d; %s\r\n' % (number, bad)))

    def start(self):
        body = ''.join('<img src="%s">' % path for path in self.images) + ''.join('<iframe src="%s"></iframe>' % path for path in self.frames)
        self.script['/'] = html('<title>Start</title><script src=/script-as-html></script>' + body + '<img src=/last>')
        self.script['/last'] = reply(b'last')
        return self.script


class Seen:
    """The crawl, done once."""

    def __init__(self, work):
        self.world = World()
        for part in (self.world.fields, self.world.redirects, self.world.codings, self.world.contents):
            part()
        with FaultServer(self.world.start()) as server:
            self.server, self.base = server, server.url('')
            self.run = flong('crawl', server.url('/'), '-o', work('out'), *QUIET, '--depth', '0', '--scope', 'page', '--retries', '0',
                             '--robots', 'ignore', '--max-file', '5M', '--stall', '5s', '-v')
            self.plays = list(server.plays)
        self.archive = Archive(work('out'))
        self.paths = {play.path for play in self.plays}
        self.work = work

    def exchange(self, path):
        return self.archive.by_url[self.base + path][0]


def check_ends(seen):
    """Exit 0, and all that the start page names was asked for, up to the last."""
    seen.run.expect(0)
    missing = [path for path in (*seen.world.images, *seen.world.frames, '/last') if path not in seen.paths]
    if missing:
        raise AssertionError(missing)


def check_fields(seen):
    """Every line of every record's head is a field of ours without a control byte."""
    for warc in seen.archive.warcs:
        with gzip.open(warc) as file:
            data = file.read()
        at = count = 0
        while at < len(data):
            end = data.index(b'\r\n\r\n', at)
            lines = data[at:end].split(b'\r\n')
            if lines[0] != b'WARC/1.1':
                raise AssertionError(lines[0])
            fields = {}
            for line in lines[1:]:
                if not re.fullmatch(rb'[A-Za-z-]+: [\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?', line) or \
                        line.split(b':')[0].decode().lower() not in NAMES:
                    raise AssertionError(line)
                name, _, value = line.partition(b': ')
                fields[name.lower()] = value
            at = end + 4 + int(fields[b'content-length']) + 4
            count += 1
        if count != len([record for record in seen.archive.all]):
            raise AssertionError('%d records, the reader has %d' % (count, len(seen.archive.all)))
    flong('check', seen.archive.path).expect(0)


def check_lines(seen):
    """Index, logs, reports and page lists: one line each, without control bytes."""
    responses = [record for record in seen.archive.all if record.type in ('response', 'revisit')]
    if len(seen.archive.index()) != len(responses):
        raise AssertionError('%d rows, %d responses' % (len(seen.archive.index()), len(responses)))
    for folder, _, names in os.walk(seen.archive.path):
        for name in names:
            if name.endswith(('.cdx', '.log', '.jsonl', '.json')):
                with open(os.path.join(folder, name), 'rb') as file:
                    data = file.read()
                if re.search(rb'[\x00-\x08\x0b-\x1f\x7f]', data):
                    raise AssertionError('%s: %r' % (name, re.search(rb'.{0,80}[\x00-\x08\x0b-\x1f\x7f].{0,80}', data)[0]))
    for row in seen.archive.log():
        if len(row) != 12 or not re.fullmatch(r'-?\d+', row[1]) or not row[3].startswith('http'):
            raise AssertionError(row)
    if re.search('[\x00-\x08\x0b-\x1f\x7f-\x9f]', seen.run.out + seen.run.err):
        raise AssertionError('printed: %r' % re.search('.{0,80}[\x00-\x08\x0b-\x1f\x7f-\x9f].{0,80}', seen.run.out + seen.run.err)[0])


def check_requests(seen):
    """No request has a line that a page made."""
    known = {'host', 'user-agent', 'accept', 'accept-encoding', 'referer', 'cookie', 'connection'}
    for play in seen.plays:
        lines = play.request.decode('latin-1').split('\r\n')
        if not re.fullmatch(r'GET /[\x21-\x7e]* HTTP/1\.1', lines[0]):
            raise AssertionError(lines[0])
        for line in lines[1:-2]:
            if line.split(':')[0].lower() not in known or re.search('[\x00-\x1f\x7f]', line):
                raise AssertionError(line)
        if len(play.request) > 80000:
            raise AssertionError('a request of %d bytes' % len(play.request))


def missing(seen):
    """Why a path is missing, by the report."""
    return {row['url'][len(seen.base):]: row['reason'] for row in seen.archive.report()['missing']}


def check_schemes(seen):
    """Redirects to what is no web address end there, with the reason."""
    reasons = missing(seen)
    for number, target in enumerate(SCHEMES):
        path = '/scheme%d' % number
        if seen.exchange(path).status != 302 or 'redirect' not in reasons.get(path, ''):
            raise AssertionError('%s: %s' % (target, reasons.get(path)))


def check_loops(seen):
    """Every hop is a record of its own, each once, up to the limit."""
    for path, words in (('/pool', 'loop'), ('/self', 'loop'), ('/nowhere', 'without Location'), ('/empty', 'without Location'),
                        ('/chain20', 'too many')):
        reason = missing(seen)[path]
        if words not in reason or len(seen.archive.by_url[seen.base + path]) != 1:
            raise AssertionError('%s: %s' % (path, reason))
    if '/chain21' in seen.paths:
        raise AssertionError('more than 20 hops')
    for path in ('/refresh0', '/refresh1', '/refresh-self'):
        if len(seen.archive.by_url[seen.base + path]) != 1:
            raise AssertionError('%s: %d times' % (path, len(seen.archive.by_url[seen.base + path])))


def check_codings(seen):
    """Bodies are kept as they came; what can be read of them is."""
    for path in ('/bomb', '/bomb2', '/nested', '/gzip-cut', '/gzip-bad', '/gzip-tail', '/not-gzip', '/unknown'):
        sent = next(bytes(play.sent) for play in seen.plays if play.path == path)
        if seen.exchange(path).reply.block != sent:
            raise AssertionError(path)
    for path in ('/in-gzip', '/as-is'):
        if path not in seen.paths:
            raise AssertionError('%s was not found' % path)


def check_unfetched(seen):
    """What is not on the web is not asked for, whatever it is declared as."""
    asked = [path for path in seen.paths if 'never' in path]
    if asked:
        raise AssertionError(asked)
    for number in range(1, 10):
        if not any(path.startswith('/h%d' % number) for path in seen.paths):
            raise AssertionError('/h%d was not asked for' % number)


def check_base(seen):
    """A base that is no web address, or too long to be one, is none."""
    if any('bbbb' in path for path in seen.paths) or '/based' not in seen.paths:
        raise AssertionError(sorted(path for path in seen.paths if 'b' in path)[:9])


def check_forged(seen):
    """Bodies that look like records are bodies."""
    if any('bank.example' in record.url for record in seen.archive.all) or any('bank' in row[2]['url'] for row in seen.archive.index()):
        raise AssertionError('a forged record was believed')
    for path in ('/forged', '/forged-gzip', '/forged-head'):
        sent = next(bytes(play.sent) for play in seen.plays if play.path == path)
        if seen.exchange(path).reply.block != sent:
            raise AssertionError(path)


def check_endless(seen):
    """A body without end is cut at --max-file and says so."""
    record = seen.exchange('/endless').reply
    if record.fields.get('warc-truncated') != 'length' or not 5000000 <= len(record.block) <= 5300000:
        raise AssertionError('%s %d' % (record.fields.get('warc-truncated'), len(record.block)))


def one_by_one(*bodies):
    """Records of replies that are fetched one after another: what came before is in the archive by then."""
    script = {'/?%d' % number: reply(body) for number, body in enumerate(bodies)}
    script['/'] = html(''.join('<img src="%s">' % path for path in script))
    with Work() as work, FaultServer(script) as server:
        flong('crawl', server.url('/'), '-o', work('out'), *QUIET, '--depth', '0', '--robots', 'ignore', '--digest', 'sha1',
              '--deterministic', 'order').expect(0)
        archive = Archive(work('out'))
        return [archive.by_url[server.url('/?%d' % number)][0].reply for number in range(len(bodies))]


def check_changes(_):
    """Other bytes of the same length are another response; only the same ones are a revisit."""
    types = [record.type for record in one_by_one(b'first' * 500, b'other' * 500, b'first' * 500)]
    if types != ['response', 'response', 'revisit']:
        raise AssertionError(types)


def check_cookies(seen):
    """Floods of cookies are capped; a cookie for a whole domain or with a control byte is none."""
    for play in seen.plays:
        found = re.search(rb'Cookie: ([^\r]*)', play.request)
        if found and (found[1].count(b'=') > 60 or b'super' in found[1]):
            raise AssertionError(found[1][-300:])


def check_twins(_):
    """Payloads of one SHA-1 and one length are not taken for each other; the same one is."""
    one, other = [SHARED + twin + b'same' * 300 for twin in TWINS]
    records = one_by_one(one, other, one)
    types = [record.type for record in records]
    if types != ['response', 'response', 'revisit']:
        raise AssertionError(types)
    if len({record.fields['warc-payload-digest'] for record in records}) != 1 or not records[1].block.endswith(other):
        raise AssertionError(records[1].fields)


def check_json(seen):
    """Every line of JSON is whole."""
    for name in ('reports/report.json', 'reports/skipped.jsonl', 'pages/extraPages.jsonl'):
        with open(seen.archive.of(*name.split('/')), encoding='utf-8') as file:
            for text in [file.read()] if name.endswith('.json') else file:
                json.loads(text)


def main():
    tap = begin()
    with Work() as work:
        seen = Seen(work)
        for claim, function in (
                ('the crawl ends, and nothing else is missing', check_ends), ('named fields are ours', check_fields),
                ('index, logs and reports have whole lines', check_lines), ('requests are not split', check_requests),
                ('JSON is whole', check_json),
                ('redirects to other schemes', check_schemes), ('loops and chains of redirects', check_loops),
                ('codings that lie or explode', check_codings), ('what is not on the web', check_unfetched),
                ('hostile bases', check_base), ('bodies that look like records', check_forged), ('an endless body', check_endless),
                ('a page that changes', check_changes), ('two payloads with one SHA-1', check_twins),
                ('floods of cookies', check_cookies)):
            tap.run(claim, function, seen)
    tap.end()


if __name__ == '__main__':
    main()
