#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""slow_server.py FOLDER DELAY_MS [CERT KEY] - serves the files of a folder, each reply so long after its request.

It prints its ports as a line of JSON, {"http": N} and "https" when it has a certificate, and ends with its standard
input. For each line that it reads there it prints what it saw since the last one: {"requests": [[arrived, answered,
host, target], ...], "most": connections at once}, times of the system's monotonic clock. All files are in memory. It
speaks HTTP/1.1 alone. SlowServer (sites.py) starts it.
"""
import asyncio
import json
import os
import ssl
import sys
import time

TYPES = {'html': 'text/html; charset=utf-8', 'css': 'text/css', 'js': 'text/javascript', 'jpg': 'image/jpeg',
         'woff2': 'font/woff2'}
ABSENT = b'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'


def load(folder):
    """{target: the reply's bytes}; any origin may use the fonts."""
    replies = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            with open(path, 'rb') as file:
                body = file.read()
            kind = TYPES.get(name.rsplit('.', 1)[-1], 'application/octet-stream')
            head = f'HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n' \
                   'Access-Control-Allow-Origin: *\r\n\r\n'
            replies['/' + os.path.relpath(path, folder)] = head.encode() + body
    return replies


class Seen:
    """What came since it was asked last."""

    def __init__(self):
        self.open = self.most = 0
        self.requests = []

    def take(self):
        taken = {'requests': self.requests, 'most': self.most}
        self.requests, self.most = [], self.open
        return taken


class Connection(asyncio.Protocol):
    def __init__(self, replies, delay, seen):
        self.replies, self.delay, self.seen = replies, delay, seen
        self.loop = asyncio.get_running_loop()
        self.pending, self.transport = b'', None

    def connection_made(self, transport):
        self.transport = transport
        self.seen.open += 1
        self.seen.most = max(self.seen.most, self.seen.open)

    def connection_lost(self, exc):
        self.seen.open -= 1

    def data_received(self, data):
        now = time.monotonic()
        self.pending += data
        while b'\r\n\r\n' in self.pending:
            head, self.pending = self.pending.split(b'\r\n\r\n', 1)
            if self.delay:
                self.loop.call_later(self.delay, self.answer, head, now)
            else:
                self.answer(head, now)

    def answer(self, head, arrived):
        target = head.split(b' ', 2)[1].decode('ascii', 'replace')
        if not self.transport.is_closing():
            self.transport.write(self.replies.get(target, ABSENT))
        host = head.partition(b'Host: ')[2].partition(b'\r\n')[0]
        self.seen.requests.append((arrived, time.monotonic(), host.decode('ascii', 'replace'), target))


async def main():
    folder, delay_ms, *certificate = sys.argv[1:]
    seen, replies, loop = Seen(), load(folder), asyncio.get_running_loop()

    async def listen(context):
        server = await loop.create_server(lambda: Connection(replies, float(delay_ms) / 1000, seen), '127.0.0.1', 0,
                                          ssl=context, backlog=1024)
        return server, server.sockets[0].getsockname()[1]
    servers = {'http': await listen(None)}
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        servers['https'] = await listen(context)
    print(json.dumps({name: port for name, (_, port) in servers.items()}), flush=True)
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.readline():
        print(json.dumps(seen.take()), flush=True)


if __name__ == '__main__':
    asyncio.run(main())
