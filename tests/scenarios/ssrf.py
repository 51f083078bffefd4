#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""ssrf - no page, redirect or DNS answer makes flong connect to a private address

flong runs in a network namespace that holds the private addresses itself, with listeners on them; a
second namespace plays the public network. Seen is what reaches a socket: the listeners' connections,
and the kernel's count of connections begun, which must be those that the public side accepted.
"""
import html
import re
import socket
import sys
import threading

from scenario import QUIET, Archive, Work, begin, flong
import private_forms
from two_networks import DEAD, PUBLIC, World, in_namespace, run

PORTS = (80, 443, 8080, 9200)
SEED = 'http://pub.example/start'
TARGETS = ('http://127.0.0.1/', 'http://10.0.0.1:8080/', 'http://169.254.169.254/latest/meta-data/', 'http://[::1]/',
           'http://[fd00::1]:8080/', 'http://2130706433/', 'http://0x7f.1/', 'http://192.168.1.1/', 'http://localhost:8080/',
           'http://a0.evil.example/', 'http://alias0.evil.example/', '//127.0.0.1:8080/', 'http://[::ffff:10.0.0.1]/')
# What a browser fetches for a page: {u} is the address.
REQUISITES = (
    '<script src="{u}"></script>', '<link rel=stylesheet href="{u}">', '<link rel=icon href="{u}">', '<link rel=manifest href="{u}">',
    '<link rel=preload as=font href="{u}">', '<link rel=modulepreload href="{u}">', '<img srcset="{u} 2x">',
    '<picture><source srcset="{u}"><img></picture>', '<video poster="{u}"></video>', '<object data="{u}"></object>',
    '<embed src="{u}">', '<iframe src="{u}"></iframe>', '<iframe srcdoc="&lt;img src={u}&gt;"></iframe>', '<input type=image src="{u}">',
    '<svg><image href="{u}"/></svg>', '<svg><use href="{u}#a"/></svg>', '<p style="background:url({u})">',
    '<style>@import "{u}";</style>', '<style>@font-face{{src:url({u})}}</style>', '<frameset><frame src="{u}"></frameset>',
    '<table background="{u}">', '<script type=module>import "{u}"</script>',
    '<meta property="og:image" content="{u}">', '<link rel=apple-touch-icon href="{u}">')


class Pages:
    """The attacker's pages; each named address is told apart by its number."""

    def __init__(self):
        self.rows, self.urls, self.count = {}, [], 0

    def add(self, status, fields, body, host=''):
        path = '/p%d' % len(self.rows)
        self.rows[path] = [status, fields, body]
        return 'http://%s%s' % (host or 'pub.example', path)

    def mark(self, url):
        """The address with a path of its own, so that no two forms are one visit."""
        self.count += 1
        return '%s%sn%d' % (url, '' if url.endswith('/') else '/', self.count)


def build():
    pages = Pages()
    images, frames, links, heads = [], [], [], []
    images += private_forms.forms()
    zone = private_forms.names(PUBLIC, DEAD)
    images += ['http://%s/' % name for name in zone if not name.startswith(('far', 'turn'))]
    for url in TARGETS:
        marked = pages.mark(url)
        for status in (301, 302, 303, 307, 308):
            images.append(pages.add(status, {'Location': pages.mark(url)}, ''))
        images.append(pages.add(302, {'Location': pages.add(301, {'Location': marked}, '')}, ''))
        frames.append(pages.add(200, {'Content-Type': 'text/html'}, '<meta http-equiv=refresh content="0;url=%s">' % pages.mark(url)))
        frames.append(pages.add(200, {'Content-Type': 'text/html', 'Refresh': '0; url=' + pages.mark(url)}, 'x'))
        heads.append(pages.add(200, {'Content-Type': 'text/css'}, '@import "%s";a{background:url(%s)}' % (pages.mark(url), pages.mark(url))))
        links.append(pages.add(302, {'Location': pages.mark(url)}, ''))
        links.append(pages.mark(url))
    for number, markup in enumerate(REQUISITES):
        url = pages.mark(TARGETS[number % 9])
        frames.append(pages.add(200, {'Content-Type': 'text/html'}, markup.format(u=url)))
    hint = '<%s>; rel=preload; as=image' % pages.mark('http://10.9.9.1/')
    frames.append(pages.add(200, {'Content-Type': 'text/html', 'early': hint, 'Link': hint.replace('9.1', '9.2')}, 'x'))
    frames.append(pages.add(200, {'Content-Type': 'text/html'}, '<base href=http://10.9.9.3/><img src=n-base.png>'))
    for number in range(5):
        # Its robots.txt leads inside.
        pages.rows['robots%d.evil.example /robots.txt' % number] = [302, {'Location': pages.mark(TARGETS[number])}, '']
        zone['robots%d.evil.example' % number] = [((PUBLIC,), (), None)]
        links.append('http://robots%d.evil.example/p0' % number)
    for number in range(8):
        # It was public for the redirect, and is asked for again at another port.
        host = 'turn%d.evil.example' % number
        pages.rows[host + ' /'] = [302, {'Location': pages.mark('http://%s:8080/' % host)}, '']
        images.append('http://%s/' % host)
    zone['pub.example'] = [((PUBLIC,), (), None)]
    quoted = [html.escape(url, quote=True) for url in images]
    body = '<title>Start</title>%s%s%s%s' % (
        ''.join('<link rel=stylesheet href="%s">' % url for url in heads), ''.join('<img src="%s">' % url for url in quoted),
        ''.join('<iframe src="%s"></iframe>' % url for url in frames), ''.join('<p><a href="%s">a link</a>' % url for url in links))
    pages.rows['/start'] = [200, {'Content-Type': 'text/html; charset=utf-8'}, body]
    return pages.rows, zone


class Listeners:
    """Whoever connects to a private address is noted, and gets an answer."""

    def __init__(self):
        self.reached, self.lock = [], threading.Lock()
        for port in PORTS:
            for family, any_address in ((socket.AF_INET, '0.0.0.0'), (socket.AF_INET6, '::')):
                sock = socket.socket(family)
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                sock.bind((any_address, port))
                sock.listen(512)
                threading.Thread(target=self._accept, args=(sock,), daemon=True).start()

    def _accept(self, listener):
        while True:
            sock, _ = listener.accept()
            with self.lock:
                self.reached.append(sock.getsockname()[0])
            threading.Thread(target=self._answer, args=(sock,), daemon=True).start()

    @staticmethod
    def _answer(sock):
        with sock:
            try:
                sock.recv(65536)
                sock.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecret')
            except OSError:
                pass

    def take(self):
        with self.lock:
            found, self.reached = self.reached, []
        return found


class Watched(World):
    """Holds the private addresses itself, and counts who comes."""

    def __init__(self, work):
        super().__init__(work, *build())
        for block in private_forms.BLOCKS:
            run('ip %s route add local %s dev lo' % ('-6' if ':' in block else '-4', block))
        self.listeners = Listeners()

    def crawl(self, output, *arguments, seeds=(SEED,)):
        """(archive, addresses reached, what the public side saw of it, connections begun, of these failed)"""
        before, seen = tcp_counts(), self.seen()
        flong('crawl', *seeds, '-o', output, *QUIET, '--scope', 'any', '--images', 'all', '--retries', '0', '--jobs', '32',
              '--timeout', '20s', *arguments).expect(0)
        after, now = tcp_counts(), self.seen()
        new = {name: now[name] - seen[name] if name == 'accepted' else now[name][len(seen[name]):] for name in now}
        return Archive(output), self.listeners.take(), new, after[0] - before[0], after[1] - before[1]


def tcp_counts():
    """Connections begun and failed in this namespace since it is there (RFC 4022)."""
    with open('/proc/self/net/snmp', encoding='ascii') as file:
        names, values = [line.split() for line in file if line.startswith('Tcp:')]
    found = dict(zip(names, values))
    return int(found['ActiveOpens']), int(found['AttemptFails'])


def refused(archive):
    """The URLs that were not fetched by our own policy."""
    return {row[3] for row in archive.log() if row[1] == '-5000'}


def check_forms(world, work):
    archive, reached, seen, begun, failed = world.crawl(work('out'))
    urls = refused(archive)
    dead = sum(1 for name in seen['asked'] if name.startswith('both'))
    print('# %d URLs refused; %d connections begun, %d accepted by the public side, %d refused by it' % (
        len(urls), begun, seen['accepted'], failed))
    if reached:
        raise AssertionError('reached: %s' % sorted(set(reached)))
    if begun - failed != seen['accepted'] or failed > dead:
        raise AssertionError('%d begun, %d failed, %d accepted' % (begun, failed, seen['accepted']))
    if len(urls) < 300:
        raise AssertionError('only %d URLs were tried' % len(urls))
    kept = {exchange.url for exchange in archive.exchanges if exchange.status == 200 and not re.match(
        r'http://(pub|turn\d|robots\d\.evil|robots\d)\.', exchange.url)}
    if kept:
        raise AssertionError('kept: %s' % sorted(kept)[:10])
    for url in ('http://pub.example:%d/' % port for port in private_forms.PORTS):
        if url not in urls:
            raise AssertionError('%s was not refused' % url)


def check_control(world, work):
    """The same crawl reaches the listeners when it may: the test above can fail."""
    _, reached, _, _, _ = world.crawl(work('all'), '--allow-private', 'all')
    if len(set(reached)) < 40 or not {'127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', 'fd00::1', '64:ff9b::a00:1'} <= set(reached):
        raise AssertionError(sorted(set(reached)))
    print('# %d connections to %d private addresses' % (len(reached), len(set(reached))))
    _, reached, _, _, _ = world.crawl(work('ten'), '--allow-private', '10.0.0.0/8')
    others = {address for address in reached if not address.replace('::ffff:', '').startswith('10.')}
    if not reached or others:
        raise AssertionError('reached: %s; others: %s' % (len(reached), sorted(others)))


def check_exemptions(world, work):
    """Hand-given: that host and port, nothing else there."""
    _, reached, _, _, _ = world.crawl(work('seed'), '--depth', '0', seeds=(SEED, 'http://10.0.0.1:8080/'))
    if set(reached) != {'10.0.0.1'}:
        raise AssertionError(reached)
    _, reached, _, _, _ = world.crawl(work('resolve'), '--depth', '0', '--resolve', 'a0.evil.example:80:127.0.0.9')
    if set(reached) != {'127.0.0.9'}:
        raise AssertionError(reached)
    _, reached, _, _, _ = world.crawl(work('connect'), '--depth', '0', '--connect-to', 'a1.evil.example:80:localhost:9200')
    if set(reached) - {'127.0.0.1', '::1'} or not reached:
        raise AssertionError(reached)


def check_proxy(world, work):
    """Behind a proxy: what is private as written is not asked for, and no address is recorded."""
    archive, reached, seen, _, _ = world.crawl(work('proxied'), '--proxy', 'http://%s:3128' % PUBLIC)
    targets = [line.split(' ')[1] for line in seen['proxied']]
    hosts = {re.sub(r'^(?:https?://)?(\[[^]]*\]|[^:/]*).*', r'\1', target) for target in targets}
    names = {host for host in hosts if not host.endswith('.example')}
    if reached or names or len(targets) < 100 or seen['accepted'] < 1:
        raise AssertionError('%s %s %d' % (reached, sorted(names), len(targets)))
    for record in archive.all:
        if 'warc-ip-address' in record.fields:
            raise AssertionError('%s has an address' % record.url)


def inside():
    tap = begin()
    with Work() as work, Watched(work) as world:
        tap.run('no form leads to a private address', check_forms, world, work)
        tap.run('the same forms do when they may', check_control, world, work)
        tap.run('seeds, --resolve and --connect-to are let through', check_exemptions, world, work)
        tap.run('behind a proxy the URL is judged', check_proxy, world, work)
    tap.end()


if __name__ == '__main__':
    if sys.argv[1:] == ['inside']:
        inside()
    in_namespace(__file__)
