#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pywb_api - the CDX API, TimeMaps and raw captures of flong serve beside pywb's, over one collection

The collection is the sample crawl and a timeline of captures (tests/support/timeline.py). 200 requests of
each kind are made of its rows. Answers are equal, or differ in what REASONS names; each difference is
counted, and printed with its reason. A difference with no reason, and a reason that no request meets any
more, are failures.
"""
import collections
import datetime
import gzip
import http.client
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import zlib

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
for folder in ('faults', 'support'):
    sys.path.insert(0, os.path.join(TESTS, folder))
import timeline  # noqa: E402
from tap import Tap, skip_all  # noqa: E402
from warc_records import records  # noqa: E402

ROOT = os.path.dirname(TESTS)
FLONG = os.environ.get('FLONG') or os.path.join(ROOT, 'build', 'flong')
PYTHON = os.path.join(os.environ.get('FLONG_PEERS') or os.path.join(ROOT, '.peers'), 'python', 'bin', 'python')
COUNT = int(os.environ.get('FLONG_PYWB_REQUESTS', '200'))
OWN_TO_PYWB = ('source', 'source-coll', 'access')


class Server:
    """A server that prints its address; it ends with the test."""

    def __init__(self, *command, **options):
        self.child = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, **options)
        line = self.child.stdout.readline().decode()
        if not line:
            raise SystemExit('%s did not start' % command[0])
        self.address = line.strip()
        self.host = re.match(r'http://([^/]*)/', line)[1]
        self.connection = http.client.HTTPConnection(self.host, timeout=100)

    def get(self, target, host=None, **fields):
        connection = http.client.HTTPConnection(host, timeout=100) if host else self.connection
        connection.request('GET', target, headers={'Accept-Encoding': 'identity', **fields})
        reply = connection.getresponse()
        return reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read()

    def end(self):
        self.connection.close()
        self.child.kill()
        self.child.wait()
        self.child.stdin.close()
        self.child.stdout.close()


class Reasons:
    """What may differ, why, and how often it did."""

    def __init__(self, kind, reasons):
        self.kind, self.reasons, self.counts = kind, reasons, collections.Counter()

    def count(self, name):
        assert name in self.reasons, name
        self.counts[name] += 1

    def tell(self, tap, equal):
        print('# %s: %d of %d answers equal' % (self.kind, equal, COUNT))
        for name, why in self.reasons.items():
            print('#   %3d differ, %s: %s' % (self.counts[name], name, why))
        # Few requests meet few of them.
        unmet = [name for name in self.reasons if not self.counts[name]] if COUNT >= 200 else []
        tap.say(not unmet, '%s: each reason is still met' % self.kind, *unmet)


def compare(tap, kind, requests, ask, reasons):
    """`ask` returns None when both answer alike, the name of a reason, or a text."""
    bad, equal = [], 0
    for request in requests:
        found = ask(request)
        if found is None:
            equal += 1
        elif found in reasons.reasons:
            reasons.count(found)
        else:
            bad.append('%s\n%s' % (request, found))
    tap.say(not bad and len(requests) == COUNT, '%s: %d requests are answered as pywb does, or with a reason' % (kind, COUNT),
            *bad[:8], '%d of %d' % (len(bad), len(requests)))
    reasons.tell(tap, equal)


# --- the CDX API

CDX_REASONS = {
    'bound': 'a row of 17 digits lies behind a "to" of the same second for pywb; a bound of flong is inclusive',
    'order': 'pywb counts distances in whole seconds, flong in milliseconds',
    'nothing left': 'when a filter or bound leaves no row, pywb looks for other URLs and forgets the filter',
    'page': 'pywb takes pages for files when their address ends so, and answers with another page',
    'first parameter': 'pywb does not see that two queries are alike when it is the first parameter that changes',
    'forgotten': 'pywb forgets order and filters when it answers with almost the same URL',
    'port': 'without a scheme, pywb takes a name before a port for one',
    'many': 'pywb looks for almost the same URL when a prefix, host or domain has none; flong only for one URL',
}


def variant(rng, url):
    """Almost the URL of a capture, as a page may ask for it the next time."""
    glue = '&' if '?' in url else '?'
    return url + glue + rng.choice(('_=1712345678901', 'cb=998', 'utm_source=feed', 'v=99', 'jqcb=jquery1_2', 'nobust=1712345678901',
                                    'x=y', 'fbclid=IwAR9'))


def same_page(rng, url):
    return rng.choice((url.replace('https:', 'http:'), url.replace('//www.', '//'), url.upper(), url.split('://')[1], url + '#x'))


def cdx_request(rng, rows):
    row = rng.choice(rows)
    url, stamp = row['url'], row['timestamp']
    host = urllib.parse.urlsplit(url).netloc
    pairs = [('output', rng.choice(('json', 'json', 'cdxj', 'text', 'link')))]
    match = rng.choice(('', 'exact', 'exact', 'almost', 'prefix', 'host', 'domain', '*', '*.'))
    shorter = url[:rng.randrange(len(host) + 8, max(len(url), len(host) + 8) + 1)]
    name = host.split(':')[0]
    if match in ('', 'exact') and rng.random() < .3:
        url = same_page(rng, url)
    pairs.append(('url', {'prefix': shorter, '*': shorter + '*', '*.': '*.' + name.split('.', 1)[1],
                          'domain': 'http://' + name.split('.', 1)[1], 'almost': variant(rng, url)}.get(match, url)))
    if match.isalpha() and match != 'almost':
        pairs.append(('matchType', match))
    if rng.random() < .3:
        pairs.append(('from', rng.choice((stamp, '2015'))[:rng.choice((4, 6, 8, 10, 14))]))
    if rng.random() < .3:
        pairs.append(('to', rng.choice((stamp, '20200808080808'))[:rng.choice((4, 6, 8, 10, 14))]))
    order = rng.random()
    if order < .2:
        pairs.append(rng.choice((('sort', 'reverse'), ('reverse', '1'))))
    elif order < .4:
        pairs.append(('closest', str(int(stamp[:4]) + rng.randrange(-1, 2)) + stamp[4:14]))
    if rng.random() < .4:
        pairs.append(('limit', str(rng.choice((1, 2, 3, 10, 100)))))
    for _ in range(rng.choice((0, 0, 1, 2))):
        pairs.append(('filter', rng.choice((
            'status:20', '=status:200', '!=status:200', '~status:[345]..', 'mime:text', '=mime:' + row['mime'],
            '!~mime:(image|text)/.*', '~url:.*[?]', '~timestamp:' + stamp[:4], 'url:' + row['url'][9:14],
            '=digest:' + row.get('digest', '-'), 'urlkey:e', '=mimetype:' + row['mime'], '~statuscode:[24]', row['urlkey'][:9]))))
    if rng.random() < .3:
        pairs.append((rng.choice(('fl', 'fields')), rng.choice((
            'url', 'urlkey,timestamp,url', 'timestamp,status,mime', 'url,nothing,length', 'digest,filename,offset'))))
    if rng.random() < .1:
        pairs.append(('collapseTime', str(rng.choice((4, 6, 10)))))
    return pairs


# Requests that meet what chance seldom does.
CDX_EXTRA = [[('output', form), *pairs] for form in ('json', 'cdxj') for pairs in (
    [('url', timeline.HOST + '/Story'), ('to', '20210601120000')],
    [('url', timeline.HOST + '/Story'), ('closest', '20210601120001')],
    [('url', timeline.HOST + '/app.js?v=1'), ('filter', '=status:500')],
    [('url', timeline.HOST + '/news.html?page=2')],
    [('url', 'timeline.example:8080/')],
    [('url', timeline.HOST + '/find?page=2&cb=77')],
    [('url', timeline.HOST + '/app.js?v=99'), ('matchType', 'prefix')],
    [('url', timeline.HOST + '/app.js?v=99'), ('reverse', '1')],
    [('url', timeline.HOST + '/find?id=7&_=1711111111111')],
    [('url', timeline.HOST + '/find?page=3')],
    [('url', timeline.HOST + '/find?id=8')],
    [('url', timeline.HOST + '/find?id=9&callback=jsonp11')],
    [('url', timeline.HOST + '/find?id=10&jqcb=jquery1_2')],
    [('url', timeline.HOST + '/find?id=11&nocachets=1711111111111')],
    [('url', timeline.HOST + '/find?id=12&fbclid=other'), ('fl', 'url,is_fuzzy')],
    [('url', timeline.HOST + '/find?id=12'), ('allowFuzzy', 'false')],
    [('url', timeline.HOST + '/old.php?id=2')],
    [('url', timeline.HOST + '/photo.jpg?w=801'), ('limit', '1')])]


def cdx_answer(server, pairs):
    status, _, body = server.get('/kept/cdx?' + urllib.parse.urlencode(pairs))
    if status != 200:
        return status, []
    form, lines = dict(pairs)['output'], body.decode().splitlines()
    if form == 'link':
        return status, [link[:3] for link in links_of(body.decode())]
    fields = dict(pairs).get('fl') or dict(pairs).get('fields')
    if form == 'text':
        # pywb writes the line of its index where no fields are asked for
        return status, [line if fields else line.split()[:2] for line in lines]
    rows = []
    for line in lines:
        key, stamp, text = ('', '', line) if form == 'json' else line.split(' ', 2)
        row = json.loads(text)
        rows.append((key, stamp, {name: row[name] for name in row if name not in OWN_TO_PYWB}))
    return status, rows


def changed(pairs, **values):
    return [pair for pair in pairs if pair[0] not in values] + [pair for pair in values.items() if pair[1] is not None]


def is_ordered(ours, theirs, pairs):
    """Whether both have the same rows, and ours are in the order of their distance in milliseconds."""
    def instant(digits):
        moment = datetime.datetime.strptime(digits[:14], '%Y%m%d%H%M%S').replace(tzinfo=datetime.timezone.utc)
        return int(moment.timestamp()) * 1000 + int(digits[14:] or 0)
    meant = instant(dict(pairs)['closest'])
    away = [abs(instant(row['timestamp']) - meant) for row in all_fields(ours, pairs)]
    every = changed(pairs, closest=None, limit=None)
    return away == sorted(away) and all_fields(ours, every) == all_fields(theirs, every)


def padded(bound):
    return (bound + '29991231235959'[len(bound):])[:14] + '999'


def ask_cdx(ours, theirs, pairs):
    own, other = cdx_answer(ours, pairs), cdx_answer(theirs, pairs)
    if own == other:
        return None
    if '://' not in dict(pairs)['url'] and re.match(r'[\w.-]+:\d+', dict(pairs)['url']) and not other[1]:
        return 'port'
    ask = changed(pairs, to=padded(dict(pairs)['to'])) if 'to' in dict(pairs) else pairs
    if cdx_answer(theirs, ask) == own:
        return 'bound'
    # What pywb says when it takes nothing else instead
    strict = cdx_answer(theirs, changed(ask, allowFuzzy='0'))
    if strict == own and not own[1] and {'filter', 'from', 'to'} & set(dict(pairs)):
        return 'nothing left'
    if strict == own and not own[1] and ('matchType' in dict(pairs) or '*' in dict(pairs)['url']) and dict(pairs).get('matchType') != 'exact':
        return 'many'
    if strict == own and not own[1] and any('html' in row['mime'] for row in all_fields(theirs, ask)):
        return 'page'
    is_fuzzy = bool(own[1]) and all('is_fuzzy' in row for row in all_fields(ours, pairs))
    if is_fuzzy and not strict[1] and not other[1]:
        return 'first parameter'
    free = [('closest', None), ('reverse', None), ('filter', None)]
    if is_fuzzy and other in (cdx_answer(ours, changed(pairs, **dict(free))), cdx_answer(ours, changed(pairs, sort=None, **dict(free)))):
        return 'forgotten'
    if 'closest' in dict(pairs) and len(own[1]) == len(strict[1]) and is_ordered(ours, theirs, changed(ask, allowFuzzy='0')):
        return 'order'
    return 'flong %s %d: %s\npywb  %s %d: %s' % (own[0], len(own[1]), own[1][:3], other[0], len(other[1]), other[1][:3])


def all_fields(server, pairs):
    return [row[2] for row in cdx_answer(server, changed(pairs, output='json', fl=None, fields=None))[1]]


# --- TimeMaps

TIMEMAP_REASONS = {
    'second': 'two captures of one second have the same address for pywb; flong gives the second one 17 digits',
    'almost': 'pywb lists captures of almost the same URL; flong says 404: they have TimeMaps of their own',
}


TIMEMAP_EXTRA = [('link', timeline.HOST + '/Story'), ('json', timeline.HOST + '/find?page=2&cb=1')]


def timemap_request(rng, rows):
    url = rng.choice(rows)['url']
    chance = rng.random()
    url = variant(rng, url) if chance < .15 else same_page(rng, url).split('#')[0] if chance < .4 else url
    return rng.choice(('link', 'link', 'json', 'cdxj')), url


def links_of(text):
    """(relation, URL without the server, time) of each link; `from` too."""
    found = []
    for url, rest in re.findall(r'<([^>]*)>((?:; *\w+="[^"]*")*)', text):
        values = dict(re.findall(r'(\w+)="([^"]*)"', rest))
        found.append((values['rel'], re.sub(r'^http://127\.0\.0\.1:\d+', '', url), values.get('datetime'), values.get('from')))
    return found


def timemap_answer(server, form, url):
    status, fields, body = server.get('/kept/timemap/%s/%s' % (form, url))
    if status != 200:
        return status, []
    text = body.decode()
    if form == 'link':
        return (status, fields['content-type']), links_of(text)
    rows = []
    for line in text.splitlines():
        prefix, text = ([], line) if form == 'json' else (line.split(' ', 2)[:2], line.split(' ', 2)[2])
        row = json.loads(text)
        rows.append((prefix, {name: row[name] for name in row if name not in OWN_TO_PYWB}))
    return status, rows


def without_fractions(links):
    return [(rel, re.sub(r'^(/kept/\d{14})\d{3}(\w\w_/)', r'\1\2', url), *rest) for rel, url, *rest in links]


def ask_timemap(ours, theirs, request):
    own, other = timemap_answer(ours, *request), timemap_answer(theirs, *request)
    if own == other:
        return None
    if request[0] == 'link' and own[0] == other[0] and without_fractions(own[1]) == other[1]:
        return 'second'
    if own[0] == 404 and not cdx_answer(theirs, [('output', 'json'), ('url', request[1]), ('allowFuzzy', '0')])[1]:
        return 'almost'
    return 'flong %s\npywb  %s' % (own, other)


# --- captures as they were kept

RAW_REASONS = {
    'name': 'pywb decodes names that are not ASCII in Content-Location; flong writes them as they were captured',
    'this URL': 'flong prefers a capture of exactly this URL, as ReplayWeb.page does; pywb takes the nearest of those that its key confuses',
    'redirect': 'pywb passes over a redirect to the same key unless exactly it was asked for; flong gives the nearest, whatever it is',
    'framing': 'pywb shows the framing of a chunked reply that has extensions or trailers; flong undoes it',
    'short': 'a year, month or day is its beginning for flong, as for ReplayWeb.page, and its end for pywb',
    'second': 'the latest capture, or of a second with two: pywb takes the first of the second, flong the nearest in milliseconds',
    'almost': 'pywb answers with a capture of almost the URL; what is asked for raw may be evidence, so flong says 404',
}


def with_trailers(paths):
    """URL and time of the captures whose bodies have chunk extensions or trailers."""
    return [(re.sub(r'\D', '', record.fields['warc-date']), record.url) for path in paths for record in records(path)
            if record.type == 'response' and record.is_chunked() and any(name == 'trailer' for name, _ in record.http()[1])]


def raw_request(rng, rows):
    row = rng.choice(rows)
    stamp, chance, url = row['timestamp'], rng.random(), row['url']
    year = str(int(stamp[:4]) + rng.randrange(-1, 2)) + stamp[4:]
    stamp = stamp if chance < .4 else stamp[:14] if chance < .6 else year[:rng.choice((4, 6, 8, 14))] if chance < .9 else ''
    chance = rng.random()
    return stamp, variant(rng, url) if chance < .1 else same_page(rng, url).split('#')[0] if chance < .3 else url


def undo(coding, body):
    if coding == 'gzip':
        return gzip.decompress(body)
    return zlib.decompress(body, 15 if body[:1] == b'x' else -15) if coding == 'deflate' else body


def raw_answer(server, host, stamp, url):
    status, fields, body = server.get('/kept/%sid_/%s' % (stamp, url), host)
    if status == 404 and 'memento-datetime' not in fields:
        return (404,), ''
    links = {rel: link for rel, link, *_ in links_of(fields.get('link', ''))}
    place = re.sub(r'^http://127\.0\.0\.1:\d+', '', fields.get('content-location', ''))
    location = re.sub(r'^(?:http://127\.0\.0\.1:\d+)?/kept/\d*\w\w_/', '', fields.get('location', ''))
    location = urllib.parse.urljoin(links['original'], location) if location else ''  # one may be relative as it was
    body = undo(fields.get('content-encoding'), body)
    return (status, location, body, fields.get('content-type'), fields.get('memento-datetime'), links), place


RAW_EXTRA = [('2018', 'https://timeline.example/Story'), ('20161206053000', timeline.HOST + '/Story'), ('2019', timeline.HOST + '/Story'),
              ('20171206053000', timeline.HOST + '/Story'), ('', timeline.HOST + '/Story'), ('2019', timeline.HOST + '/find?page=2&cb=1'),
             ('2016', 'http://xn--bcher-kva.example/a/b.png'), ('20201231235959', 'http://xn--bcher-kva.example/a/b.png'),
             ('', timeline.HOST + '/coded/1'), ('2018', timeline.HOST + '/coded/3')]


def in_ascii(place):
    """The address with the name of its host as browsers send it."""
    parts = place.split('/')
    if len(parts) > 5 and '%' in parts[5]:
        parts[5] = urllib.parse.unquote(parts[5]).encode('idna').decode()
    return '/'.join(parts)


def ask_raw(ours, theirs, rows, captures, request):
    stamp, url = request
    own, own_place = raw_answer(ours, captures, stamp, url)
    other, place = raw_answer(theirs, None, stamp, url)
    if own == other and own_place == place:
        return None
    if own[0] == 404 and len(own) == 1 and not cdx_answer(theirs, [('output', 'json'), ('url', url), ('allowFuzzy', '0')])[1]:
        return 'almost'
    own_url, other_url = (re.sub(r'^/kept/\d+id_/', '', one) for one in (own_place, place))
    if place[:20] == own_place[:20] and len(rows_at(rows, place)) + len(rows_at(rows, own_place)) > 2:
        return 'second'
    if 0 < len(stamp) < 14:
        begin = stamp + '10000101000000'[len(stamp):]
        other, place = raw_answer(theirs, None, begin, url)
        if own == other and own_place == in_ascii(place):
            return 'short'
        other_url = re.sub(r'^/kept/\d+id_/', '', place)
    if own == other and own_place == in_ascii(place):
        return 'name'
    if own_url in (url, 'http://' + url) and own_url != other_url:
        return 'this URL'
    if own[0] // 100 == 3 and own_url != other_url or own[0] in (301, 302) and own_place[:20] != place[:20]:
        return 'redirect'
    if own_place == place and len(own) == len(other) > 2 and other[2].startswith(own[2] + b'0\r\n'):
        return 'framing'
    return '\n'.join('flong %s\npywb  %s' % pair for pair in zip((own_place, *own), (place, *other)) if pair[0] != pair[1])


def rows_at(rows, place):
    """The rows of that URL's key in that second."""
    url, stamp = re.sub(r'^/kept/\d+id_/', '', place), place[6:20]
    keys = {row['urlkey'] for row in rows if row['url'] == url}
    return [row for row in rows if row['urlkey'] in keys and row['timestamp'][:14] == stamp]


def main():
    if not os.path.exists(FLONG):
        skip_all('flong is not built')
    if not os.path.exists(PYTHON) or subprocess.run([PYTHON, '-c', 'import pywb'], check=False).returncode:
        skip_all('pywb is not installed; scripts/setup --peers does it')
    tap, work = Tap(), tempfile.mkdtemp(prefix='pywb-api-')
    servers = []
    try:
        kept = os.path.join(work, 'collections', 'kept')
        for name in ('archive', 'indexes'):
            os.makedirs(os.path.join(kept, name))
        for name in os.listdir(sys.argv[1]):
            if name.endswith('.warc.gz'):
                shutil.copy(os.path.join(sys.argv[1], name), os.path.join(kept, 'archive'))
        timeline.write(os.path.join(kept, 'archive', 'timeline.warc.gz'))
        index = os.path.join(kept, 'indexes', 'index.cdx')
        warcs = [os.path.join(kept, 'archive', name) for name in sorted(os.listdir(os.path.join(kept, 'archive')))]
        subprocess.run([FLONG, 'index', '--ms', '--record-digest', '--post', '-o', index, *warcs], check=True)
        with open(index, encoding='utf-8') as file:
            rows = [{'urlkey': line.split(' ', 2)[0], 'timestamp': line.split(' ', 2)[1], **json.loads(line.split(' ', 2)[2])}
                    for line in file]
        ours = Server(FLONG, 'serve', '--port', '0', '--replay-port', '0', kept)
        servers.append(ours)
        theirs = Server(PYTHON, os.path.join(TESTS, 'support', 'pywb_server.py'), work, stderr=subprocess.DEVNULL)
        servers.append(theirs)
        captures = '127.0.0.1:' + re.search(r'frame-src http://127\.0\.0\.1:(\d+)', ours.get('/')[1]['content-security-policy'])[1]
        rng = random.Random(int(os.environ.get('FLONG_PYWB_SEED', '7')))
        compare(tap, 'CDX API', (CDX_EXTRA + [cdx_request(rng, rows) for _ in range(COUNT)])[:COUNT],
                lambda request: ask_cdx(ours, theirs, request), Reasons('CDX API', CDX_REASONS))
        compare(tap, 'TimeMap', (TIMEMAP_EXTRA + [timemap_request(rng, rows) for _ in range(COUNT)])[:COUNT],
                lambda request: ask_timemap(ours, theirs, request), Reasons('TimeMap', TIMEMAP_REASONS))
        compare(tap, 'id_', (with_trailers(warcs) + RAW_EXTRA + [raw_request(rng, rows) for _ in range(COUNT)])[:COUNT],
                lambda request: ask_raw(ours, theirs, rows, captures, request), Reasons('id_', RAW_REASONS))
    finally:
        for server in servers:
            server.end()
        shutil.rmtree(work)
    tap.end()


main()
