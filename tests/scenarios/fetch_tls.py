#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""fetch_tls FETCH_DRIVER - certificates, handshakes and what is recorded of them"""
import os
import select
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import warnings

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TESTS, 'faults'))
from certificates import Authority  # noqa: E402
from driver import Driver  # noqa: E402
from faultd import FaultServer, server_context  # noqa: E402
from tap import Tap  # noqa: E402

OK = b'HTTP/1.1 200 OK\r\n'
FIVE = OK + b'Content-Length: 5\r\n\r\nhello'
KEPT = {'/': [[('send', FIVE)]]}
HERE = ['IP:127.0.0.1', 'DNS:a.example']


class World:
    """An authority, and servers and drivers that end with the test."""

    def __init__(self, folder):
        self.folder, self.authority, self.open = folder, Authority(folder), []
        self.cert = self.authority.issue('here', HERE)

    def server(self, script, pair=None, context=None):
        server = FaultServer(script, context or server_context(*(pair or self.cert)))
        self.open.append(server.stop)
        return server

    def driver(self, *options, ca=None):
        driver = Driver(PROGRAM, self.folder, '--cacert', ca or self.authority.ca, *options)
        self.open.append(driver.close)
        return driver

    def end(self):
        while self.open:
            self.open.pop()()


def expect(exchange, outcome, truncated='', reply=None, words=''):
    said = (exchange.outcome, exchange.truncated, exchange.reason, exchange.reply)
    assert (exchange.outcome, exchange.truncated) == (outcome, truncated), said
    assert words in exchange.reason and (reply is None or exchange.reply == reply), said
    return exchange


def facts(world):
    server, driver = world.server(KEPT), world.driver()
    row = expect(driver.fetch(server.url('/')), 'ok', '', FIVE).row
    assert row['tls'] and row['tls_version'] == 'tls/1.3', row['tls_version']
    assert row['tls_cipher'] == 'TLS_AES_256_GCM_SHA384', row['tls_cipher']
    assert row['tls_alpn'] == 'http/1.1' and row['tls_verify'] == 'ok', row
    with open(world.cert[0], encoding='ascii') as file:
        assert row['chain'] == file.read()
    again = expect(driver.fetch(server.url('/')), 'ok', '', FIVE).row
    assert again['reused'] and again['tls_cipher'] == row['tls_cipher'] and 'chain' not in again
    fresh = expect(driver.fetch(server.url('/'), flags='fresh'), 'ok', '', FIVE).row
    assert not fresh['reused'] and 'chain' not in fresh and fresh['tls_verify'] == 'ok'
    assert fresh['connect_us'] <= fresh['tls_us'] <= fresh['first_byte_us'], fresh


def version_12(world):
    context = server_context(*world.cert)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers('ECDHE-ECDSA-AES128-GCM-SHA256')
    closing = OK + b'\r\nhello'
    server, driver = world.server({'/close': [[('send', closing), ('close',)]], **KEPT}, context=context), world.driver()
    expect(driver.fetch(server.url('/close')), 'ok', '', closing)
    row = expect(driver.fetch(server.url('/')), 'ok').row
    assert row['tls_version'] == 'tls/1.2', row['tls_version']
    assert row['tls_cipher'] == 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', row['tls_cipher']


def certificates(world):
    """(name, certificate and key, what both ways say of it)"""
    other = os.path.join(world.folder, 'other')
    os.makedirs(other, exist_ok=True)
    issue = world.authority.issue
    return (
        ('expired', issue('expired', HERE, end='20210101000000Z'), 'certificate has expired', 'expired'),
        ('not yet valid', issue('early', HERE, start='20490101000000Z'), 'not yet valid', 'not yet valid'),
        ('for another host', issue('other', ['DNS:other.example']), '127.0.0.1', 'mismatch'),
        ('signed by itself', world.authority.self_signed('selfish', HERE), 'self-signed', 'self-signed'),
        ('of an unknown authority', Authority(other).issue('stranger', HERE),
         'unable to get local issuer', 'unable to get local issuer'),
    )


def bad_certificate(world, pair, refused_words, recorded_words):
    odd = {'/odd': [[('send', OK + b'no colon\r\n\r\nhello'), ('close',)]], **KEPT}
    server = world.server(odd, pair)
    exchange = expect(world.driver().fetch(server.url('/')), 'tls', '', b'', refused_words)
    assert '127.0.0.1' in exchange.reason and server.plays == []
    driver = world.driver('--tls', 'record')
    for reused in (False, True):
        row = expect(driver.fetch(server.url('/')), 'ok', '', FIVE).row
        assert row['reused'] == reused and recorded_words in row['tls_verify'], row['tls_verify']
        assert ('chain' in row) != reused
    exchange = expect(driver.fetch(server.url('/odd')), 'protocol')
    assert exchange.row['fallback'] and recorded_words in exchange.row['tls_verify']
    assert exchange.row['tls_version'] == 'tls/1.3', exchange.row['tls_version']


def good_certificate_recorded(world):
    server = world.server(KEPT)
    driver = world.driver('--tls', 'record', '--resolve', 'a.example:%d:127.0.0.1' % server.port)
    for host in ('127.0.0.1', 'a.example'):
        row = expect(driver.fetch(server.url('/', host)), 'ok').row
        assert row['tls_verify'] == 'ok' and 'chain' in row, row['tls_verify']


def closes_without_farewell(world):
    head = OK + b'\r\nhello'
    chunks = OK + b'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'
    server = world.server({'/close': [[('send', head), ('cut',)]], '/length': [[('send', FIVE), ('cut',)]],
                           '/chunks': [[('send', chunks), ('cut',)]]})
    driver = world.driver()
    expect(driver.fetch(server.url('/close')), 'disconnect', 'disconnect', head)
    expect(driver.fetch(server.url('/length')), 'ok', '', FIVE)
    expect(driver.fetch(server.url('/chunks')), 'ok', '', chunks)


def breaks_in_the_body(world):
    head = OK + b'Content-Length: 50\r\n\r\nhello'
    server = world.server({'/': [[('send', head), ('alert',)]]})
    expect(world.driver().fetch(server.url('/')), 'disconnect', 'disconnect', head)


def handshake_fails(world, *steps):
    server = world.server({'': [list(steps)]})
    is_silent = steps == (('hang',),)
    driver = world.driver('--connect', 500 if is_silent else 20000)
    exchange = driver.fetch(server.url('/'))
    if steps == (('reset',),) and exchange.outcome == 'connect':
        return  # the reset was there before the connection was looked at
    expect(exchange, 'timeout' if is_silent else 'tls', '', b'', '127.0.0.1')


def old_versions(world):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*world.cert)
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers('ALL:@SECLEVEL=0')
    expect(world.driver().fetch(world.server(KEPT, context=context).url('/')), 'tls', '', b'')


def client_certificates(world):
    context = server_context(*world.cert)
    context.load_verify_locations(world.authority.ca)
    context.verify_mode = ssl.CERT_OPTIONAL
    expect(world.driver().fetch(world.server(KEPT, context=context).url('/')), 'ok', '', FIVE)
    context = server_context(*world.cert)
    context.load_verify_locations(world.authority.ca)
    context.verify_mode = ssl.CERT_REQUIRED
    exchange = world.driver().fetch(world.server(KEPT, context=context).url('/'))
    assert exchange.outcome in ('tls', 'disconnect') and exchange.reply == b'', exchange.row


def other_alpn(world):
    context = server_context(*world.cert)
    context.set_alpn_protocols(['h2'])
    row = expect(world.driver().fetch(world.server(KEPT, context=context).url('/')), 'ok', '', FIVE).row
    assert row['tls_alpn'] == '', row['tls_alpn']


def many_names(world):
    pair = world.authority.issue('many', HERE + ['DNS:host-%d.example' % n for n in range(2000)])
    row = expect(world.driver().fetch(world.server(KEPT, pair).url('/')), 'ok', '', FIVE).row
    assert row['chain'].startswith('-----BEGIN CERTIFICATE-----')


def wrong_protocols(world):
    server = world.server(KEPT)
    plain = FaultServer({'/': [[('send', FIVE)]]})
    world.open.append(plain.stop)
    driver = world.driver('--connect', 2000, '--stall', 2000)
    expect(driver.fetch(plain.url('/').replace('http:', 'https:')), 'timeout', '', b'')
    exchange = driver.fetch(server.url('/').replace('https:', 'http:'))
    assert exchange.outcome in ('disconnect', 'protocol'), exchange.outcome


def tunnel(listener, port, answer):
    """A proxy for one CONNECT: joins the client with `port` when it answers 200."""
    client, _ = listener.accept()
    asked = b''
    while b'\r\n\r\n' not in asked:
        asked += client.recv(4096)
    client.sendall(answer)
    if b' 200 ' not in answer:
        client.close()
        return
    server = socket.create_connection(('127.0.0.1', port))
    pair = {client: server, server: client}
    while True:
        for ready in select.select(list(pair), [], [])[0]:
            data = ready.recv(65536)
            if not data:
                client.close()
                server.close()
                return
            pair[ready].sendall(data)


def proxy_tunnel(world):
    server = world.server(KEPT)
    with socket.create_server(('127.0.0.1', 0)) as listener:
        proxy = 'http://127.0.0.1:%d' % listener.getsockname()[1]
        answer = b'HTTP/1.1 200 Connection established\r\nX-Proxy: y\r\n\r\n'
        thread = threading.Thread(target=tunnel, args=(listener, server.port, answer), daemon=True)
        thread.start()
        driver = world.driver('--proxy', proxy)
        exchange = expect(driver.fetch(server.url('/')), 'ok', '', FIVE)
        assert exchange.request == server.of('/')[0].request and exchange.row['ip'] == ''
        assert exchange.row['tls_version'] == 'tls/1.3' and exchange.row['tls_verify'] == 'ok'
        driver.close()
        thread.join(30)
        denied = b'HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n'
        threading.Thread(target=tunnel, args=(listener, 0, denied), daemon=True).start()
        driver = world.driver('--proxy', proxy)
        exchange = expect(driver.fetch(server.url('/')), 'connect', '', b'', '407')
        driver.close()


def missing_authority(world):
    missing = os.path.join(world.folder, 'missing.pem')
    done = subprocess.run([PROGRAM, '--cacert', missing], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, check=False)
    assert done.returncode == 3 and missing in done.stderr, (done.returncode, done.stderr)


def main(tap):
    with tempfile.TemporaryDirectory() as folder:
        world = World(folder)
        cases = [('version, cipher, ALPN and chain are recorded', facts),
                 ('TLS 1.2 is recorded', version_12),
                 ('a good certificate is recorded as good', good_certificate_recorded),
                 ('an end without close_notify is a cut where length is unknown', closes_without_farewell),
                 ('an alert in the body is a disconnect', breaks_in_the_body),
                 ('no handshake: closed', handshake_fails, ('close',)),
                 ('no handshake: reset', handshake_fails, ('reset',)),
                 ('no handshake: silence', handshake_fails, ('hang',)),
                 ('no handshake: garbage', handshake_fails, ('send', b'garbage garbage garbage'), ('close',)),
                 ('TLS 1.1 is refused', old_versions),
                 ('servers asking for a client certificate', client_certificates),
                 ('ALPN without ours', other_alpn),
                 ('a certificate of 2,000 names', many_names),
                 ('HTTP and HTTPS mixed up', wrong_protocols),
                 ('a tunnel through a proxy is not recorded', proxy_tunnel),
                 ('a missing CA file is told', missing_authority)]
        for name, pair, refused, recorded in certificates(world):
            cases.append(('a certificate ' + name + ' is refused, or recorded', bad_certificate, pair, refused, recorded))
        for claim, function, *args in cases:
            if len(sys.argv) < 3 or sys.argv[2] in claim:
                tap.run(claim, function, world, *args)
                world.end()
    tap.end()


if __name__ == '__main__':
    PROGRAM = sys.argv[1]
    main(Tap())
