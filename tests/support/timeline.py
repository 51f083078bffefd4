# SPDX-License-Identifier: MIT
"""timeline.py - a WARC file of captures over the years, for what has to be found again by URL and time

It has what makes looking up hard: one story at many times, under http and https, with and without www;
two captures in one second; redirects to the same key; revisits; queries in any order, with what only
breaks caches; a port; hosts below hosts; letters outside of ASCII; codings; error pages.
"""
import gzip
import hashlib
import uuid
import zlib

HOST = 'https://www.timeline.example'


class Writer:
    """Records, each a gzip member, with digests as flong writes them."""

    def __init__(self, path):
        self.file, self.count = open(path, 'wb'), 0
        self.add('warcinfo', None, '2014-01-01T00:00:00.000Z', b'software: timeline\r\n', [])

    def add(self, kind, url, date, block, fields):
        self.count += 1
        head = ['WARC/1.1', 'WARC-Type: ' + kind, 'WARC-Record-ID: <urn:uuid:%s>' % uuid.UUID(int=self.count, version=4),
                'WARC-Date: ' + date]
        if url:
            head += ['WARC-Target-URI: ' + url, 'Content-Type: application/http;msgtype=response']
        else:
            head += ['WARC-Filename: timeline.warc.gz', 'Content-Type: application/warc-fields']
        head += ['WARC-Block-Digest: sha256:' + hashlib.sha256(block).hexdigest(), *fields, 'Content-Length: %d' % len(block)]
        self.file.write(gzip.compress('\r\n'.join(head).encode() + b'\r\n\r\n' + block + b'\r\n\r\n', 6, mtime=0))

    def reply(self, url, date, body, kind='text/html', status='200 OK', fields=(), framing=None):
        """A response; `body` is as it is stored, `framing` of it as it is sent."""
        sent = framing(body) if framing else body
        length = ['Transfer-Encoding: chunked'] if framing else ['Content-Length: %d' % len(body)]
        head = ['HTTP/1.1 ' + status, 'Content-Type: ' + kind, *fields, *length]
        self.add('response', url, date, '\r\n'.join(head).encode() + b'\r\n\r\n' + sent,
                 ['WARC-Payload-Digest: sha256:' + hashlib.sha256(body).hexdigest()])

    def repeat(self, url, date, original_url, original_date, body, kind='text/html'):
        head = 'HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n' % (kind, len(body))
        self.add('revisit', url, date, head.encode(),
                 ['WARC-Payload-Digest: sha256:' + hashlib.sha256(body).hexdigest(),
                  'WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest',
                  'WARC-Refers-To-Target-URI: ' + original_url, 'WARC-Refers-To-Date: ' + original_date])


def chunked(body):
    half = len(body) // 2
    parts = b''.join(b'%x\r\n%s\r\n' % (len(part), part) for part in (body[:half], body[half:]) if part)
    return parts + b'0\r\n\r\n'


def story(number):
    return ('<!doctype html><html><head><title>Version %d</title></head><body><h1>Version %d</h1></body></html>'
            % (number, number)).encode()


def write_story(writer):
    for number in range(14):
        scheme, www = ('https', 'http')[number % 3 == 1], ('www.', '')[number % 4 == 3]
        url = '%s://%stimeline.example/Story' % (scheme, www)
        date = '20%02d-%02d-%02dT%02d:30:00.%03dZ' % (14 + number // 2, 1 + 7 * number % 12, 1 + number, number, 71 * number)
        if number in (5, 9):
            writer.reply(url, date, b'', status='301 Moved', fields=['Location: https://www.timeline.example/story'])
        elif number in (6, 11):
            writer.repeat(url, date, HOST + '/Story', '2014-01-01T00:30:00.000Z', story(0))
        elif number == 8:
            writer.reply(url, date, b'gone', status='404 Not Found')
        elif number == 12:
            writer.reply(url, date, b'later', status='503 Busy')
        else:
            writer.reply(url, date, story(number))
    writer.reply('http://www.timeline.example/moved', '2017-01-01T00:00:00.000Z', b'', status='301 Moved',
                 fields=['Location: %s/moved' % HOST])
    writer.reply(HOST + '/moved', '2017-01-01T00:00:01.000Z', story(1))
    for fraction in (120, 640):
        writer.reply(HOST + '/Story', '2021-06-01T12:00:00.%dZ' % fraction, story(fraction))


def write_queries(writer):
    for number, query in enumerate((
            'b=2&a=1', 'a=1&b=2', 'A=1', 'page=2', 'page=3&utm_source=feed&utm_medium=rss', 'id=7&_=1700000000000',
            'id=8&cb=12345', 'callback=jsonp8812&id=9', 'jqcb=jquery1830_1700000000000&id=10', 'id=11&nocachets=1700000000001',
            'empty=&x', 'q=%C3%A9t%C3%A9', 'q=a+b%20c', 'id=12&fbclid=IwAR0abc')):
        writer.reply('%s/find?%s' % (HOST, query), '2019-03-%02dT08:00:00.000Z' % (number + 1), b'{"n": %d}' % number,
                     'application/json')
    for number, path in enumerate(('/app.js?v=1', '/app.js?v=2', '/style.css?build=77', '/photo.jpg?w=100&q=80',
                                   '/photo.jpg?w=800&q=80', '/old.php?id=1', '/news.html?page=1')):
        writer.reply(HOST + path, '2019-04-%02dT08:00:00.000Z' % (number + 1), b'/* %d */' % number,
                     ('text/javascript', 'text/javascript', 'text/css', 'image/jpeg', 'image/jpeg', 'text/html', 'text/html')[number])


def write_hosts(writer):
    for number, host in enumerate(('img.timeline.example', 'deep.img.timeline.example', 'timeline.example:8080',
                                   'timeline.example.org', 'nottimeline.example', 'xn--bcher-kva.example')):
        for path in ('/', '/a', '/a/', '/a/b.png', '/a%20b', '/Caf%C3%A9'):
            for year in (2016, 2020):
                writer.reply('http://%s%s' % (host, path), '%d-05-%02dT10:20:30.400Z' % (year, number + 1),
                             ('%s %s %d' % (host, path, year)).encode(), 'text/plain; charset=utf-8')


def write_codings(writer):
    body = story(77) * 20
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    for number, (name, coded, framing) in enumerate((
            ('gzip', gzip.compress(body, mtime=0), None), ('gzip', gzip.compress(body, mtime=0), chunked),
            ('deflate', zlib.compress(body), None), ('deflate', raw.compress(body) + raw.flush(), None),
            (None, body, chunked))):
        writer.reply('%s/coded/%d' % (HOST, number), '2018-08-08T08:08:0%d.000Z' % number, coded,
                     fields=['Content-Encoding: ' + name] if name else (), framing=framing)


def write(path):
    writer = Writer(path)
    write_story(writer)
    write_queries(writer)
    write_hosts(writer)
    write_codings(writer)
    writer.file.close()
