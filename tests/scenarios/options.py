#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""options - every option of every command does something, and a test fails when it does not

Each case here names the options that it proves. `flong --list-options` is compared with them: an option without
a case must be used by another scenario. Where an option shortens a wait, a configuration file makes the wait an
hour, so that a run in which the option does nothing does not end.
"""
import base64
import errno
import glob
import hashlib
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import zipfile

from little import PIXEL, Little
from scenario import ROOT, Archive, Authority, Flong, Work, begin, flong, read_json, same, server_context

CASES = []
HOST = '127.0.0.1'
IMAGE = ('image/gif', PIXEL)


def case(claim, *options):
    """Options as "COMMAND --NAME"; without a command it is crawl's."""
    def add(function):
        CASES.append((claim, {option if ' ' in option else 'crawl ' + option for option in options}, function))
        return function
    return add


def insist(fine, *what):
    if not fine:
        raise AssertionError(what)


class Place:
    """A folder and a server for one case."""

    def __init__(self, work, number, site):
        self.path, self.site = work.folder('case%d' % number), site
        site.pages.clear()
        site.taken()

    def __call__(self, *names):
        return os.path.join(self.path, *names)

    def folder(self, name):
        os.makedirs(self(name))
        return self(name)

    def write(self, name, text):
        with open(self(name), 'w', encoding='utf-8') as file:
            file.write(text)
        return self(name)

    def crawl(self, *options, page='/', code=0, output='out', waits=('--wait', '0')):
        """The run; asked: the paths that were asked for, in order, without robots.txt and icon."""
        urls = [page] if page.startswith('http') else [self.site.url(page)] if page else []
        run = flong('crawl', *urls, '-o', self(output), '--depth', '0', '--progress', 'never', *waits, *options)
        run.expect(code)
        self.requests = self.site.taken()
        self.asked = [request.path for request in self.requests
                      if not request.path.endswith(('/robots.txt', '/favicon.ico'))]
        return run

    def archive(self, output='out'):
        return Archive(self(output))


def links(*paths):
    return ''.join('<p><a href="%s">%s</a></p>' % (path, path) for path in paths).encode()


# --- what is archived ---------------------------------------------------------------------------


@case('seeds come from a file', '--input', '--output')
def check_input(place):
    place.site.pages.update({'/a': b'a', '/b': b'b'})
    place.crawl('-i', place.write('seeds', '# both\n%s\n\n%s\n' % (place.site.url('/a'), place.site.url('/b'))), page='')
    same(place.asked, ['/a', '/b'], 'pages')
    insist(os.path.isdir(place('out', 'archive')), 'no collection at --output')


@case('what is followed, and how far', '--depth', '--scope', '--include', '--exclude')
def check_scope(place):
    place.site.pages.update({'/in/': links('/in/a', '/in/b', '/out/c'), '/in/a': links('/in/d'), '/in/b': b'', '/out/c': b'',
                             '/in/d': b''})
    for options, expected in (
            (('--scope', 'prefix', '--depth', '0'), []),
            (('--scope', 'prefix', '--depth', '1'), ['/in/a', '/in/b']),
            (('--scope', 'host', '--depth', '2'), ['/in/a', '/in/b', '/in/d', '/out/c']),
            (('--scope', 'host', '--depth', '2', '--include', '/(in|out)/[ac]$'), ['/in/a', '/out/c']),
            (('--scope', 'host', '--depth', '2', '--exclude', 'a$', '--exclude', 'c$'), ['/in/b'])):
        place.crawl(*options, page='/in/', output='-'.join(options).replace('/', '_'))
        same(place.asked, ['/in/', *expected], options)


@case('other pages of a story are followed when asked for', '--follow')
def check_follow(place):
    text = b'<article><h1>A story of two pages</h1><p>' + b'Words of the story. ' * 40 + b'</p></article>'
    place.site.pages.update({'/news/two-pages-of-one-story-1234567': text + b'<a rel="next" href="?page=2">2</a>'})
    for options, count in (((), 1), (('--follow', 'related,pagination'), 2)):
        place.crawl('--depth', '1', *options, page='/news/two-pages-of-one-story-1234567', output='out%d' % count)
        insist(len(place.asked) == count, options, place.asked)


@case('pictures for every screen, or for common ones', '--images')
def check_images(place):
    place.site.pages.update({'/': b'<img src=/1 srcset="/1 400w, /2 800w, /9 9000w" sizes=400px>',
                             '/1': IMAGE, '/2': IMAGE, '/9': IMAGE})
    place.crawl('--images', 'all', output='all')
    insist('/9' in place.asked, place.asked)
    place.crawl('--images', 'shown', output='shown')
    insist('/1' in place.asked and '/9' not in place.asked, place.asked)


# --- limits -------------------------------------------------------------------------------------


@case('a limit of pages and of bytes', '--max-pages', '--max-bytes')
def check_amounts(place):
    place.site.pages.update({'/': links('/a', '/b', '/c'), '/a': b'a' * 20000, '/b': b'b' * 20000, '/c': b'c' * 20000})
    place.crawl('--depth', '1', '--scope', 'host', '--max-pages', '2', output='pages', code=14)
    insist(len(place.asked) == 2, place.asked)
    place.crawl('--depth', '1', '--scope', 'host', '--max-bytes', '10K', '--jobs', '1', output='bytes', code=14)
    insist(len(place.asked) < 4, place.asked)


@case('a limit of time', '--max-time')
def check_time(place):
    gate = threading.Event()
    place.site.pages['/'] = lambda request: gate.wait(90) and b'' or b''
    place.crawl('--max-time', '300ms', '--timeout', '1h', '--stall', '1h', code=15)
    gate.set()


@case('a longer body is cut and marked', '--max-file')
def check_file(place):
    place.site.pages.update({'/': b'<img src=/long>', '/long': ('image/gif', b'x' * 50000)})
    place.crawl('--max-file', '10K')
    reply, = [exchange.reply for exchange in place.archive().exchanges if exchange.url.endswith('/long')]
    insist(reply.fields.get('warc-truncated') == 'length' and len(reply.block) < 20000, reply.fields)


# --- fetching -----------------------------------------------------------------------------------


@case('one fetch at a time takes one connection', '--jobs', '--per-host')
def check_jobs(place):
    """Without the options several pictures are on their way at once: each waits for another one."""
    names = ['/%d.gif' % number for number in range(8)]
    place.site.pages['/'] = ''.join('<img src="%s">' % name for name in names).encode()
    pair = threading.Barrier(2, timeout=60)

    def wait_for_another(_):
        pair.wait()
        return IMAGE
    place.site.pages.update({name: wait_for_another for name in names})
    place.crawl(output='both')
    place.site.pages.update({name: IMAGE for name in names})
    for number, options in enumerate((('--jobs', '1'), ('--per-host', '1'))):
        place.crawl(*options, output='one%d' % number)
        insist(len({request.connection for request in place.requests}) == 1, options)


@case('a pause between pages, and the crawl-delay of a site', '--wait', '--max-crawl-delay', '--config')
def check_wait(place):
    place.site.pages.update({'/': links('/a'), '/a': b''})
    for options, waits in (((), ('--wait', '400ms')),
                           (('--max-crawl-delay', '400ms', '--config', place.write('conf', 'max-crawl-delay = 1h\n')), ())):
        place.crawl('--depth', '1', '--scope', 'host', *options, waits=waits, output='out%d' % len(options))
        first, second = [request.time for request in place.requests if request.path in ('/', '/a')]
        insist(second - first >= 0.35, second - first)
        place.site.pages['/robots.txt'] = ('text/plain', b'User-agent: *\nCrawl-delay: 5000\n')


@case('robots.txt is obeyed as asked for', '--robots')
def check_robots(place):
    place.site.pages.update({'/': links('/a'), '/a': b'', '/robots.txt': ('text/plain', b'User-agent: *\nDisallow: /a\n')})
    for option, expected in (('pages', ['/']), ('ignore', ['/', '/a'])):
        place.crawl('--depth', '1', '--scope', 'host', '--robots', option, output=option)
        same(place.asked, expected, option)
    place.crawl('--robots', 'all', page='/a', output='all', code=7)


@case('tries again so many times', '--retries')
def check_retries(place):
    place.site.pages['/'] = (503, {'Retry-After': '0'}, b'')
    for count in (0, 1):
        place.crawl('--retries', str(count), code=8, output='out%d' % count)
        insist(len(place.asked) == 1 + count, place.asked)


@case('time limits of a fetch', '--timeout', '--stall', '--connect-timeout')
def check_timeouts(place):
    gate = threading.Event()
    place.site.pages['/'] = lambda request: gate.wait(90) and b'' or b''
    hour = place.write('conf', 'timeout = 1h\nstall = 1h\nconnect-timeout = 1h\nretries = 0\n')
    for option in ('--timeout', '--stall'):
        run = place.crawl('--config', hour, option, '300ms', code=4, output=option)
        insist('too slow' in run.err, run)
    gate.set()
    with socket.socket() as deaf, socket.socket() as first, socket.socket() as second:
        deaf.bind((HOST, 0))
        deaf.listen(0)
        for waiting in (first, second):    # its queue is full then: nobody is answered any more
            waiting.setblocking(False)
            waiting.connect_ex(deaf.getsockname())
        run = place.crawl('--config', hour, '--connect-timeout', '300ms', code=4, output='connect',
                          page='http://%s:%d/' % deaf.getsockname())
        insist('no connection' in run.err, run)


@case('what a request says', '--user-agent', '--operator', '--header', '--cookies')
def check_request(place):
    place.site.pages['/'] = b''
    place.write('cookies', '# Netscape HTTP Cookie File\n%s\tFALSE\t/\tFALSE\t0\tkey\tvalue\n' % HOST)
    place.crawl('-A', 'Moulder/1.0', '-H', 'X-Asks: politely', '--cookies', place('cookies'))
    headers = place.requests[-1].headers
    same([headers.get('user-agent'), headers.get('x-asks'), headers.get('cookie')],
         ['Moulder/1.0', 'politely', 'key=value'], headers)
    place.crawl('--operator', 'The Archive, mail@archive.example', output='operator')
    insist('The Archive' in place.requests[-1].headers['user-agent'], place.requests[-1].headers)
    insist('operator: The Archive, mail@archive.example' in place.archive('operator').all[0].block.decode())


@case('cookies are kept for the crawl, or not', '--cookie-jar')
def check_jar(place):
    place.site.pages.update({'/': (200, {'Content-Type': 'text/html', 'Set-Cookie': 'a=b'}, b'<img src=/i>'), '/i': IMAGE})
    for option, cookie in (('crawl', 'a=b'), ('none', None)):
        place.crawl('--cookie-jar', option, output=option)
        same([place.requests[-1].headers.get('cookie')], [cookie], option)


@case('passwords are sent to their origin, and recorded only when asked for', '--auth', '--redact')
def check_auth(place):
    place.site.pages['/'] = b''
    place.write('netrc', 'machine %s login ada password quill\n' % place.site.origin)
    os.chmod(place('netrc'), 0o600)
    sent = 'Basic ' + base64.b64encode(b'ada:quill').decode()
    for option, is_kept in (('configured', False), ('none', True)):
        place.crawl('--auth', place('netrc'), '--redact', option, output=option)
        same([request.headers.get('authorization') for request in place.requests if request.path == '/'], [sent], option)
        kept = [exchange.request.block.decode() for exchange in place.archive(option).exchanges
                if exchange.url == place.site.url()]
        insist((sent in kept[0]) == is_kept, kept)


@case('a proxy is asked', '--proxy')
def check_proxy(place):
    place.site.pages['http://news.example/'] = b''
    place.crawl('-x', place.site.origin, page='http://news.example/')
    same(place.asked, ['http://news.example/'], 'as a proxy is asked')


@case('another address for a host', '--resolve', '--connect-to')
def check_addresses(place):
    place.site.pages['/'] = b''
    port = place.site.port
    place.crawl('--resolve', 'news.example:%d:%s' % (port, HOST), page='http://news.example:%d/' % port, output='resolve')
    place.crawl('--connect-to', 'news.example:80:%s:%d' % (HOST, port), page='http://news.example/', output='connect')


@case('certificates', '--cacert', '--tls')
def check_tls(place):
    authority = Authority(place.folder('authority'))
    with Little({'/': b''}, tls=server_context(*authority.issue('here', ['IP:' + HOST]))) as secure:
        url, more = secure.url(), ('--retries', '0')
        place.crawl(*more, page=url, code=5, output='refused')
        place.crawl(*more, '--cacert', authority.ca, page=url, output='trusted')
        place.crawl(*more, '--tls', 'record', page=url, output='recorded')


@case('one family of addresses', '--ipv4', '--ipv6')
def check_families(place):
    place.site.pages['/'] = b''
    place.crawl('--retries', '0', '-4', output='44')
    place.crawl('--retries', '0', '-6', output='46', code=4)
    try:
        sixth = Little({'/': b''}, host='::1')
    except OSError as problem:
        return 'SKIP -4: %s' % problem
    with sixth:
        place.crawl('--retries', '0', '-6', page=sixth.url(), output='66')
        place.crawl('--retries', '0', '-4', page=sixth.url(), output='64', code=4)
    return None


@case('bytes a second', '--limit-rate')
def check_rate(place):
    place.site.pages['/'] = ('text/plain', b'x' * 2000000)
    start = time.monotonic()
    place.crawl('--limit-rate', '1M')
    insist(time.monotonic() - start >= 1, 'faster than allowed')


@case('addresses of one\'s own network', '--allow-private')
def check_private(place):
    with Little({'/i': IMAGE}) as other:
        place.site.pages['/'] = b'<img src="%s">' % other.url('/i').encode()
        for options, count in (((), 0), (('--allow-private', '10.0.0.0/8'), 0), (('--allow-private', HOST + '/32'), 1),
                               (('--allow-private', 'all'), 1)):
            place.crawl(*options, output='out' + '-'.join(options).replace('/', '_'))
            insist(len([request for request in other.taken() if request.path == '/i']) == count, options)


# --- the archive --------------------------------------------------------------------------------


@case('names and forms of files', '--prefix', '--compress', '--digest', '--wacz', '--title', '--description')
def check_files(place):
    place.site.pages['/'] = b'<title>A page</title>'
    place.crawl('--prefix', 'mine', '--compress', '0', '--digest', 'sha1', '--wacz', '--title', 'Mine', '--description', 'All of it')
    path, = glob.glob(place('out', 'archive', '*'))
    insist(re.fullmatch(r'mine-.*\.warc', os.path.basename(path)), path)
    with open(path, 'rb') as file:
        text = file.read()
    insist(text.startswith(b'WARC/1.1\r\n') and b'WARC-Payload-Digest: sha1:' in text and b'sha256:' not in text)
    flong('unpack', place('out.wacz'), '-o', place('unpacked')).expect(0)
    package = read_json(place('unpacked', 'datapackage.json'))
    same([package['title'], package['description']], ['Mine', 'All of it'], 'package')


def keys(place):
    """A key that signs, and others."""
    for name, curve in (('key', 'P-384'), ('other', 'P-256')):
        openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:' + curve, '-out', place(name))
    openssl('ec', '-in', place('key'), '-aes128', '-passout', 'pass:x', '-out', place('locked'))
    place.write('text', 'no key')


def openssl(*arguments):
    subprocess.run(['openssl', *arguments], check=True, capture_output=True)


def check_signature(place, package):
    """By OpenSSL, of the bytes in the package; r and s become what it takes."""
    with zipfile.ZipFile(package) as file:
        digest = json.loads(file.read('datapackage-digest.json'))
        wanted = 'sha256:' + hashlib.sha256(file.read('datapackage.json')).hexdigest()
    data = digest['signedData']
    same([digest['hash'], data['hash']], [wanted], 'hash')
    raw = base64.b64decode(data['signature'])
    insist(len(raw) == 96, data)
    numbers = [number.lstrip(b'\0') for number in (raw[:48], raw[48:])]
    numbers = [b'\0' + number if number[0] > 127 else number for number in numbers]
    inner = b''.join(b'\x02' + bytes([len(number)]) + number for number in numbers)
    for name, content in (('hash', wanted.encode()), ('der', b'\x30' + bytes([len(inner)]) + inner),
                          ('public', base64.b64decode(data['publicKey']))):
        with open(place(name), 'wb') as file:
            file.write(content)
    openssl('pkey', '-pubin', '-inform', 'DER', '-in', place('public'), '-out', place('public.pem'))
    openssl('dgst', '-sha256', '-verify', place('public.pem'), '-signature', place('der'), place('hash'))
    run = flong('check', package).expect(0)
    insist('signed anonymously, verified' in run.out, run)


@case('packages are signed', '--sign', 'pack --sign')
def check_sign(place):
    place.site.pages['/'] = b'<title>Signed</title>'
    keys(place)
    place.crawl('--sign', place('key'), '--wacz')
    check_signature(place, place('out.wacz'))
    place.crawl('--sign', place('key'), output='x.wacz')
    check_signature(place, place('x.wacz'))
    flong('pack', place('out'), '-o', place('p.wacz'), '--sign', place('key')).expect(0)
    check_signature(place, place('p.wacz'))
    for name in ('other', 'locked', 'text', 'nowhere'):
        run = place.crawl('--sign', place(name), output='bad', code=2)
        insist('--sign' in run.err and not os.path.exists(place('bad')), run)
        run = flong('pack', place('out'), '-o', place('q.wacz'), '--sign', place(name)).expect(2)
        insist('--sign' in run.err and not os.path.exists(place('q.wacz')), run)
    place.crawl('--sign', place('key'), '--deterministic', 'x', output='bad', code=2)


@case('a new WARC file after so many bytes', '--warc-size')
def check_size(place):
    place.site.pages.update({'/': b'<img src=/a><img src=/b>', '/a': ('image/gif', os.urandom(20000)),
                             '/b': ('image/gif', os.urandom(20000))})
    place.crawl('--warc-size', '10K', '--jobs', '1', '--workers', '0')
    insist(len(place.archive().warcs) > 1, place.archive().warcs)


@case('identical payloads are kept once, or each', '--dedup')
def check_dedup(place):
    picture = ('image/gif', PIXEL * 100)
    place.site.pages.update({'/': b'<img src=/a><img src=/b>', '/a': picture, '/b': picture})
    for option, types in (('collection', {'response', 'revisit'}), ('none', {'response'})):
        place.crawl('--dedup', option, '--jobs', '1', '--workers', '0', '--parsers', '0', output=option)
        same({exchange.reply.type for exchange in place.archive(option).exchanges}, types, option)


@case('originals are looked for in other archives, and opened before they are believed', '--dedup')
def check_dedup_elsewhere(place):
    picture = PIXEL * 100
    place.site.pages.update({'/': b'<img src=/a>', '/b': b'<img src=/c>', '/a': ('image/gif', picture),
                             '/c': ('image/gif', picture)})
    place.crawl('--wacz', output='first')
    place.crawl('--digest', 'sha1', output='sha1')
    warc, = place.archive('first').warcs
    original, = place.archive('first').by_url[place.site.url('/a')]
    wanted = [original.reply.fields[name] for name in ('warc-record-id', 'warc-target-uri', 'warc-date')]
    index = place('first', 'indexes', 'index.cdx')
    for number, where in enumerate((place('first'), place('first.wacz'), warc, index)):
        place.crawl('--dedup', place('sha1'), '--dedup', where, page='/b', output='out%d' % number)
        reply, = [exchange.reply for exchange in place.archive('out%d' % number).by_url[place.site.url('/c')]]
        same([reply.type] + [reply.fields.get('warc-refers-to' + end) for end in ('', '-target-uri', '-date')],
             ['revisit'] + wanted, where)
    run = place.crawl('--dedup', place('sha1'), page='/b', output='other')
    insist('another kind' in run.err, run)
    with open(index, encoding='utf-8') as file:
        lines = file.read().splitlines()
    digest = original.reply.fields['warc-payload-digest']
    other, = [line for line in lines if json.loads(line[line.index('{'):])['url'] == place.site.url('/')]
    lying = place.write('lying.cdxj', re.sub(r'"digest": "[^"]*"', '"digest": "%s"' % digest, other) + '\n')
    os.link(warc, place(os.path.basename(warc)))
    place.crawl('--dedup', lying, page='/b', output='lied')
    place.crawl('--dedup', place('first'), '--dedup', 'none', page='/b', output='none')
    for output in ('other', 'lied', 'none'):
        same([exchange.reply.type for exchange in place.archive(output).by_url[place.site.url('/c')]], ['response'], output)
    run = place.crawl('--dedup', place('nowhere'), page='/b', output='nowhere', code=2)
    insist('nowhere' in run.err and not os.path.exists(place('nowhere')), run)
    place.crawl('--dedup', place.write('text', 'no archive'), page='/b', output='text-out', code=2)


@case('strict about what is missing', '--strict')
def check_strict(place):
    place.site.pages['/'] = b'<img src=/nowhere>'
    place.crawl(output='easy')
    place.crawl('--strict', code=9)


# --- how it runs --------------------------------------------------------------------------------


@case('processes and threads', '--parsers', '--workers')
def check_workers(place):
    """While a picture of the page is asked for, the page was read: what reads it is there."""
    counts = {}
    place.site.pages['/'] = b'<img src=/i>'
    for name, options in (('none', ('--parsers', '0', '--workers', '0')), ('parsers', ('--parsers', '3', '--workers', '0')),
                          ('workers', ('--parsers', '0', '--workers', '2')), ('more', ('--parsers', '0', '--workers', '5'))):
        is_there = threading.Event()

        def count(_, name=name, is_there=is_there):
            is_there.wait(60)
            task = '/proc/%d/task' % child.pid
            with open('%s/%d/children' % (task, child.pid), encoding='ascii') as file:
                counts[name] = (len(file.read().split()), len(os.listdir(task)))
            return IMAGE
        place.site.pages['/i'] = count
        child = Flong('crawl', place.site.url(), '-o', place(name), '--depth', '0', '--progress', 'never', *options)
        is_there.set()
        child.end().expect(0)
    processes, threads = ({name: pair[i] for name, pair in counts.items()} for i in (0, 1))
    insist(processes['none'] == processes['workers'] == 0 < processes['parsers'] <= 3, counts)
    insist(threads['none'] == 1 < threads['workers'] == threads['more'] - 3, counts)


@case('what is printed', '--progress', '--quiet', '--verbose', '--log-format', '--report')
def check_prints(place):
    place.site.pages['/'] = b'<title>Short</title><img src=/nowhere>'
    plain = place.crawl(output='plain')
    insist(plain.out and not plain.err, plain)
    quiet = place.crawl('-q', output='quiet')
    insist(not quiet.out and not quiet.err, quiet)
    place.site.pages['/nowhere'] = (503, {'Retry-After': '0'}, b'')
    for options, told in (((), False), (('-v',), True)):
        run = place.crawl('--retries', '1', *options, output='v%d' % len(options))
        insist(('tried again' in run.err) == told and 'first byte' not in run.err, run)
    twice = place.crawl('-v', '-v', '--retries', '1', output='twice')
    insist('tried again' in twice.err, twice)
    insist(re.search(r'http://\S+: try 1: ok, status 200, \d+ bytes from 127\.0\.0\.1 \(ms: .*first byte \d+, end \d+\)', twice.err), twice)
    insist(re.search(r'/robots\.txt: (there is none, all is allowed|its rules hold)', twice.err), twice)
    told = place.crawl('-v', '--retries', '1', '--log-format', 'json', output='json')
    insist(all(isinstance(json.loads(line), dict) for line in told.err.splitlines()) and told.err, told)
    del place.site.pages['/nowhere']
    shown = place.crawl('--progress', 'always', output='always')
    insist(shown.err, shown)
    lines = place.crawl('--progress', 'json', output='lines').err.splitlines()
    insist(lines and all(isinstance(json.loads(line), dict) for line in lines), lines)
    place.crawl('--report', place('report.json'), output='report')
    same([read_json(place('report.json'))['pagesCaptured']], [1], 'report')


@case('numbers for Prometheus, while it runs and at its end', '--metrics')
def check_metrics(place):
    path = place('flong "1".prom')
    seen = []

    def read():
        with open(path, encoding='utf-8') as file:
            lines = file.read().splitlines()
        for kind, text, line in zip(lines[1::3], lines[::3], lines[2::3]):
            name = line.partition('{')[0]
            insist(text.startswith('# HELP %s ' % name) and kind.startswith('# TYPE %s ' % name), line)
        return {line.partition('{')[0]: line.rpartition(' ')[2] for line in lines if not line.startswith('#')}

    def look(_):
        seen.append(read())
        return b'<img src=/nowhere>'
    place.site.pages['/'] = look
    place.crawl('--metrics', path)
    numbers = read()
    same([seen[0]['flong_running'], seen[0]['flong_pages_total'], str('flong_exit_status' in seen[0])], ['1', '0', 'False'], seen)
    same([numbers['flong_' + name] for name in ('running', 'pages_total', 'queued', 'exit_status')], ['0', '1', '0', '0'], numbers)
    insist(int(numbers['flong_exchanges_total']) >= 3 and int(numbers['flong_received_bytes_total']) > 100, numbers)
    with open(path, encoding='utf-8') as file:
        insist('{collection="%s"}' % place('out') in file.read(), path)
    run = place.crawl('--metrics', place('nowhere', 'x.prom'), output='other', code=2)
    insist('--metrics' in run.err and not os.path.exists(place('other')), run)
    place.site.pages['/'] = (404, {}, b'')
    place.crawl('--metrics', path, output='fails', code=8)
    same([read()['flong_exit_status']], ['8'], 'exit status')


@case('the same bytes each time', '--deterministic')
def check_deterministic(place):
    place.site.pages['/'] = b'<title>Same</title>'
    for output in ('one', 'two'):
        place.crawl('--deterministic', 'seed', output=output)
    names = [os.path.basename(place.archive(output).warcs[0]) for output in ('one', 'two')]
    same(names[:1], names[1:], 'names')


@case('resume takes the options of crawl, and keeps those of the crawl', 'resume --max-pages', 'resume --user-agent')
def check_resume(place):
    place.site.pages.update({'/': links('/a', '/b'), '/a': b'', '/b': b''})
    place.crawl('--depth', '1', '--scope', 'host', '--max-pages', '1', '-A', 'First/1.0', code=14)
    same([flong('resume', place('out'), '--max-pages', '1', '--progress', 'never').code], [14], 'exit')
    same([request.headers['user-agent'] for request in place.site.taken()][-1:], ['First/1.0'], 'kept')
    flong('resume', place('out'), '-A', 'Second/1.0', '--progress', 'never').expect(0)
    same([request.headers['user-agent'] for request in place.site.taken()][-1:], ['Second/1.0'], 'given anew')


# --- other commands -----------------------------------------------------------------------------


@case('inspect: what it is told', 'inspect --base', 'inspect --js', 'inspect --agent', 'inspect --closest', 'inspect --match',
      'inspect --url', 'inspect --type', 'inspect --charset', 'inspect --date', 'inspect --offset', 'inspect --format',
      'inspect --json')
def check_inspect(place):
    def out(*arguments):
        return flong('inspect', *arguments).expect(0).out
    same([out('url', '--base', 'http://a.example/b/', 'c').strip()], ['http://a.example/b/c'], 'base')
    same([out('surt', *more, 'http://a.example/%7Efoo').strip() for more in ((), ('--js',))],
         ['example,a)/~foo', 'example,a)/%7efoo'], 'js')
    rules = place.write('robots', 'User-agent: bee\nDisallow: /\n')
    same([out('robots', '--agent', name, rules, 'http://a.example/').split()[0] for name in ('bee', 'fly')],
         ['deny', 'allow'], 'agent')
    rows = place.write('index.cdx', ''.join(
        '%s %s {"url": "%s", "filename": "x", "offset": "0", "length": "1"}\n' % row for row in (
            ('example,a)/', '20260101000000', 'http://a.example/'), ('example,a)/', '20260301000000', 'http://a.example/'),
            ('example,a)/b', '20260101000000', 'http://a.example/b'))))
    counts = [len(out('cdxj', '--url', 'http://a.example/', *more, rows).splitlines())
              for more in ((), ('--match', 'host'), ('--closest', '20260101'))]
    same([counts == [2, 3, 1]], [True], counts)
    style = place.write('style', 'a{background:url(/a.png)}')
    for more, count in (((), 0), (('--type', 'text/css'), 1)):
        insist(out('links', '--url', 'http://a.example/', *more, style).count('/a.png"') == count, more)
    with open(place('latin.html'), 'wb') as file:
        file.write(b'<title>\xc4rger</title><h1>A headline</h1>')
    more = ('--url', 'http://a.example/x', place('latin.html'))
    for charset, title in (('iso-8859-1', '\u00c4rger'), ('koi8-r', '\u0434rger')):
        same([json.loads(out('article', '--charset', charset, *more))['title']], [title], 'charset')
    same([json.loads(out('article', '--format', 'text', '--json', *more))['url']], ['http://a.example/x'], 'json')
    insist(out('article', '--format', 'markdown', *more).startswith('# '), 'format')
    page = place.write('ago.html', '<article><h1>A story is told</h1><time>2 hours ago</time><p>%s</p></article>' % (
        'Words and words. ' * 60))
    same([json.loads(out('article', '--date', date + 'T12:00:00Z', '--url', 'http://a.example/x', page))['published']['value'][:10]
          for date in ('2026-01-02', '2026-05-02')], ['2026-01-02', '2026-05-02'], 'date')
    place.site.pages['/'] = b'<title>Kept</title>'
    place.crawl()
    warc, = place.archive().warcs
    reply, = [row for row in list_records(warc) if row['type'] == 'response' and row['uri'] == place.site.url('/')]
    same([json.loads(out('article', '--offset', str(reply['offset']), warc))['title']], ['Kept'], 'offset')


def list_records(path):
    return [json.loads(line) for line in flong('list', '--json', path).expect(0).out.splitlines()]


def read_by_anyone(pipe):
    try:
        os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
    except OSError as error:
        insist(error.errno == errno.ENXIO, error)
        return False
    return True


@case('index reads so many files at a time', 'index --jobs')
def check_index_jobs(place):
    """Pipes: who opens one to write waits until it is read."""
    pipes = [place('%d.warc' % number) for number in range(3)]
    for pipe in pipes:
        os.mkfifo(pipe)
    child = Flong('index', '--jobs', '3', *pipes)
    for writer in [open(pipe, 'wb') for pipe in pipes]:
        writer.close()
    child.end()

    child = Flong('index', '--jobs', '1', *pipes)
    for number, pipe in enumerate(pipes):
        with open(pipe, 'wb'):
            for later in pipes[number + 1:]:
                insist(not read_by_anyone(later), later)
    child.end()


@case('repair: how hard it compresses, and what it prints', 'repair --level', 'repair --quiet')
def check_repair(place):
    place.site.pages['/'] = b'<p>words and words and words</p>' * 2000
    place.crawl()
    warc, = place.archive().warcs
    sizes = []
    for level in ('1', '9'):
        run = flong('repair', warc, '-o', place(level), '--level', level).expect(0)
        insist(run.out, run)
        sizes.append(os.path.getsize(place(level)))
    insist(sizes[0] > sizes[1], sizes)
    run = flong('repair', warc, '-o', place('quiet'), '--quiet').expect(0)
    same([run.out + run.err], [''], 'quiet')


@case('pack: what the package is called', 'pack --title', 'pack --description', 'pack --output')
def check_pack(place):
    place.site.pages['/'] = b''
    place.crawl()
    flong('pack', place('out'), '-o', place('p.wacz'), '--title', 'T', '--description', 'D').expect(0)
    flong('unpack', place('p.wacz'), '-o', place('unpacked')).expect(0)
    package = read_json(place('unpacked', 'datapackage.json'))
    same([package['title'], package['description']], ['T', 'D'], 'package')


@case('pack: a folder for a web server, and nothing of it when something is wrong', 'pack --html', 'pack --player')
def check_pack_html(place):
    place.site.pages['/'] = b'<p>words</p>'
    place.crawl()
    os.symlink(place('out'), place('it\'s "1" %41#'))
    flong('pack', place('it\'s "1" %41#'), '--html', place('web/'), '--player', 'https://player.example/x', '--title', '<T> & "U"').expect(0)
    files = [sorted(os.listdir(folder)) for folder in (place('web'), place('web', 'worker'))]
    if files != [['index.html', 'it\'s "1" %41#.wacz', 'worker'], ['index.html', 'sw.js']]:
        raise AssertionError(files)
    with open(place('web', 'index.html'), encoding='utf-8') as file:
        page = file.read()
    for part in ('<title>&lt;T&gt; &amp; &quot;U&quot;</title>', '<script src="https://player.example/x/ui.js">',
                 ' source="./it%27s%20%221%22%20%2541%23.wacz"', ' url="http', ' replayBase="./worker/"'):
        if part not in page:
            raise AssertionError('%s is not in %s' % (part, page))
    for player, wanted in (('https://player.example/x', 'https://player.example/x/sw.js'), ('player/', '../player/sw.js'), ('/p', '/p/sw.js')):
        folder = place('web-' + str(len(wanted)))
        flong('pack', place('out'), '--html', folder, '--player', player).expect(0)
        with open(os.path.join(folder, 'worker', 'sw.js'), encoding='utf-8') as file:
            if file.read() != 'importScripts("%s");\n' % wanted:
                raise AssertionError(player)
    before = sorted(os.listdir(place.path))
    for wrong in (('--player', 'p'), ('--html', place('web'), '--player', 'p'), ('--html', place('new')),
                  ('--html', place('new'), '--player', 'p', '-o', place('x.wacz')), ('--html', place('new'), '--player', 'javascript:x'),
                  ('--html', place('new'), '--player', 'p"><script>'), ('--html', place('new'), '--player', '')):
        flong('pack', place('out'), *wrong).expect(2)
    if sorted(os.listdir(place.path)) != before:
        raise AssertionError(os.listdir(place.path))


@case('options from a file, which the command line wins over', 'list --config')
def check_config(place):
    place.site.pages['/'] = b''
    place.crawl('--config', place.write('c', '# two\nprefix = filed\n\ndigest = sha1\n'), '--prefix', 'typed')
    path, = place.archive().warcs
    insist(os.path.basename(path).startswith('typed-'), path)
    insist('sha1:' in place.archive().all[1].fields['warc-block-digest'], 'digest')
    same([line[:1] for line in flong('list', '--config', place.write('l', 'json\n'), path).expect(0).out.splitlines()[:1]],
         ['{'], 'a flag')
    for text, told in (('nothing = 1\n', 'line 1'), ('\nprefix\n', 'line 2'), ('strict = 1\n', 'takes no value')):
        run = place.crawl('--config', place.write('bad', text), code=2, output='bad')
        insist(told in run.err, run)


# --- all options --------------------------------------------------------------------------------


def options_of_program():
    """"COMMAND --NAME" of every option; help is asked for in the test of the manual."""
    rows = [line.split('\t') for line in flong('--list-options').expect(0).out.splitlines()]
    return {'%s %s' % (command, option) for command, option, *_ in rows if option != '--help'}


def used_elsewhere():
    """Command and option in one call of another scenario, or an option in its configuration file."""
    texts = []
    for path in glob.glob(os.path.join(ROOT, 'tests', '*', '*.py')) + glob.glob(os.path.join(ROOT, 'tests', '*', '*.sh')):
        if os.path.basename(path) != 'options.py':
            with open(path, encoding='utf-8') as file:
                texts.append(file.read())
    return texts


def check_all():
    """resume has the options of crawl, and --config is one function for all commands."""
    proven = set().union(*(options for _, options, _ in CASES))
    texts = used_elsewhere()
    untested, program = [], options_of_program()
    for option in sorted(program - proven):
        command, name = option.split(' ')
        if (command == 'resume' and 'crawl ' + name in program) or name == '--config':
            continue
        literal = re.compile(r"""["' ]%s["'= ]|\b%s = """ % (name, name[2:]))
        if not any(literal.search(text) and re.search(r"""["' ]%s["' ]""" % command, text) for text in texts):
            untested.append(option)
    insist(not untested, 'without a test', untested)
    insist(proven <= program, 'no options of the program', sorted(proven - program))
    resumed = {option.split(' ')[1] for option in program if option.startswith('resume ')}
    same(resumed, {option.split(' ')[1] for option in program if option.startswith('crawl ')}, 'resume')


def main():
    tap = begin()
    wanted = sys.argv[1:]
    with Work() as work, Little() as site:
        for number, (claim, options, function) in enumerate(CASES):
            if wanted and not any(word in ' '.join(options) for word in wanted):
                continue
            note = []
            tap.run('%s (%s)' % (claim, ', '.join(sorted(option.removeprefix('crawl ') for option in options))),
                    lambda: note.append(function(Place(work, number, site))))
            if note and note[0]:
                tap.note(note[0])
        tap.run('every option has a test', check_all)
    tap.end()


if __name__ == '__main__':
    main()
