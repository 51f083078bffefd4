# SPDX-License-Identifier: MIT
"""little - a server of a few pages made up by a test, on one loopback port

A page is bytes (HTML, to which a few words are added: a page without any is taken for none), a pair of media type
and bytes, a triple of status, headers and bytes, or a function of the request that gives one of these, called in a
thread of its own: it may wait for what the test does.
"""
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WORDS = b'<p>A page of a few words, for those who read it.</p>'
PIXEL = bytes.fromhex('47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b')


class Request:
    def __init__(self, handler):
        self.path, self.time = handler.path, time.monotonic()
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        self.connection = handler.client_address[1]


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    disable_nagle_algorithm = True

    def do_GET(self):
        request = Request(self)
        with self.server.lock:
            self.server.requests.append(request)
        path = self.path.partition('?')[0]
        page = self.server.pages.get(self.path, self.server.pages.get(path, (404, {}, b'')))
        page = page(request) if callable(page) else page
        if isinstance(page, bytes):
            page = ('text/html; charset=utf-8', page + WORDS)
        if len(page) == 2:
            page = (200, {'Content-Type': page[0]}, page[1])
        status, headers, body = page
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, *_):
        pass    # the client went away


class Little:
    """The server while the block runs. `pages` may be changed at any time."""

    def __init__(self, pages=(), host='127.0.0.1', tls=None):
        self.server = Server((host, 0), Handler, bind_and_activate=False)
        if ':' in host:
            self.server.socket.close()
            self.server.socket = socket.socket(socket.AF_INET6)
        self.server.server_bind()
        self.server.server_activate()
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.server.pages, self.server.requests, self.server.lock = dict(pages), [], threading.Lock()
        self.port = self.server.server_address[1]
        self.origin = '%s://%s:%d' % ('https' if tls else 'http', '[%s]' % host if ':' in host else host, self.port)
        self.pages = self.server.pages

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, kwargs={'poll_interval': 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def url(self, path='/'):
        return self.origin + path

    def taken(self):
        """The requests since the last call, in order."""
        with self.server.lock:
            requests = list(self.server.requests)
            self.server.requests.clear()
        return requests
