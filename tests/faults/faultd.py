#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""faultd - a server that does to each request exactly what a script says, byte by byte

Binds a port of 127.0.0.1 that the kernel chooses. A script maps a request path to a list of plays;
the n-th request for the path gets the n-th play, later ones the last. A play is a list of steps:

    ["send", DATA]       all at once
    ["pieces", DATA, N]  N bytes a write, with the socket drained in between as far as TCP allows
    ["drip", DATA, MS]   one byte every MS milliseconds
    ["repeat", DATA, N]  DATA N times (for large bodies; logged by its digest only)
    ["half"]             shut down sending, then wait for the peer's end
    ["close"]            close (over TLS with close_notify)
    ["cut"]              close the TCP connection; over TLS without close_notify
    ["reset"]            close with a TCP reset
    ["hang"]             wait until the peer closes
    ["gate"]             go on when the test opens the server's gate (FaultServer.gate.set())
    ["alert"]            over TLS: break the session with a fatal alert

A play without an ending keeps the connection for the next request. The path "" is played when a
connection opens, before anything is read. DATA is bytes in Python, latin-1 text in a JSON script.

    faultd.py SCRIPT.json [CERT.pem KEY.pem]    prints the port, then the log as JSON lines

Every event is logged in order: connection, play, and the bytes received or sent.
"""
import base64
import hashlib
import json
import socket
import ssl
import struct
import sys
import threading
import time


class Play:
    """One request and what was sent for it."""

    def __init__(self, path, number, connection):
        self.path, self.number, self.connection = path, number, connection
        self.request = b''
        self.sent = bytearray()
        self.sent_count = 0
        self.digest = hashlib.sha256()
        self.done = threading.Event()


class PeerGone(Exception):
    pass


class FaultServer:
    def __init__(self, script, tls=None, log=None):
        self.script, self.tls, self.log_to = script, tls, log
        self.plays, self.counts = [], {}
        self.lock = threading.Lock()
        self.gate = threading.Event()
        self.has_changed = threading.Condition(self.lock)
        self.connections = 0
        self.open = 0
        self.most_open = 0
        self.live = set()
        self.listener = socket.create_server(('127.0.0.1', 0), backlog=1024)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.stop()

    def url(self, path, host='127.0.0.1'):
        return '%s://%s:%d%s' % ('https' if self.tls else 'http', host, self.port, path)

    def wait_open(self, count, seconds=30):
        """Whether `count` connections were open at once."""
        with self.has_changed:
            return self.has_changed.wait_for(lambda: self.most_open >= count, seconds)

    def wait_plays(self, count, seconds=30):
        """Whether `count` requests came."""
        with self.has_changed:
            return self.has_changed.wait_for(lambda: len(self.plays) >= count, seconds)

    def stop(self):
        self.gate.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        with self.lock:
            live = list(self.live)
        for sock in live:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def of(self, path):
        """The plays of a path, in the order of their requests."""
        with self.lock:
            return [play for play in self.plays if play.path == path]

    def log(self, connection, event, data=b'', **more):
        if self.log_to is None:
            return
        row = {'connection': connection, 'event': event, **more}
        if data:
            row['bytes'] = base64.b64encode(data).decode()
        with self.lock:
            self.log_to.write(json.dumps(row) + '\n')
            self.log_to.flush()

    def _accept(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                self.connections += 1
                self.open += 1
                self.most_open = max(self.most_open, self.open)
                self.has_changed.notify_all()
                self.live.add(sock)
                number = self.connections
            threading.Thread(target=self._serve, args=(sock, number), daemon=True).start()

    def _serve(self, raw, connection):
        self.log(connection, 'accepted')
        sock = raw
        try:
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if '' in self.script:
                if not self._play(raw, raw, connection, '', b''):
                    return
            if self.tls:
                sock = self.tls.wrap_socket(raw, server_side=True, suppress_ragged_eofs=True)
            self._serve_requests(sock, raw, connection)
        except (OSError, PeerGone) as error:
            self.log(connection, 'broken', why=str(error))
        finally:
            with self.lock:
                self.open -= 1
                self.live.discard(raw)
            for each in (sock, raw):
                try:
                    each.close()
                except OSError:
                    pass

    def _serve_requests(self, sock, raw, connection):
        pending = b''
        while True:
            while b'\r\n\r\n' not in pending:
                data = sock.recv(65536)
                if not data:
                    self.log(connection, 'ended')
                    return
                self.log(connection, 'received', data)
                pending += data
            request, _, pending = pending.partition(b'\r\n\r\n')
            request += b'\r\n\r\n'
            path = request.split(b' ')[1].decode('latin-1')
            if not self._play(sock, raw, connection, path, request):
                return

    def _play(self, sock, raw, connection, path, request):
        """False when the connection is over."""
        key = path if path in self.script else path.split('?')[0]
        plays = self.script.get(key, [[('send', b'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')]])
        with self.lock:
            number = self.counts.get(path, 0)
            self.counts[path] = number + 1
            play = Play(path, number, connection)
            play.request = request
            self.plays.append(play)
            self.has_changed.notify_all()
        try:
            for step in plays[min(number, len(plays) - 1)]:
                if not self._step(sock, raw, play, step):
                    return False
            return True
        finally:
            play.done.set()

    def _send(self, sock, play, data, keep=True):
        try:
            sock.sendall(data)
        except OSError as error:
            raise PeerGone(str(error)) from error
        with self.lock:
            if keep:
                play.sent += data
            play.sent_count += len(data)
            play.digest.update(data)
        if keep:
            self.log(play.connection, 'sent', data, path=play.path, play=play.number)

    def _step(self, sock, raw, play, step):
        verb, rest = step[0], list(step[1:])
        if rest and isinstance(rest[0], str):
            rest[0] = rest[0].encode('latin-1')
        if verb == 'send':
            self._send(sock, play, rest[0])
        elif verb == 'pieces':
            for at in range(0, len(rest[0]), rest[1]):
                self._send(sock, play, rest[0][at:at + rest[1]])
                time.sleep(0)
        elif verb == 'drip':
            for at in range(len(rest[0])):
                self._send(sock, play, rest[0][at:at + 1])
                time.sleep(rest[1] / 1000)
        elif verb == 'gate':
            self.gate.wait(60)
        elif verb == 'repeat':
            for _ in range(rest[1]):
                self._send(sock, play, rest[0], keep=False)
        else:
            self.log(play.connection, verb, path=play.path, play=play.number)
            play.done.set()
            return self._end(sock, raw, verb)
        return True

    def _end(self, sock, raw, verb):
        if verb == 'reset':
            # The TLS object must not send its farewell first.
            plain = sock.detach() if sock is not raw else raw.detach()
            plain = socket.socket(fileno=plain)
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            plain.close()
        elif verb == 'cut':
            plain = socket.socket(fileno=sock.detach())
            plain.shutdown(socket.SHUT_WR)
            self._drain(plain)
            plain.close()
        elif verb in ('close', 'half'):
            if sock is not raw and self.tls:
                try:
                    sock.settimeout(2)
                    sock.unwrap()
                except (OSError, ValueError):
                    pass
            try:
                sock.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            self._drain(sock)
        elif verb == 'alert':
            # A record that does not decrypt: OpenSSL at the other end breaks off.
            plain = socket.socket(fileno=sock.detach())
            plain.sendall(b'\x15\x03\x03\x00\x02\x02\x28')
            plain.shutdown(socket.SHUT_WR)
            self._drain(plain)
            plain.close()
        elif verb == 'hang':
            self._drain(sock)
        else:
            raise ValueError('unknown step ' + verb)
        return False

    @staticmethod
    def _drain(sock):
        """Until the peer ends, so that what was sent is not lost by a reset."""
        try:
            sock.settimeout(30)
            while sock.recv(65536):
                pass
        except (OSError, ValueError):
            pass


def server_context(cert, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    context.set_alpn_protocols(['http/1.1'])
    return context


def main(argv):
    with open(argv[1], encoding='utf-8') as file:
        script = json.load(file)
    tls = server_context(argv[2], argv[3]) if len(argv) > 3 else None
    with FaultServer(script, tls, sys.stdout) as server:
        print(server.port, flush=True)
        sys.stdin.read()


if __name__ == '__main__':
    main(sys.argv)
