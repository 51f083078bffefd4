#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""http_replies FETCH_DRIVER - every reply of the shared suite http-replies, fetched over loopback

For each row of class core or newer-curl-rule: the request and every byte of the reply that belongs to it are kept as
the server logged them, and the outcome (ok or error) is the row's. The row's curl command is played
by asking the fetcher for each URL in turn: redirects, retries and --fail are done here.
"""
import itertools
import json
import os
import re
import shlex
import sys
import tempfile
import threading
import urllib.parse

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TESTS, 'faults'))
from driver import Driver  # noqa: E402
from faultd import FaultServer, Play  # noqa: E402
from tap import Tap, skip_all  # noqa: E402

SUITE = os.path.join(os.path.dirname(os.path.dirname(TESTS)), 'shared/suites/http-replies')
RETRIED = (408, 429, 500, 502, 503, 504)
REDIRECTS_MAX = 20
CLASSES = ('core', 'newer-curl-rule')
HEAD_KEPT_BYTES = 1 << 20
# Rows where our rule differs from the command's on purpose.
EXCEPTIONS = {
    66: 'the command asks for HTTP/0.9, which is an error here; the bytes are kept',
    1266: 'the command asks for HTTP/0.9, which is an error here; the bytes are kept',
}


class SuiteServer(FaultServer):
    """Gives the row's replies in the order of the requests; a raw refetch gets the same again."""

    def __init__(self, replies, closes):
        self.replies, self.closes, self.next = replies, closes, 0
        super().__init__({})

    def _play(self, sock, raw, connection, path, request):
        with self.lock:
            refetch = b'\r\nConnection: close\r\n\r\n' in request and self.plays and \
                self.plays[-1].path == path
            if not refetch:
                self.next += 1
            data = self.replies[min(self.next, len(self.replies)) - 1]
            data = data.replace(b'{PORT}', str(self.port).encode())
            play = Play(path, self.next, connection)
            play.request = request
            self.plays.append(play)
        if data:
            self._send(sock, play, data)
        play.done.set()
        if self.closes or refetch or not is_delimited(data):
            return self._end(sock, raw, 'close')
        return True


def split_head(data):
    """(head with its empty line, rest), or (data, b'') without one."""
    found = re.search(rb'\r?\n\r?\n', data)
    return (data[:found.end()], data[found.end():]) if found else (data, b'')


def field(head, name):
    return [value.strip() for value in re.findall(rb'(?im)^' + name + rb'[ \t]*:([^\r\n]*)', head)]


def is_delimited(data):
    head, _ = split_head(data)
    return bool(field(head, b'content-length') or field(head, b'transfer-encoding'))


def chunked_end(body):
    """Length of a chunked body with its end, or None."""
    at = 0
    while True:
        line = re.compile(rb'([0-9a-fA-F]{1,16})[ \t]*(;[^\n]*)?\r?\n').match(body, at)
        if not line:
            return None
        size, at = int(line.group(1), 16), line.end()
        if size == 0:
            trailer = re.compile(rb'([^\r\n]+\r?\n)*\r?\n').match(body, at)
            return trailer.end() if trailer else None
        line_end = re.compile(rb'\r?\n').match(body, at + size)
        if not line_end:
            return None
        at = line_end.end()


def belonging(data):
    """The part of the sent bytes that belongs to the reply, by RFC 9112; all when that is unclear."""
    head, body = split_head(data)
    if not re.match(rb'HTTP/1\.[01] \d\d\d\b', head):
        return data
    status = int(head[9:12])
    if 100 <= status < 200 and status != 101:
        return head + belonging(body) if body else head
    if status in (204, 304):
        return head
    codings = b','.join(field(head, b'transfer-encoding')).lower().split(b',')
    if codings[-1].strip() == b'chunked':
        end = chunked_end(body)
        return data if end is None else head + body[:end]
    lengths = {item.strip() for value in field(head, b'content-length') for item in value.split(b',')}
    if len(lengths) == 1 and lengths <= {b'%d' % len(body)} | {b'%d' % n for n in range(len(body))}:
        return head + body[:int(lengths.pop())]
    return data


def urls_of(words, port):
    """The URLs of a command line, curl's {} and [] written out."""
    for word in words:
        if '127.0.0.1:{PORT}' not in word:
            continue
        word = word.replace('{PORT}', str(port))
        parts = []
        for plain, listed, first, last in re.findall(
                r'([^{\[]+)|\{(?:<\w+>)?([^}]*)\}|\[(\d+)-(\d+)\]', word):
            if plain:
                parts.append([plain])
            elif listed:
                parts.append(listed.split(','))
            else:
                parts.append([str(n) for n in range(int(first), int(last) + 1)])
        for combination in itertools.product(*parts):
            url = ''.join(combination)
            url = url if url.startswith('http') else 'http://' + url
            yield re.sub(r'//[^/@]*@', '//', url.split('#')[0])


class Command:
    """What of a curl command line decides the outcome."""

    def __init__(self, text, port):
        words = shlex.split(text)
        self.urls = list(urls_of(words, port))
        self.follows = '-L' in words or '--location' in words
        self.fails = '-f' in words or '--fail' in words or '--fail-with-body' in words
        self.decodes = '--compressed' in words
        self.retries_all = '--retry-all-errors' in words
        self.retries = int(self.value(words, '--retry', '0')) if '--retry-max-time' not in words else 0
        self.redirects = min(int(self.value(words, '--max-redirs', '50')), REDIRECTS_MAX)
        self.headers = [words[i + 1] for i, word in enumerate(words) if word == '-H']

    @staticmethod
    def value(words, name, default):
        return words[words.index(name) + 1] if name in words else default


def target_of(base, location):
    location = location.decode('latin-1')
    url = urllib.parse.urljoin(base, location).split('#')[0]
    return re.sub(r'[^!-~]', lambda odd: '%%%02X' % ord(odd.group()), re.sub(r'//[^/@]*@', '//', url))


def play(command, driver, exchanges):
    """Fetches as the command would; None or why it ends in an error."""
    error = None
    for url in command.urls:
        error = None
        redirects, retries = 0, command.retries
        while True:
            exchange = driver.fetch(url, *command.headers)
            exchanges.append(exchange)
            if exchange.outcome != 'ok':
                error = '%s: %s' % (exchange.outcome, exchange.reason)
                if command.retries_all and retries > 0:
                    retries -= 1
                    continue
                break
            if exchange.status in RETRIED and retries > 0:
                retries -= 1
                continue
            locations = exchange.header(b'location')
            if command.follows and 300 <= exchange.status < 400 and locations and locations[0]:
                if redirects == command.redirects:
                    error = 'too many redirects'
                    break
                redirects += 1
                url = target_of(url, locations[0])
                continue
            error = None
            if command.fails and exchange.status >= 400:
                error = 'status %d' % exchange.status
            if command.decodes and exchange.row['document_code'] in (-1, -2, -9):
                error = exchange.row['document']
            break
    return error


def compare(server, exchanges):
    """(bytes that belong, lost or altered bytes, lines that say where)."""
    kept, lost, lines = 0, 0, []
    plays = list(server.plays)
    for each in plays:
        each.done.wait(10)
    for exchange in exchanges:
        match = [each for each in plays if each.request == exchange.request]
        if not match:
            lost += len(exchange.request) or 1
            lines.append('request not as the server read it: %r' % exchange.request[:120])
            continue
        best = next((each for each in match if belonging(bytes(each.sent)) == exchange.reply), None)
        if best is None:
            expected = belonging(bytes(match[-1].sent))
            if exchange.truncated == 'length' and expected.startswith(exchange.reply) and \
                    len(exchange.head) == HEAD_KEPT_BYTES:
                kept += len(exchange.reply)  # a cap of ours, not a loss
                continue
            lost += max(abs(len(expected) - len(exchange.reply)), 1)
            lines.append('sent %r' % expected[-200:])
            lines.append('kept %r' % exchange.reply[-200:])
            best = match[-1]
        else:
            kept += len(exchange.request) + len(exchange.reply)
        plays.remove(best)
    return kept, lost, lines


def run_row(row, driver, tap, totals):
    replies = []
    for name in row['replies']:
        with open(os.path.join(SUITE, name), 'rb') as file:
            replies.append(file.read())
    with SuiteServer(replies, row['swsclose'] or row['servercmd'] == 'swsclose') as server:
        exchanges = []
        command = Command(row['command'], server.port)
        error = play(command, driver, exchanges)
        kept, lost, lines = compare(server, exchanges)
    agrees = (error is None) == (row['curl_exit'] == 0)
    totals['kept'] += kept
    totals['lost'] += lost
    totals['agree'] += agrees
    totals[row['class']] += agrees
    exception = EXCEPTIONS.get(row['test'])
    totals['exceptions'] += not agrees and exception is not None
    tap.say(lost == 0 and agrees != (exception is not None),
            'row %d: %s' % (row['test'], row['name'].replace('#', '')),
            'outcome %s, expected curl exit %d' % (error or 'ok', row['curl_exit']), *lines)
    if exception is not None:
        tap.note('row %d: %s (%s)' % (row['test'], exception, error or 'ok'))


def main(argv):
    if not os.path.isdir(SUITE):
        skip_all('../shared/suites/http-replies is not here')
    with open(os.path.join(SUITE, 'manifest.jsonl'), encoding='utf-8') as file:
        rows = [json.loads(line) for line in file]
    rows = [row for row in rows if row['class'] in CLASSES and (len(argv) < 3 or str(row['test']) in argv[2:])]
    tap = Tap()
    totals = {name: 0 for name in ('kept', 'lost', 'agree', 'exceptions', *CLASSES)}
    with tempfile.TemporaryDirectory() as spool, Driver(argv[1], spool, '--stall', 3000) as driver:
        for row in rows:
            run_row(row, driver, tap, totals)
    tap.note('rows %d, kept %d bytes, lost %d, outcome agreement %d of %d, exceptions %d' % (
        len(rows), totals['kept'], totals['lost'], totals['agree'], len(rows), totals['exceptions']))
    for name in CLASSES:
        tap.note('class %s: outcome agreement %d of %d' % (
            name, totals[name], sum(row['class'] == name for row in rows)))
    tap.end()


if __name__ == '__main__':
    threading.stack_size(256 << 10)
    main(sys.argv)
