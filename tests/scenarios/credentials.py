#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""credentials - passwords and cookies go to their own origin, and stand in no output; proxies; TLS on record

All secrets are canaries: after a crawl every file, unpacked, and all that was printed is searched for them.
"""
import base64
import contextlib
import gzip
import os
import socket
import stat
import threading
import zipfile

from scenario import QUIET, Archive, Authority, FaultServer, Flong, Work, begin, flong, server_context

WORD = 'canary'
PAGE = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n%s\r\n%s'


def page(body, fields=''):
    return [[('send', (PAGE % (len(body.encode()), fields, body)).encode())]]


def moved(to):
    return [[('send', ('HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n' % to).encode())]]


class Place:
    """One server that is http://a.example and http://b.example, and a folder with files of secrets."""

    def __init__(self, work, script):
        self.work, self.script = work, script
        self.server = FaultServer(script)
        self.port = self.server.port
        self.options = [*QUIET, '--depth', '0', '--scope', 'page', '--retries', '0', '--robots', 'ignore']
        for host in ('a', 'b'):
            self.options += ['--resolve', '%s.example:%d:127.0.0.1' % (host, self.port)]

    def url(self, host, path='/'):
        return 'http://%s.example:%d%s' % (host, self.port, path)

    def crawl(self, output, *arguments, seed=None):
        return flong('crawl', seed or self.url('a'), '-o', output, *self.options, *arguments)

    def file(self, name, text, mode=0o600):
        path = self.work(name)
        with open(path, 'w', encoding='ascii') as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def requests(self, host):
        with self.server.lock:
            return [play.request.decode('latin-1') for play in self.server.plays
                    if 'Host: %s.example:' % host in play.request.decode('latin-1')]


@contextlib.contextmanager
def place(script=None):
    with Work() as work:
        here = Place(work, script or {})
        try:
            yield here, work
        finally:
            here.server.stop()


def contents(folder):
    """Every file below a folder, unpacked, by name."""
    for path, _, names in os.walk(folder):
        for name in names:
            full = os.path.join(path, name)
            with open(full, 'rb') as file:
                data = file.read()
            if data[:2] == b'\x1f\x8b':
                data = gzip.decompress(data)
            if zipfile.is_zipfile(full):
                with zipfile.ZipFile(full) as package:
                    for inner in package.namelist():
                        found = package.read(inner)
                        yield full + '/' + inner, gzip.decompress(found) if found[:2] == b'\x1f\x8b' else found
            yield full, data


def clean(run, folder, *secrets):
    """No canary in any output, as it is or in base64."""
    words = [WORD.encode()] + [base64.b64encode(secret.encode()).rstrip(b'=')[:-1] for secret in secrets]
    count = 0
    for name, data in [('printed', (run.out + run.err).encode()), *contents(folder)]:
        count += 1
        for word in words:
            if word in data:
                at = data.index(word)
                raise AssertionError('%s holds %r' % (name, data[max(0, at - 200):at + 50]))
    if count < 8:
        raise AssertionError('only %d outputs' % count)


def notes(archive, name):
    return [line.split(':', 1)[1].strip() for record in archive.all if record.type == 'metadata'
            for line in record.block.decode('utf-8').split('\r\n') if line.startswith(name + ':')]


def request_of(archive, url):
    return archive.by_url[url][0].request.block.decode('latin-1')


TWO_HOSTS = {'/next': page('x'), '/b.png': page('x'), '/back': page('x')}


def two_hosts(here):
    here.script.update(TWO_HOSTS)
    here.script['/'] = page('<img src=/next><img src="%s"><img src=/away>' % here.url('b', '/b.png'))
    here.script['/away'] = moved(here.url('b', '/again'))
    here.script['/again'] = moved(here.url('a', '/back'))


def own_origin(here, lines, count):
    """Each of `count` requests to a.example, and that for its icon, has the lines, none to b.example has a secret."""
    asked = here.requests('a')
    if len(asked) != count + 1 or not all(line in request for line in lines for request in asked):
        raise AssertionError(asked)
    if len(here.requests('b')) < 2 or any(WORD in request or 'Authorization' in request for request in here.requests('b')):
        raise AssertionError(here.requests('b'))


def check_files():
    """--auth and --cookies: on every hop to their origin, nowhere else; in no output."""
    secret = 'jane:%s-password' % WORD
    with place() as (here, work):
        two_hosts(here)
        auth = here.file('auth', 'machine http://a.example:%d login jane password %s-password\n' % (here.port, WORD))
        jar = here.file('jar', 'a.example\tFALSE\t/\tFALSE\t0\tsid\t%s-cookie\n' % WORD)
        run = here.crawl(work('out'), '--auth', auth, '--cookies', jar, '--wacz', '--report', work('out', 'r.json'), '-v').expect(0)
        coded = base64.b64encode(secret.encode()).decode()
        own_origin(here, ['Authorization: Basic ' + coded, 'Cookie: sid=%s-cookie' % WORD], 4)
        os.rename(work('out.wacz'), work('out', 'out.wacz'))
        clean(run, work('out'), secret)
        archive = Archive(work('out'))
        request = request_of(archive, here.url('a', '/next'))
        if 'Cookie: sid=[redacted]\r\n' not in request or 'Authorization: [redacted]\r\n' not in request:
            raise AssertionError(request)
        if notes(archive, 'redacted').count('Cookie') != 5 or notes(archive, 'redacted').count('Authorization') != 5:
            raise AssertionError(notes(archive, 'redacted'))
        flong('check', work('out', 'out.wacz')).expect(0)


def check_own_cookies():
    """A cookie that the site set is evidence and stays, beside the one of the file that goes."""
    with place({'/next': page('x')}) as (here, work):
        here.script['/'] = page('<img src=/next>', 'Set-Cookie: theirs=visible\r\n')
        jar = here.file('jar', 'a.example\tFALSE\t/\tFALSE\t0\tsid\t%s-cookie\n' % WORD)
        run = here.crawl(work('out'), '--cookies', jar).expect(0)
        clean(run, work('out'))
        request = request_of(Archive(work('out')), here.url('a', '/next'))
        if 'Cookie: sid=[redacted]; theirs=visible\r\n' not in request:
            raise AssertionError(request)


def check_kept():
    """--redact none keeps the bytes as they were sent."""
    with place({'/': page('x')}) as (here, work):
        jar = here.file('jar', 'a.example\tFALSE\t/\tFALSE\t0\tsid\t%s-cookie\n' % WORD)
        here.crawl(work('out'), '--cookies', jar, '--redact', 'none').expect(0)
        archive = Archive(work('out'))
        request = request_of(archive, here.url('a'))
        if request != here.requests('a')[0] or 'sid=%s-cookie' % WORD not in request or notes(archive, 'redacted'):
            raise AssertionError(request)


def check_headers():
    """--header's Authorization and Cookie are for the seeds' origins; other headers go everywhere."""
    with place() as (here, work):
        two_hosts(here)
        run = here.crawl(work('out'), '-H', 'Authorization: Bearer %s-bearer' % WORD, '-H', 'cookie: own=%s-own' % WORD,
                         '-H', 'X-Purpose: archive').expect(0)
        own_origin(here, ['Authorization: Bearer %s-bearer' % WORD, 'cookie: own=%s-own' % WORD, 'X-Purpose: archive'], 4)
        if not all('X-Purpose: archive' in request for request in here.requests('b')):
            raise AssertionError(here.requests('b'))
        clean(run, work('out'))


def check_user_information():
    """The password of a seed's URL is used and written nowhere; that of a link is not even used."""
    with place() as (here, work):
        two_hosts(here)
        linked = 'http://eve:l1nked@b.example:%d/' % here.port
        here.script['/'] = page('<img src=/next><img src="%sb.png"><img src=/away><a href="%sx">x</a>' % (linked, linked))
        here.script['/away'] = moved(linked + 'again')
        run = here.crawl(work('out'), seed='http://jane:%s-seed@a.example:%d/' % (WORD, here.port)).expect(0)
        own_origin(here, ['Authorization: Basic ' + base64.b64encode(b'jane:%s-seed' % WORD.encode()).decode()], 4)
        clean(run, work('out'), 'jane:%s-seed' % WORD)
        archive = Archive(work('out'))
        uris = {record.url for record in archive.all if '@' in record.url}
        texts = [open(archive.of(*name), encoding='utf-8').read() for name in (
            ('indexes', 'index.cdx'), ('logs', 'crawl.log'), ('reports', 'skipped.jsonl'), ('reports', 'report.json'))]
        if uris or any('l1nked' in text for text in texts) or not archive.by_url[here.url('b', '/b.png')]:
            raise AssertionError(uris or texts)


def check_resumed():
    """A seed's password is not in the state either, and resume goes on without it."""
    with place() as (here, work):
        here.script['/'] = page(''.join('<img src=/%d>' % number for number in range(9)))
        here.script['/3'] = [[('gate',)]]
        child = Flong('crawl', 'http://jane:%s-seed@a.example:%d/' % (WORD, here.port), '-o', work('out'), *here.options, '--jobs', '1')
        here.server.wait_plays(4)
        child.child.kill()
        run = child.end()
        here.server.gate.set()
        clean(run, work('out'), 'jane:%s-seed' % WORD)
        clean(flong('resume', work('out'), *QUIET, '--resolve', 'a.example:%d:127.0.0.1' % here.port).expect(0), work('out'))


def check_bad_files():
    """What is wrong with a file of secrets is told by its line, never by its content."""
    with place() as (here, work):
        auth = here.file('auth', 'machine a.example\nlogin jane\npassphrase %s\n' % WORD)
        for arguments, words in ((('--auth', auth), 'line 3'), (('--auth', work('absent')), 'absent'),
                                 (('--proxy', 'socks4://u:%s@h:1' % WORD), 'socks4'), (('--redact', 'some'), 'some')):
            run = here.crawl(work('out'), *arguments).expect(2)
            if words not in run.err or WORD in run.err or os.path.exists(work('out')):
                raise AssertionError(str(run))


def check_modes():
    """Nothing is for others, whatever the umask, and the state is for its owner alone."""
    with place({'/': page('x')}) as (here, work):
        before = os.umask(0)
        try:
            here.crawl(work('out')).expect(0)
        finally:
            os.umask(before)
        for path, folders, names in os.walk(work('out')):
            for name in folders + names:
                mode = stat.S_IMODE(os.lstat(os.path.join(path, name)).st_mode)
                inner = os.path.relpath(os.path.join(path, name), work('out'))
                is_state = inner.split(os.sep)[0] == 'state'
                if mode & (0o077 if is_state else 0o027):
                    raise AssertionError('%s has mode %o' % (inner, mode))


class Socks:
    """A SOCKS5 server (RFC 1928) that joins every request with one port of loopback; keeps what was asked for."""

    def __init__(self, port):
        self.port, self.asked = port, []
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.url = 'socks5h://127.0.0.1:%d' % self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client:
            client.recv(2 + client.recv(2)[1])
            client.sendall(b'\x05\x00')
            kind = client.recv(4)[3]
            host = client.recv(client.recv(1)[0] if kind == 3 else 4 if kind == 1 else 16)
            self.asked.append((kind, host, client.recv(2)))
            client.sendall(b'\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00')
            with socket.create_connection(('127.0.0.1', self.port)) as server:
                threading.Thread(target=self._copy, args=(server, client), daemon=True).start()
                self._copy(client, server)

    @staticmethod
    def _copy(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def check_socks():
    """socks5h: names are resolved at the proxy, private ones are not asked for, no address is recorded."""
    body = '<img src=http://127.0.0.1:%d/inside><img src=http://printer.local/><img src=http://far.example/i.png>'
    with place({'/i.png': page('x')}) as (here, work):
        here.script['/'] = page(body % here.port)
        socks = Socks(here.port)
        flong('crawl', 'http://news.example/', '-o', work('out'), *here.options, '--proxy', socks.url).expect(0)
        hosts = {host for _, host, _ in socks.asked}
        archive = Archive(work('out'))
        if {kind for kind, _, _ in socks.asked} != {3} or hosts != {b'news.example', b'far.example'}:
            raise AssertionError(socks.asked)
        if any('warc-ip-address' in record.fields for record in archive.all):
            raise AssertionError('an address was recorded')
        refused = sorted(row[3] for row in archive.log() if row[1] == '-5000')
        if refused != ['http://127.0.0.1:%d/inside' % here.port, 'http://printer.local/']:
            raise AssertionError(refused)
        socks.listener.close()


def check_proxy_password():
    """An HTTP proxy gets its password, the archive does not, whatever --redact says."""
    with place() as (here, work):
        here.script['http://news.example/'] = page('x')
        for number, how in enumerate(('configured', 'none')):
            run = flong('crawl', 'http://news.example/', '-o', work('out%d' % number), *here.options, '--redact', how,
                        '--proxy', 'http://u:%s-proxy@127.0.0.1:%d' % (WORD, here.port)).expect(0)
            clean(run, work('out%d' % number), 'u:%s-proxy' % WORD)
        with here.server.lock:
            asked = [play.request for play in here.server.plays]
        coded = b'Proxy-Authorization: Basic ' + base64.b64encode(b'u:%s-proxy' % WORD.encode())
        if len(asked) < 2 or not all(coded in request for request in asked):
            raise AssertionError(asked)


def check_environment():
    """The proxies of the environment count with `--proxy env` only, and no_proxy is direct and guarded."""
    with place({'/': page('x')}) as (here, work), FaultServer({'http://news.example/': page('<img src=http://127.0.0.1:9/>')}) as proxy:
        names = {'http_proxy': 'http://127.0.0.1:%d' % proxy.port, 'ALL_PROXY': 'socks5h://127.0.0.1:9', 'no_proxy': '127.0.0.1'}
        os.environ.update(names)
        try:
            here.crawl(work('ignored')).expect(0)
            flong('crawl', 'http://news.example/', '-o', work('used'), *here.options, '--proxy', 'env').expect(0)
        finally:
            for name in names:
                del os.environ[name]
        if {play.path for play in proxy.plays} != {'http://news.example/', 'http://news.example/favicon.ico'} or len(here.requests('a')) != 2:
            raise AssertionError([play.path for play in proxy.plays] + here.requests('a'))
        if ['-5000', 'http://127.0.0.1:9/'] not in [[row[1], row[3]] for row in Archive(work('used')).log()]:
            raise AssertionError(Archive(work('used')).log())


def check_tls_proxy():
    """An https proxy has to prove who it is, under --tls record too."""
    with place() as (here, work):
        authority = Authority(here.work.folder('ca'))
        pair = authority.issue('proxy', ['IP:127.0.0.1'])
        with FaultServer({'http://news.example/': page('x')}, server_context(*pair)) as proxy:
            arguments = ['crawl', 'http://news.example/', *here.options, '--proxy', 'https://127.0.0.1:%d' % proxy.port]
            flong(*arguments, '-o', work('good'), '--cacert', authority.ca).expect(0)
            count = len(proxy.plays)
            run = flong(*arguments, '-o', work('bad'), '--tls', 'record')
            if run.code == 0 or count == 0 or len(proxy.plays) != count:
                raise AssertionError('%s %s' % (run, [play.path for play in proxy.plays]))


def check_tls_record():
    """--tls record: the verdict with each exchange, the chain once; without it nothing is fetched."""
    with place() as (here, work):
        selfish = Authority(here.work.folder('ca')).self_signed('selfish', ['DNS:a.example'])
        with FaultServer({'/': page('<img src=/i>'), '/i': page('x')}, server_context(*selfish)) as server:
            arguments = ['crawl', 'https://a.example:%d/' % server.port, *QUIET, '--depth', '0', '--scope', 'page', '--robots', 'ignore',
                         '--retries', '0', '--resolve', 'a.example:%d:127.0.0.1' % server.port]
            flong(*arguments, '-o', work('verify')).expect(5)
            if server.plays:
                raise AssertionError('asked %s' % server.plays[0].request)
            flong(*arguments, '-o', work('record'), '--tls', 'record').expect(0)
        archive = Archive(work('record'))
        verdicts, chain = notes(archive, 'tls-verify'), notes(archive, 'tls-certificate')
        with open(selfish[0], encoding='ascii') as file:
            wanted = ''.join(file.read().split('-----')[2].split())
        if len(verdicts) < 2 or any('self-signed' not in verdict for verdict in verdicts) or chain != [wanted]:
            raise AssertionError('%s %s' % (verdicts, chain))


def main():
    tap = begin()
    for claim, function in (
            ('files of secrets: their own origin, no output', check_files),
            ('cookies of the site stay', check_own_cookies), ('--redact none keeps what was sent', check_kept),
            ('secrets of --header', check_headers), ('passwords in URLs', check_user_information),
            ('passwords are not in the state', check_resumed), ('bad files of secrets', check_bad_files),
            ('modes of files', check_modes), ('SOCKS', check_socks), ('the password of a proxy', check_proxy_password),
            ('proxies of the environment', check_environment), ('a proxy over TLS', check_tls_proxy),
            ('what TLS said is in the archive', check_tls_record)):
        tap.run(claim, function)
    tap.end()


if __name__ == '__main__':
    main()
