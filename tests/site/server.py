# SPDX-License-Identifier: MIT
"""A small HTTP/1.1 server on sockets and threads that knows every byte it sends and receives.

One listening socket per host and scheme, all on loopback, ports picked by the kernel. `answer(Request)` makes
the replies; each finished exchange becomes one line of the wire log.
"""

import base64
import json
import socket
import ssl
import threading
import time

from replies import Request, message

MAX_HEAD = 1 << 20
IDLE_SECONDS = 60


class WireLog:
    """Appends one JSON object per finished exchange; safe from many threads."""

    def __init__(self, path):
        self.file = open(path, "a", encoding="ascii")
        self.lock = threading.Lock()
        self.seq = 0

    def write(self, row):
        """Number the row and write it out at once."""
        with self.lock:
            self.seq += 1
            self.file.write(json.dumps({"seq": self.seq, **row}) + "\n")
            self.file.flush()

    def close(self):
        """Nothing can be written after this."""
        with self.lock:
            self.file.close()


class Connection:
    """One client connection: reads requests, sends replies, logs both."""

    def __init__(self, server, sock, listener, number):
        self.server, self.sock, self.listener, self.number = server, sock, listener, number
        self.buffer = b""

    def run(self):
        """Serve until the client, a reply or the server ends the connection."""
        try:
            self.sock.settimeout(IDLE_SECONDS)
            if self.listener.tls:
                self.sock = self.server.context.wrap_socket(self.sock, server_side=True, do_handshake_on_connect=False)
                self.sock.do_handshake()
            exchanges = 0
            while True:
                request = self.read_request()
                if request is None:
                    break
                exchanges += 1
                if not self.exchange(request, exchanges):
                    break
        except (OSError, ValueError):
            pass    # the client went away, or sent what is not HTTP: nothing to answer
        finally:
            if self.buffer:
                self.log_row(Request("", "", {}, self.buffer, self.listener.role, self.listener.tls), 0, 0)
            self.server.forget(self)

    def fill(self):
        """Read more bytes; False at the end of the stream."""
        data = self.sock.recv(65536)
        self.buffer += data
        return bool(data)

    def read_request(self):
        """The next request, or None at the end; ValueError if it can't be read."""
        while b"\r\n\r\n" not in self.buffer:
            if len(self.buffer) > MAX_HEAD:
                raise ValueError("request head too long")
            if not self.fill():
                return None
        end = self.buffer.index(b"\r\n\r\n") + 4
        lines = self.buffer[:end - 4].decode("latin-1").split("\r\n")
        method, target, version = lines[0].split(" ")
        if not version.startswith("HTTP/1."):
            raise ValueError("not an HTTP/1 request")
        headers = {"connection": "close"} if version == "HTTP/1.0" else {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        end += int(headers.get("content-length", "0"))
        while len(self.buffer) < end:
            if not self.fill():
                return None
        raw, self.buffer = self.buffer[:end], self.buffer[end:]
        role = self.listener.role
        if target.startswith("http://"):    # as a proxy is asked: the URL says which host is meant
            authority, _, rest = target[7:].partition("/")
            role, target = self.server.role_of(authority.partition(":")[0]), "/" + rest
        return Request(method, target, headers, raw, role, self.listener.tls)

    def exchange(self, request, number):
        """Answer one request; returns whether the connection stays open."""
        if request.method in ("GET", "HEAD"):
            reply = self.server.answer(request)
        else:
            reply = message(405, "Only GET and HEAD are answered here.", [("Allow", "GET, HEAD")])
        keep = not reply.closes and request.headers.get("connection", "").lower() != "close"
        sent, interim, complete = bytearray(), bytearray(), False
        try:
            for head in reply.interim:
                self.send(head, interim)
            self.send(reply.head(keep), sent)
            if request.method != "HEAD" and reply.status != 304:
                body = reply.framed_body()
                if reply.pause_ms:
                    self.send(body[:len(body) // 2], sent)
                    time.sleep(reply.pause_ms / 1000)
                    body = body[len(body) // 2:]
                self.send(body, sent)
            complete = reply.cut is None
        except OSError:
            keep = False
        self.log_row(request, number, reply.status, sent, interim, complete)
        return keep

    def log_row(self, request, number, status, sent=b"", interim=b"", complete=False):
        """One line of the wire log; number and status are 0 for bytes that never became a request."""
        self.server.log.write({
            "host": self.server.hosts.get(request.role, ""), "port": self.listener.port, "tls": self.listener.tls,
            "conn": self.number, "n": number, "method": request.method, "target": request.target,
            "request": base64.b64encode(request.raw).decode(),
            "response": base64.b64encode(sent).decode(), "interim": base64.b64encode(interim).decode(),
            "status": status, "complete": complete})

    def send(self, data, account):
        """Send all of `data`, adding to `account` exactly what the socket took."""
        view = memoryview(data)
        while view:
            count = self.sock.send(view[:65536])
            account += view[:count]
            view = view[count:]

    def close(self):
        """End the connection in an orderly way: TLS says so, too."""
        try:
            if isinstance(self.sock, ssl.SSLSocket):
                self.sock.settimeout(2)
                self.sock = self.sock.unwrap()
        except (OSError, ValueError):
            pass
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.sock.close()


class Listener:
    """A listening socket for one host and scheme."""

    def __init__(self, role, host, tls):
        self.role, self.host, self.tls = role, host, tls
        self.sock = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.sock.getsockname()[1]


class Server:
    """All listeners and connections of one site."""

    def __init__(self, hosts, context, log_path):
        self.hosts = hosts
        self.context = context
        self.log = WireLog(log_path)
        self.listeners = [Listener(role, host, tls) for role, host in hosts.items() for tls in (False, True)]
        self.answer = None
        self.lock = threading.Lock()
        self.connections = {}
        self.accepted = 0
        self.stopping = False

    def port(self, role, tls):
        """The port of a host for HTTP or HTTPS."""
        return next(item.port for item in self.listeners if item.role == role and item.tls == tls)

    def role_of(self, host):
        """The role of a host name; an unknown name has the role "" and only gets 404."""
        return next((role for role, name in self.hosts.items() if name == host), "")

    def start(self, answer):
        """Begin to accept; `answer` maps a Request to a Reply and is called from many threads."""
        self.answer = answer
        for listener in self.listeners:
            threading.Thread(target=self.accept_loop, args=(listener,), daemon=True).start()

    def accept_loop(self, listener):
        """Give every connection of one listener its thread, until the listener is closed."""
        while True:
            try:
                sock, _ = listener.sock.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.lock:
                if self.stopping:
                    sock.close()
                    return
                self.accepted += 1
                connection = Connection(self, sock, listener, self.accepted)
                thread = threading.Thread(target=connection.run, daemon=True)
                self.connections[connection] = thread
            thread.start()

    def forget(self, connection):
        """Called by a connection's thread when it ends."""
        connection.close()
        with self.lock:
            self.connections.pop(connection, None)

    def stop(self):
        """Close every socket, let running exchanges be logged, close the log."""
        with self.lock:
            self.stopping = True
            open_now = list(self.connections.items())
        for listener in self.listeners:
            listener.sock.close()
        for connection, thread in open_now:
            try:
                connection.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            thread.join(5)
        self.log.close()
