#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""fetch_connections FETCH_DRIVER - connections kept, lost, limited, refused; time and size limits"""
import hashlib
import os
import socket
import sys
import tempfile

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TESTS, 'faults'))
from driver import Driver  # noqa: E402
from faultd import FaultServer  # noqa: E402
from tap import Tap  # noqa: E402

OK = b'HTTP/1.1 200 OK\r\n'
FIVE = OK + b'Content-Length: 5\r\n\r\nhello'
EVIL = OK + b'Content-Length: 4\r\n\r\nevil'
KEPT = [[('send', FIVE)]]


class Bench:
    """A server and a driver for one test."""

    def __init__(self, script, *options):
        self.script, self.options = script, options

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.server = FaultServer(self.script)
        self.driver = Driver(PROGRAM, self.folder.name, *self.options)
        return self.server, self.driver

    def __exit__(self, *args):
        self.server.stop()
        self.driver.close()
        self.folder.cleanup()


def expect(exchange, outcome, truncated='', reply=None):
    said = (exchange.outcome, exchange.truncated, exchange.reason, exchange.reply[:200])
    assert (exchange.outcome, exchange.truncated) == (outcome, truncated), said
    assert reply is None or exchange.reply == reply, said
    return exchange


def keeps_connections():
    with Bench({'/': KEPT}) as (server, driver):
        reused = [expect(driver.fetch(server.url('/')), 'ok', '', FIVE).row['reused'] for _ in range(3)]
        assert reused == [False, True, True] and server.connections == 1, (reused, server.connections)
        fresh = driver.fetch(server.url('/'), flags='fresh')
        assert not fresh.row['reused'] and server.connections == 2


def stale(*ending):
    script = {'/': KEPT, '/next': [[ending], [('send', FIVE)]]}
    with Bench(script) as (server, driver):
        driver.fetch(server.url('/'))
        exchange = expect(driver.fetch(server.url('/next')), 'ok', '', FIVE)
        plays = server.of('/next')
        assert len(plays) == 2 and server.connections == 2
        assert exchange.request == plays[1].request and not exchange.row['fallback']
        assert exchange.row['reused'] is False


def closed_while_idle():
    script = {'/': [[('send', FIVE), ('gate',), ('close',)]], '/next': KEPT}
    with Bench(script) as (server, driver):
        driver.fetch(server.url('/'))
        server.gate.set()
        server.of('/')[0].done.wait(10)
        expect(driver.fetch(server.url('/next')), 'ok', '', FIVE)
        assert len(server.of('/next')) == 1


def late_bytes(garbage):
    """Bytes that come when nobody has asked must not become the next reply."""
    script = {'/': [[('send', FIVE), ('gate',), ('send', garbage), ('hang',)]], '/next': KEPT}
    with Bench(script) as (server, driver):
        driver.fetch(server.url('/'))
        server.gate.set()
        server.of('/')[0].done.wait(10)
        exchange = expect(driver.fetch(server.url('/next')), 'ok', '', FIVE)
        assert not exchange.row['reused'] and not exchange.row['fallback']


def per_host_limit():
    with Bench({'/': [[('send', FIVE)]]}, '--per-host', 2) as (server, driver):
        tickets = {driver.start(server.url('/')) for _ in range(30)}
        ended = {expect(driver.take(), 'ok', '', FIVE).ticket for _ in tickets}
        assert ended == tickets and server.most_open <= 2, server.most_open


def total_limit():
    with Bench({'/': KEPT}, '--per-host', 50, '--connections', 3) as (server, driver):
        for _ in range(30):
            driver.start(server.url('/'))
        for _ in range(30):
            expect(driver.take(), 'ok', '', FIVE)
        assert server.most_open <= 3, server.most_open


def many_at_once():
    script = {'/': [[('gate',), ('send', FIVE)]]}
    with Bench(script, '--per-host', 200, '--connections', 256) as (server, driver):
        for _ in range(200):
            driver.start(server.url('/'))
        assert server.wait_open(200), server.most_open
        server.gate.set()
        for _ in range(200):
            expect(driver.take(), 'ok', '', FIVE)


def one_slow_host_holds_up_no_other():
    with Bench({'/': [[('gate',), ('send', FIVE)]]}, '--per-host', 1) as (slow, driver), \
            FaultServer({'/': KEPT}) as quick:
        for _ in range(3):
            driver.start(slow.url('/'))
        expect(driver.fetch(quick.url('/')), 'ok', '', FIVE)
        slow.gate.set()
        for _ in range(3):
            expect(driver.take(), 'ok', '', FIVE)


def body_limit():
    head = OK + b'Content-Length: 6553600\r\n\r\n'
    script = {'/': [[('send', head), ('repeat', b'x' * 65536, 100)]], '/five': KEPT,
              '/chunks': [[('send', OK + b'Transfer-Encoding: chunked\r\n\r\n'),
                           ('repeat', b'1000\r\n' + b'y' * 4096 + b'\r\n', 1000)]],
              '/six': [[('send', OK + b'Content-Length: 100001\r\n\r\n' + b'z' * 100001)]],
              '/just': [[('send', OK + b'Content-Length: 100000\r\n\r\n' + b'z' * 100000)]]}
    with Bench(script, '--body-max', 100000) as (server, driver):
        expect(driver.fetch(server.url('/')), 'limit', 'length', head + b'x' * 100000)
        expect(driver.fetch(server.url('/five')), 'ok', '', FIVE)
        assert len(expect(driver.fetch(server.url('/chunks')), 'limit', 'length').body) == 100000
        assert len(expect(driver.fetch(server.url('/six')), 'limit', 'length').body) == 100000
        assert len(expect(driver.fetch(server.url('/just')), 'ok').body) == 100000


def large_bodies(level, expected):
    """Over a megabyte, in the file: deflated, stored when compressed already, or plain."""
    data = os.urandom(1 << 16)
    script = {}
    for path, kind in (('/page', b'text/html'), ('/picture', b'image/jpeg')):
        head = OK + b'Content-Type: ' + kind + b'\r\nContent-Length: %d\r\n\r\n' % (len(data) * 48)
        script[path] = [[('send', head), ('repeat', data, 48)]]
    with Bench(script, '--bodies', 'digest', '--level', level) as (server, driver):
        for path, form in zip(script, expected):
            row = expect(driver.fetch(server.url(path)), 'ok').row
            assert not row['body_in_memory'] and row['body_form'] == form, row['body_form']
            assert row['body_digest'] == 'sha256:' + hashlib.sha256(data * 48).hexdigest()


def time_limits():
    head = OK + b'Content-Length: 500\r\n\r\n'
    script = {'/silent': [[('hang',)]], '/stops': [[('send', head + b'hel'), ('hang',)]],
              '/head': [[('send', OK + b'X: y\r\n'), ('drip', b'a' * 400, 20)]],
              '/body': [[('send', head), ('drip', b'a' * 400, 20)]],
              '/odd': [[('send', OK + b'no colon\r\n\r\nhel'), ('hang',)]]}
    with Bench(script, '--stall', 300, '--total', 1500) as (server, driver):
        expected = {'/silent': ('timeout', '', b''), '/stops': ('timeout', 'time', head + b'hel'),
                    '/head': ('timeout', 'time', OK + b'X: y\r\n'), '/body': ('timeout', 'time', None),
                    '/odd': ('protocol', 'time', OK + b'no colon\r\n\r\nhel')}
        for path in script:
            driver.start(server.url(path))
        for _ in script:
            exchange = driver.take()
            path = '/' + exchange.row['url'].rsplit('/', 1)[1]
            expect(exchange, *expected[path])
            sent = bytes(server.of(path)[-1].sent)
            assert sent.startswith(exchange.reply), (path, exchange.reply)
            if path == '/body':
                assert len(exchange.body) > 10
        assert len(server.of('/silent')) == 1, 'a silent server was asked again'


def no_listener():
    with socket.create_server(('127.0.0.1', 0)) as unused:
        port = unused.getsockname()[1]
    with Bench({}) as (_, driver):
        exchange = expect(driver.fetch('http://127.0.0.1:%d/' % port), 'connect', '', b'')
        assert exchange.reason == 'no connection to 127.0.0.1: Connection refused', exchange.reason
        exchange = expect(driver.fetch('http://nowhere.invalid/'), 'dns', '', b'')
        assert 'nowhere.invalid' in exchange.reason
        assert exchange.request == b''


def guard_refuses():
    with Bench({'/': KEPT}, '--deny', '127.0.0.1') as (server, driver):
        exchange = expect(driver.fetch(server.url('/')), 'refused', '', b'')
        assert '127.0.0.1' in exchange.reason and server.connections == 0


def guard_sees_resolved_names():
    with FaultServer({'/': KEPT}) as server:
        name = 'inside.example:%d' % server.port
        with Bench({}, '--resolve', name + ':127.0.0.1', '--deny', '127.0.0.1') as (_, driver):
            exchange = expect(driver.fetch('http://%s/' % name), 'refused')
            assert 'inside.example' in exchange.reason and server.connections == 0


def resolves_as_told():
    with FaultServer({'/': KEPT}) as server:
        with Bench({}, '--resolve', 'a.example:80:127.0.0.1', '--resolve',
                   'b.example:%d:127.0.0.1' % server.port, '--connect-to',
                   'a.example:80:127.0.0.1:%d' % server.port) as (_, driver):
            exchange = expect(driver.fetch('http://b.example:%d/' % server.port), 'ok', '', FIVE)
            assert exchange.row['ip'] == '127.0.0.1' and exchange.row['port'] == server.port
            exchange = expect(driver.fetch('http://a.example/'), 'ok', '', FIVE)
            assert b'\r\nHost: a.example\r\n' in exchange.request


def environment_is_ignored():
    names = ('http_proxy', 'https_proxy', 'all_proxy', 'HTTPS_PROXY', 'ALL_PROXY')
    for name in names:
        os.environ[name] = 'http://127.0.0.1:1'
    try:
        with Bench({'/': KEPT}) as (server, driver):
            expect(driver.fetch(server.url('/')), 'ok', '', FIVE)
    finally:
        for name in names:
            del os.environ[name]


def proxy_is_used():
    with FaultServer({'http://far.example/': KEPT}) as proxy:
        with Bench({}, '--proxy', 'http://127.0.0.1:%d' % proxy.port, '--deny', '127.0.0.1') as (_, driver):
            exchange = expect(driver.fetch('http://far.example/'), 'ok', '', FIVE)
            assert exchange.request.startswith(b'GET http://far.example/ HTTP/1.1\r\n')
            assert exchange.row['ip'] == '', 'the address is not the origin\'s'


def targets_are_sent_as_given():
    paths = ['/', '/a/../b', '/a/./b//c', '/?', '/?q=|[]{}^`\'()*', '/%7e%2F', '/x;y=1?z=&&=', '/a%20b', '/?#']
    with Bench({}) as (server, driver):
        for path in paths:
            exchange = driver.fetch(server.url(path.rstrip('#')))
            line = exchange.request.split(b'\r\n')[0]
            assert line == b'GET %s HTTP/1.1' % path.rstrip('#').encode(), line


def headers_are_in_order():
    with Bench({'/': KEPT}, '--user-agent', 'ua/1 (x)') as (server, driver):
        exchange = driver.fetch(server.url('/'), 'Referer: http://x.example/', 'Cookie: a=b; c=d', 'X-1: y')
        lines = exchange.request.decode().split('\r\n')
        assert lines[-5:] == ['Referer: http://x.example/', 'Cookie: a=b; c=d', 'X-1: y', '', ''], lines
        assert 'User-Agent: ua/1 (x)' in lines and 'Accept-Encoding: gzip, br' in lines, lines
        exchange = driver.fetch(server.url('/'), 'accept: image/png')
        accepts = [line for line in exchange.request.decode().split('\r\n') if line.lower().startswith('accept:')]
        assert accepts == ['accept: image/png'], accepts


def abort_ends_all():
    head = OK + b'Content-Length: 500\r\n\r\n'
    script = {'/body': [[('send', head + b'hel'), ('hang',)]], '/silent': [[('hang',)]],
              '/odd': [[('send', OK + b'no colon\r\n\r\nhel'), ('hang',)]]}
    with FaultServer({'/': KEPT}) as quick, Bench(script, '--per-host', 4) as (server, driver):
        for path in ('/body', '/silent', '/odd', '/silent', '/silent', '/silent'):
            driver.start(server.url(path))
        assert server.wait_plays(5)  # four at once; the odd one is asked for twice
        for play in server.of('/body') + server.of('/odd'):
            play.done.wait(10)
        expect(driver.fetch(quick.url('/')), 'ok')  # a whole round after all bytes were sent
        driver.abort()
        for _ in range(6):
            exchange = driver.take()
            if exchange.row['url'].endswith('/body'):
                expect(exchange, 'aborted', 'unspecified', head + b'hel')
            elif exchange.row['url'].endswith('/odd'):
                expect(exchange, 'protocol', 'unspecified', OK + b'no colon\r\n\r\nhel')
            else:
                expect(exchange, 'aborted', '', b'')


def times_are_told():
    with Bench({'/': KEPT}) as (server, driver):
        row = driver.fetch(server.url('/')).row
        assert 0 <= row['connect_us'] <= row['first_byte_us'] <= row['total_us'], row
        row = driver.fetch(server.url('/')).row
        assert row['connect_us'] == -1 and 0 <= row['first_byte_us'] <= row['total_us'], row


def main(tap):
    deflated, stored, plain = 1, 2, 0
    for claim, function, *args in (
            ('connections are kept and reused', keeps_connections),
            ('a kept connection that ends is replaced', stale, 'cut'),
            ('a kept connection that is reset is replaced', stale, 'reset'),
            ('a connection closed while idle is replaced', closed_while_idle),
            ('late garbage is not taken for a reply', late_bytes, b'garbage\r\n\r\n'),
            ('a late second reply is not taken for the next', late_bytes, EVIL),
            ('no host gets more connections than allowed', per_host_limit),
            ('there are no more connections than allowed', total_limit),
            ('200 fetches run at once', many_at_once),
            ('one slow host holds up no other', one_slow_host_holds_up_no_other),
            ('a body is cut at the limit', body_limit),
            ('large bodies are deflated or stored', large_bodies, 6, (deflated, stored)),
            ('large bodies are plain at level 0', large_bodies, 0, (plain, plain)),
            ('time limits end a fetch and keep what came', time_limits),
            ('failures to connect are told', no_listener),
            ('the guard refuses addresses', guard_refuses),
            ('the guard sees names given by --resolve', guard_sees_resolved_names),
            ('names resolve as told', resolves_as_told),
            ('proxies of the environment are ignored', environment_is_ignored),
            ('a given proxy is used', proxy_is_used),
            ('request targets are sent as given', targets_are_sent_as_given),
            ('headers are sent in order', headers_are_in_order),
            ('abort ends everything', abort_ends_all),
            ('times are told', times_are_told)):
        if len(sys.argv) < 3 or sys.argv[2] in claim:
            tap.run(claim, function, *args)
    tap.end()


if __name__ == '__main__':
    PROGRAM = sys.argv[1]
    main(Tap())
