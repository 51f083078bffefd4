# SPDX-License-Identifier: MIT
"""Helpers for tests: the site as a child process, and a raw HTTP/1.1 client that keeps every byte."""

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
from urllib.parse import urlsplit

HERE = os.path.dirname(os.path.abspath(__file__))


class Running:
    """The server as a child process; stops when its standard input closes."""

    def __init__(self, *options):
        self.folder = tempfile.mkdtemp(prefix="site-")
        self.child = subprocess.Popen([sys.executable, os.path.join(HERE, "serve.py"), "--dir", self.folder,
                                       "--until-eof", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if not self.child.stdout.readline():
            raise RuntimeError("the server ended before it was ready")
        self.facts = self.read("site.json")
        self.truth = self.read("truth.json")

    def read(self, name):
        """A JSON file of the site's folder."""
        with open(os.path.join(self.folder, name), encoding="utf-8") as file:
            return json.load(file)

    def log(self):
        """The rows of the wire log so far."""
        with open(self.facts["log"], encoding="ascii") as file:
            return [json.loads(line) for line in file]

    def stop(self):
        """Close the pipe; returns the exit code."""
        self.child.stdin.close()
        self.child.stdout.close()
        return self.child.wait(30)

    def remove(self):
        """Stop it if it still runs, and remove its folder."""
        if self.child.poll() is None:
            self.stop()
        shutil.rmtree(self.folder)


class Client:
    """A raw HTTP/1.1 client that keeps every byte of every exchange."""

    def __init__(self, running, tls=True):
        self.running, self.tls = running, tls
        self.open = {}
        self.exchanges = []
        self.context = ssl.create_default_context(cafile=running.facts["cacert"])

    def connect(self, host):
        """A new connection to a host."""
        ports = self.running.facts["hosts"][host]
        sock = socket.create_connection(("127.0.0.1", ports["https_port" if self.tls else "http_port"]))
        if self.tls:
            sock = self.context.wrap_socket(sock, server_hostname=host)
        return sock

    def get(self, url, method="GET", **headers):
        """(status, head, body as framed) of one exchange; reuses connections."""
        parts = urlsplit(url)
        target = parts.path + ("?" + parts.query if parts.query else "")
        lines = [f"{method} {target} HTTP/1.1", f"Host: {parts.netloc}", f"X-Exchange: {len(self.exchanges)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        request = ("\r\n".join(lines) + "\r\n\r\n").encode()
        sock = self.open.pop(parts.hostname, None) or self.connect(parts.hostname)
        sock.sendall(request)
        data, interim, alive = self.read(sock, method)
        if alive:
            self.open[parts.hostname] = sock
        else:
            sock.close()
        self.exchanges.append((request, interim, data))
        head, _, body = data.partition(b"\r\n\r\n")
        return int(head.split(b" ")[1]), head.decode("latin-1"), body

    @staticmethod
    def read(sock, method):
        """(response bytes, interim bytes, whether the connection stays) of one response."""
        data = interim = b""
        while True:
            while b"\r\n\r\n" not in data:
                more = sock.recv(65536)
                if not more:
                    return data, interim, False
                data += more
            end = data.index(b"\r\n\r\n") + 4
            head = data[:end].decode("latin-1").lower()
            if not head.startswith("http/1.1 1"):
                break
            interim, data = interim + data[:end], data[end:]
        length = re.search(r"\r\ncontent-length: (\d+)", head)
        keep = "connection: keep-alive" in head
        if method == "HEAD" or " 304 " in head[:14]:
            return data, interim, keep
        whole = (lambda: len(data) >= end + int(length[1])) if length else (
            lambda: "transfer-encoding: chunked" in head
            and re.search(rb"\r\n0[^\r\n]*\r\n([^\r\n]+\r\n)*\r\n\Z", data))
        while not whole():
            more = sock.recv(65536)
            if not more:
                return data, interim, False
            data += more
        return data, interim, keep

    def close(self):
        """Close all idle connections."""
        for sock in self.open.values():
            sock.close()


def dechunk(body):
    """The body behind chunked framing."""
    out = b""
    while True:
        size, _, body = body.partition(b"\r\n")
        length = int(size.split(b";")[0], 16)
        if not length:
            return out
        out, body = out + body[:length], body[length + 2:]
