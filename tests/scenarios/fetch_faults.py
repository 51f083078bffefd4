#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""fetch_faults FETCH_DRIVER - replies good, odd and broken, plain and over TLS

Each case is a play of tests/faults/faultd and what must come of it. Kept bytes are compared with
the server's own log: all it sent, or the part that the case names.
"""
import os
import sys
import tempfile

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TESTS, 'faults'))
from certificates import Authority  # noqa: E402
from driver import Driver  # noqa: E402
from faultd import FaultServer, server_context  # noqa: E402
from tap import Tap  # noqa: E402

KEPT = 1 << 20  # bytes of a head that are kept at most
OK = b'HTTP/1.1 200 OK\r\n'
FIVE = OK + b'Content-Length: 5\r\n\r\nhello'
CHUNKED = OK + b'Transfer-Encoding: chunked\r\n\r\n'
CLOSE = ('close',)


class Case:
    """A play and its outcome. `kept`: the bytes of the reply, all that was sent unless given."""

    def __init__(self, name, *steps, outcome='ok', truncated='', kept=None, status=200,
                 fallback=None, again=None, **facts):
        self.name, self.steps, self.outcome = name, list(steps), outcome
        self.truncated, self.kept, self.status = truncated, kept, status
        self.fallback, self.again, self.facts = fallback, again, facts
        self.path = '/' + name.replace(' ', '-')


def good(name, reply, *end, **more):
    return Case(name, ('send', reply), *end, **more)


def bad(name, reply, *end, **more):
    more.setdefault('outcome', 'protocol')
    return Case(name, ('send', reply), *(end or [CLOSE]), **more)


def well_formed():
    yield good('length', FIVE)
    yield good('no body length zero', OK + b'Content-Length: 0\r\n\r\n')
    yield good('body to the close', OK + b'\r\nhello', CLOSE)
    yield good('HTTP 1.0', b'HTTP/1.0 200 OK\r\nX: y\r\n\r\nhello', CLOSE)
    yield good('empty body to the close', OK + b'\r\n', CLOSE)
    yield good('half-closed body', OK + b'\r\nhello', ('half',))
    yield good('chunked', CHUNKED + b'5\r\nhello\r\n0\r\n\r\n', payload_bytes=5)
    yield good('chunk extension', CHUNKED + b'5;a=b;c="d"\r\nhello\r\n0;z\r\n\r\n', chunk_extension=True)
    yield good('chunk size in upper and lower hex', CHUNKED + b'0A\r\n0123456789\r\nb\r\n0123456789a\r\n0\r\n\r\n')
    yield good('chunk trailers', CHUNKED + b'1\r\nx\r\n0\r\nX-T: 1\r\nX-U: 2\r\n\r\n', trailer=True)
    yield good('chunks with bare LF', CHUNKED + b'5\nhello\n0\n\n')
    yield good('length and chunked', OK + b'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n')
    yield good('gzip over chunked', OK + b'Transfer-Encoding: gzip, chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n')
    yield Case('one byte at a time', ('pieces', FIVE, 1))
    yield Case('chunks split anywhere', ('pieces', CHUNKED + b'5;q\r\nhello\r\n1\r\n!\r\n0\r\nA: b\r\n\r\n', 1))
    yield good('head with bare LF', b'HTTP/1.1 200 OK\nContent-Length: 5\n\nhello')
    yield good('head with mixed line ends', b'HTTP/1.1 200 OK\nContent-Length: 5\r\nA: b\n\r\nhello')
    yield good('folded field', OK + b'X-Fold: a\r\n  b\r\n\tc\r\nContent-Length: 5\r\n\r\nhello')
    yield good('bytes over 127', OK + b'X: \xff\xfe\xc3\xa9\r\nContent-Length: 5\r\n\r\nh\xe9l\x00o')
    yield good('no reason phrase', b'HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello')
    yield good('status 999', b'HTTP/1.1 999 Odd\r\nContent-Length: 5\r\n\r\nhello', status=999)
    yield good('status 404', b'HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nhello', status=404)
    yield good('status 204', b'HTTP/1.1 204 No Content\r\nX: y\r\n\r\n', status=204)
    yield good('status 304', b'HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n', status=304)
    yield good('field line of 90 KB', OK + b'X: ' + b'a' * 90000 + b'\r\nContent-Length: 5\r\n\r\nhello')
    yield good('odd case and repeats', OK + b'x-A: 1\r\nX-a: 2 \t\r\ncontent-LENGTH:5\r\n\r\nhello')
    yield good('equal lengths', OK + b'Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello')
    yield good('space before colon', OK + b'Content-Length : 5\r\n\r\nhello', ('hang',))
    yield good('redirect is not followed', b'HTTP/1.1 302 Found\r\nLocation: /length\r\nContent-Length: 5\r\n\r\nhello', status=302)
    yield good('redirect to itself', b'HTTP/1.1 301 Moved\r\nLocation: /redirect-to-itself\r\nContent-Length: 0\r\n\r\n', status=301)
    yield good('equal locations', b'HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n', status=302)


def interim():
    hints = b'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n'
    yield good('early hints', hints + FIVE)
    yield good('continue and hints', b'HTTP/1.1 100 Continue\r\n\r\n' + hints + FIVE)
    yield Case('hints in pieces', ('pieces', hints + FIVE, 7))
    yield good('twenty hints', hints * 20 + FIVE)
    yield bad('endless hints', hints * 50, kept=hints * 21, status=0)
    yield bad('hints and no reply', hints, outcome='disconnect', status=0)
    yield bad('unasked switch of protocol', b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n', status=101)


def odd_heads():
    def odd(name, head, body=b'hello', **more):
        return bad(name, head + b'\r\n' + body, fallback=True, **more)
    yield odd('line without colon', OK + b'what is this\r\nContent-Length: 5\r\n')
    yield odd('NUL in the head', OK + b'X: a\x00b\r\nContent-Length: 5\r\n')
    yield odd('negative length', OK + b'Content-Length: -5\r\n')
    yield odd('length +5', OK + b'Content-Length: +5\r\n')
    yield odd('length 0x10', OK + b'Content-Length: 0x10\r\n')
    yield odd('length of 20 digits', OK + b'Content-Length: 99999999999999999999\r\n')
    yield odd('length with letters', OK + b'Content-Length: 5abc\r\n')
    yield odd('different lengths', OK + b'Content-Length: 5\r\nContent-Length: 3\r\n', b'hello and more')
    yield odd('different lengths in a list', OK + b'Content-Length: 5, 3\r\n', b'hello and more')
    yield odd('chunked not last', OK + b'Transfer-Encoding: chunked, gzip\r\n')
    yield odd('unknown transfer coding', OK + b'Transfer-Encoding: magic\r\n')
    yield bad('different locations', b'HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: /b\r\nContent-Length: 5\r\n\r\nhello', status=302)
    yield odd('ICY', b'ICY 200 OK\r\nicy-name: radio\r\n', status=0)
    yield odd('HTTP 1.2', b'HTTP/1.2 200 OK\r\nContent-Length: 5\r\n')
    yield odd('HTTP 3.0', b'HTTP/3.0 200 OK\r\nContent-Length: 5\r\n')
    yield odd('code of two digits', b'HTTP/1.1 20 OK\r\nContent-Length: 5\r\n', status=0)
    yield odd('code of four digits', b'HTTP/1.1 2000 OK\r\nContent-Length: 5\r\n', status=0)
    yield bad('leading empty line', b'\r\n' + FIVE, fallback=True)
    yield bad('HTTP 0.9', b'<html>old</html>', fallback=True, status=0)
    yield bad('SSH banner', b'SSH-2.0-OpenSSH_9.2\r\n', fallback=True, status=0)
    yield bad('binary garbage', bytes(range(256)) * 20, fallback=True, status=0)
    yield bad('HTTP 2 preface', b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00', fallback=True, status=0)
    yield bad('one byte', b'x', fallback=True, status=0)
    yield bad('1001 fields', OK + b''.join(b'X-%d: y\r\n' % n for n in range(1000)) + b'Content-Length: 5\r\n\r\nhello')
    yield good('1000 fields', OK + b''.join(b'X-%d: y\r\n' % n for n in range(999)) + b'Content-Length: 5\r\n\r\nhello')
    yield good('field line of 150 KB', OK + b'X: ' + b'a' * 150000 + b'\r\nContent-Length: 5\r\n\r\nhello', CLOSE, fallback=True)
    yield bad('head of 310 KB', OK + (b'X-Long: ' + b'a' * 9990 + b'\r\n') * 31 + b'Content-Length: 5\r\n\r\nhello', fallback=True)
    long = OK + (b'X-Long: ' + b'a' * 9990 + b'\r\n') * 130
    yield bad('head of 1.3 MB', long + b'\r\n', outcome='limit', truncated='length', kept=long[:KEPT], fallback=True)
    line = OK + b'X: ' + b'a' * 1200000 + b'\r\n'
    yield bad('field line of 1.2 MB', line + b'\r\n', outcome='limit', truncated='length', kept=line[:KEPT], fallback=True)


def cut_short():
    head = OK + b'Content-Type: text/html\r\nContent-Length: 5\r\n'
    for at in (1, 4, 8, 17, 20, 41, len(head) - 1, len(head), len(head) + 1):
        status = 200 if at > 11 else 0
        yield bad('closed after %d bytes of the head' % at, (head + b'\r\n')[:at], outcome='disconnect',
                  truncated='disconnect', status=status)
    yield bad('no reply', b'', outcome='disconnect', status=0)
    for name, sent in (('before a reply', b''), ('in the head', head[:30]), ('after the head', head + b'\r\n'),
                       ('in the body', head + b'\r\nhel'), ('in a chunk', CHUNKED + b'5\r\nhel')):
        truncated = 'disconnect' if sent else ''
        yield bad('reset ' + name, sent, ('reset',), outcome='disconnect', truncated=truncated,
                  status=200 if sent else 0, kept='prefix')
    yield bad('length too large', OK + b'Content-Length: 50\r\n\r\nhello', outcome='disconnect', truncated='disconnect')
    yield bad('length too large, half-closed', OK + b'Content-Length: 50\r\n\r\nhello', ('half',), outcome='disconnect', truncated='disconnect')
    yield bad('last chunk missing', CHUNKED + b'5\r\nhello\r\n', outcome='disconnect', truncated='disconnect', payload_bytes=5)
    yield bad('cut in a chunk size', CHUNKED + b'5\r\nhello\r\n1', outcome='disconnect', truncated='disconnect')
    yield bad('cut in the trailer', CHUNKED + b'5\r\nhello\r\n0\r\nX: ', outcome='disconnect', truncated='disconnect')


def broken_chunks():
    for name, body in (('negative', b'-5\r\nhello\r\n0\r\n\r\n'), ('of 17 digits', b'00000000000000005\r\nhello\r\n0\r\n\r\n'),
                       ('overflowing', b'fffffffffffffffff\r\nhello\r\n0\r\n\r\n'), ('with letters', b'zz\r\nhello\r\n0\r\n\r\n'),
                       ('empty', b'\r\nhello\r\n0\r\n\r\n')):
        yield bad('chunk size ' + name, CHUNKED + body, fallback=True)
    yield bad('chunk longer than its size', CHUNKED + b'3\r\nhello\r\n0\r\n\r\n', fallback=True)
    yield Case('broken chunk and more later', ('send', CHUNKED + b'zz\r\n'), ('pieces', b'and so on ' * 50, 10), CLOSE,
               outcome='protocol', fallback=True)
    yield bad('chunked in name only', CHUNKED + b'<html>not chunked</html>', fallback=True)
    yield good('chunk extension of 100 KB', CHUNKED + b'5;' + b'a' * 100000 + b'\r\nhello\r\n0\r\n\r\n', fallback=None)
    yield bad('chunk extension of 1.2 MB', CHUNKED + b'5;' + b'a' * 1200000 + b'\r\nhello\r\n0\r\n\r\n')
    yield bad('endless trailers', CHUNKED + b'5\r\nhello\r\n0\r\n' + b'X-T: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n' * 30000)


def excess():
    yield good('length too small', FIVE + b' and more', ('hang',), kept=FIVE)
    yield good('a second reply glued on', FIVE + OK + b'Content-Length: 4\r\n\r\nevil', ('hang',), kept=FIVE)
    chunks = CHUNKED + b'5\r\nhello\r\n0\r\n\r\n'
    yield good('garbage after the last chunk', chunks + b'garbage', ('hang',), kept=chunks, excess_bytes=7)
    yield good('a reply glued to the last chunk', chunks + FIVE, ('hang',), kept=chunks, excess_bytes=len(FIVE))
    nothing = b'HTTP/1.1 204 No Content\r\n\r\n'
    yield good('body on 204', nothing + b'hello', ('hang',), kept=nothing, status=204)


def check(case, server, driver):
    exchange = driver.fetch(server.url(case.path))
    plays = server.of(case.path)
    for play in plays:
        play.done.wait(10)
    said = '%s %s %s (%s)' % (exchange.outcome, exchange.truncated, exchange.status, exchange.reason)
    assert exchange.outcome == case.outcome, said
    assert (exchange.outcome == 'ok') == (exchange.reason == ''), said
    assert exchange.truncated == case.truncated, said
    assert exchange.status == case.status, said
    if case.fallback is not None:
        assert exchange.row['fallback'] == case.fallback, 'fallback ' + said
    assert exchange.request in [play.request for play in plays], 'request not as read'
    sent = [bytes(play.sent) for play in plays if play.request == exchange.request]
    if case.kept == 'prefix':  # a reset destroys what the peer has not read
        assert any(each.startswith(exchange.reply) for each in sent), (exchange.reply, sent)
    else:
        expected = [case.kept] if case.kept is not None else sent
        assert exchange.reply in expected, (exchange.reply[-300:], expected[0][-300:])
    for name, value in case.facts.items():
        assert exchange.row[name] == value, (name, exchange.row[name])
    if not exchange.reply.startswith(b'ICY') and exchange.status == 0:
        assert exchange.head == b'' or exchange.outcome in ('disconnect', 'protocol')
    # Nothing of this reply may come up in the next.
    after = driver.fetch(server.url('/length'))
    assert after.outcome == 'ok' and after.reply == FIVE, (after.outcome, after.reason, after.reply)


def run_table(tap, program, spool, cases, label, authority):
    script = {case.path: [case.steps] for case in cases}
    context, options = None, []
    if authority is not None:
        context = server_context(*authority.issue('local', ['IP:127.0.0.1']))
        options = ['--cacert', authority.ca]
    with FaultServer(script, context) as server, \
            Driver(program, spool, '--stall', 4000, '--total', 20000, *options) as driver:
        for case in cases:
            if ONLY in case.name:
                tap.run('%s: %s' % (label, case.name), check, case, server, driver)


def main(argv):
    tap = Tap()
    cases = [case for table in (well_formed, interim, odd_heads, cut_short, broken_chunks, excess)
             for case in table()]
    with tempfile.TemporaryDirectory() as folder:
        run_table(tap, argv[1], folder, cases, 'plain', None)
        run_table(tap, argv[1], folder, cases, 'TLS', Authority(folder))
    tap.end()


if __name__ == '__main__':
    ONLY = sys.argv[2] if len(sys.argv) > 2 else ''
    main(sys.argv)
