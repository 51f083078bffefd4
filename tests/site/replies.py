# SPDX-License-Identifier: MIT
"""Requests and replies as values, and the exact bytes a reply becomes on the wire."""

import gzip
from dataclasses import dataclass, field

import brotli_stored

REASONS = {
    200: "OK", 206: "Partial Content", 301: "Moved Permanently", 302: "Found", 303: "See Other",
    304: "Not Modified", 307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request", 403: "Forbidden",
    404: "Not Found", 405: "Method Not Allowed", 410: "Gone", 429: "Too Many Requests",
    500: "Internal Server Error",
}

# The site lives at one fixed instant, so that two starts give the same bytes.
DATE = "Wed, 18 Mar 2026 10:10:00 GMT"
HTML = "text/html; charset=utf-8"


@dataclass
class Request:
    """One request as read from the connection; `raw` is every byte of it."""
    method: str
    target: str
    headers: dict
    raw: bytes
    role: str
    tls: bool

    @property
    def path(self):
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def query(self):
        """What stands behind the question mark."""
        return self.target.partition("?")[2]

    def accepts(self, coding):
        """Whether Accept-Encoding names `coding` (quality 0 refuses it)."""
        for item in self.headers.get("accept-encoding", "").split(","):
            name, _, params = item.strip().partition(";")
            if name.strip().lower() == coding:
                return params.replace(" ", "") not in ("q=0", "q=0.0")
        return False


@dataclass
class Reply:
    """What to send. `framing` is length, chunked or close; the rest are the faults and fancies of one reply.

    chunk_ext is put behind each chunk size, trailers behind the last chunk, interim are whole 1xx heads,
    pause_ms waits in the middle of the body, cut sends only that many bytes of the framed body and closes.
    """
    status: int = 200
    headers: list = field(default_factory=list)
    body: bytes = b""
    framing: str = "length"
    chunk_size: int = 1000
    chunk_ext: str = ""
    trailers: list = field(default_factory=list)
    interim: list = field(default_factory=list)
    pause_ms: int = 0
    cut: int | None = None

    @property
    def closes(self):
        """Whether the connection ends behind this reply."""
        return self.framing == "close" or self.cut is not None

    def head(self, keep_alive):
        """Status line and header fields, with the blank line."""
        lines = [f"HTTP/1.1 {self.status} {REASONS[self.status]}", f"Date: {DATE}", "Server: courier-press"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.framing == "chunked":
            lines.append("Transfer-Encoding: chunked")
            if self.trailers:
                lines.append("Trailer: " + ", ".join(name for name, _ in self.trailers))
        elif self.framing == "length" and self.status != 304:
            lines.append(f"Content-Length: {len(self.body)}")
        lines.append("Connection: " + ("keep-alive" if keep_alive else "close"))
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def framed_body(self):
        """The body as it goes over the wire, cut if it is to be cut."""
        data = self.body
        if self.framing == "chunked":
            ext = self.chunk_ext.encode("ascii")
            parts = []
            for start in range(0, len(data), self.chunk_size):
                piece = data[start:start + self.chunk_size]
                parts.append(b"%x%s\r\n%s\r\n" % (len(piece), ext, piece))
            tail = "".join(f"{name}: {value}\r\n" for name, value in self.trailers)
            data = b"".join(parts) + b"0%s\r\n%s\r\n" % (ext, tail.encode("ascii"))
        return data if self.cut is None else data[:self.cut]


def encode(reply, request, coding):
    """Apply a content coding to `reply` when the client asked for it; always says Vary."""
    reply.headers.append(("Vary", "Accept-Encoding"))
    if request.accepts(coding):
        packers = {"gzip": lambda data: gzip.compress(data, 6, mtime=0), "br": brotli_stored.compress}
        reply.body = packers[coding](reply.body)
        reply.headers.append(("Content-Encoding", coding))
    return reply


def redirect(status, location, cookie=None):
    """A redirect with a short HTML body."""
    headers = [("Location", location), ("Content-Type", HTML)]
    if cookie:
        headers.append(("Set-Cookie", cookie))
    return Reply(status, headers, b"<!doctype html><title>Moved</title><p>This page has moved.</p>\n")


def message(status, text, headers=()):
    """A small HTML page that says what is wrong."""
    body = f"<!doctype html><html lang=\"en\"><title>{text}</title><h1>{status}</h1><p>{text}</p></html>\n"
    return Reply(status, [("Content-Type", HTML), *headers], body.encode())
