# SPDX-License-Identifier: MIT
"""small_server - a web server whose pages are made by a function, with the time of each request

`answer(host, target)` gives (status, fields, body), or the body of an HTML page. It is called in a thread of the
server, one a connection. Each request is noted with its host, target, when it arrived and when its reply began,
on the clock that never jumps.
"""
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Asked:
    def __init__(self, host, target, arrived):
        self.host, self.target, self.arrived, self.replied = host, target, arrived, None


class SmallServer:
    def __init__(self, answer):
        self.asked, self.lock = [], threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_GET(self):
                asked = Asked(self.headers.get('Host', '').rsplit(':', 1)[0], self.path, time.monotonic())
                with outer.lock:
                    outer.asked.append(asked)
                reply = answer(asked.host, self.path)
                status, fields, body = reply if isinstance(reply, tuple) else (200, {}, reply)
                asked.replied = time.monotonic()
                self.send_response_only(status)
                for name, value in {'Content-Type': 'text/html', **fields}.items():
                    self.send_header(name, value)
                self.send_header('Content-Length', str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_):
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_):
                pass

        self.server = Quiet(('127.0.0.1', 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={'poll_interval': 0.05})

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def url(self, target, host='127.0.0.1'):
        return 'http://%s:%d%s' % (host, self.port, target)

    def resolve(self, *hosts):
        """The options that lead these hosts here."""
        return [option for host in hosts for option in ('--resolve', '%s:%d:127.0.0.1' % (host, self.port))]

    def of(self, host):
        """The requests that a host got, in their order."""
        with self.lock:
            return [asked for asked in self.asked if asked.host == host]
