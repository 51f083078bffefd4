# SPDX-License-Identifier: MIT
"""changing_site - a small paper on loopback whose stories come, change and go between two visits

Pictures and style stay the same bytes, so that a second run stores them as revisits. `mode` makes the
whole site fail in a way: 'gone' (all 404), 'empty' (a front page without stories), 'down' (503), 'login' (every page asks to log in).
"""
import random
import struct
import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TEXT = 'The pilots of the harbour said on Monday that they would not return to work before their demands were met.'
STYLE = ('body { font: 16px serif }\n' + '/* %s */\n' % TEXT) * 12

LOGIN = ('<!doctype html><html><head><title>Log in</title><meta name=robots content=noindex></head><body><h1>Log in</h1>'
         '<form action="/login" method=post><input name=user><input type=password name=password>'
         '<button>Log in</button></form></body></html>')


def chunk(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))


def noise(seed, width=40, height=32):
    """A PNG of dots that do not compress, about 4 KB."""
    source = random.Random(seed)
    rows = b''.join(b'\0' + source.randbytes(3 * width) for _ in range(height))
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0)) + \
        chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b'')


class Story:
    def __init__(self, number):
        self.number = number
        self.headline = 'Harbour pilots strike enters its day number %d' % number
        self.text = TEXT

    @property
    def path(self):
        return '/news/harbour-pilots-strike-day-number-%d' % self.number


class ChangingSite:
    """Stories may be added, edited and removed at any time; `log` has every path that was asked for."""

    def __init__(self, stories=6):
        self.stories = {number: Story(number) for number in range(1, stories + 1)}
        self.hidden = set()  # numbers that the front page does not name, though they are there
        self.mode, self.log, self.lock = None, [], threading.Lock()
        self.hold, self.held = None, threading.Event()  # an event that answers wait for
        self.pictures = {'/lead-%d.png' % number: noise(number) for number in range(1, 10)}
        self.date = None  # of the Date field, when the server's clock is not ours

    def __enter__(self):
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_GET(self):
                with site.lock:
                    site.log.append(self.path)
                if site.hold is not None and self.path != '/robots.txt':
                    site.held.set()
                    site.hold.wait()
                status, kind, body = site.answer(self.path)
                self.send_response(status)
                self.send_header('Content-Type', kind)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body)
                except OSError:  # a client that was killed
                    self.close_connection = True

            def date_time_string(self, timestamp=None):
                return site.date or BaseHTTPRequestHandler.date_time_string(self, timestamp)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.server.daemon_threads = True
        self.url = 'http://127.0.0.1:%d/' % self.server.server_port
        threading.Thread(target=self.server.serve_forever, kwargs={'poll_interval': 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_):
        if self.hold is not None:
            self.hold.set()
        self.server.shutdown()
        self.server.server_close()

    def story_url(self, number):
        return self.url.rstrip('/') + self.stories[number].path

    def asked(self):
        """What was asked for since the last call."""
        with self.lock:
            log, self.log = self.log, []
        return log

    def answer(self, path):
        if self.mode == 'down':
            return 503, 'text/plain', b'down\n'
        if path in self.pictures:
            return 200, 'image/png', self.pictures[path]
        if path == '/style.css':
            return 200, 'text/css', STYLE.encode()
        if self.mode == 'login' and not path.endswith('.txt'):
            return 200, 'text/html; charset=utf-8', LOGIN.encode()
        if self.mode != 'gone':
            if path == '/':
                return 200, 'text/html; charset=utf-8', self.front().encode()
            for story in self.stories.values():
                if story.path == path:
                    return 200, 'text/html; charset=utf-8', self.page(story).encode()
        return 404, 'text/html; charset=utf-8', b'<!doctype html><title>404</title><h1>Not found</h1>'

    @staticmethod
    def frame(title, meta, body):
        return ('<!doctype html><html lang=en><head><title>%s</title>%s<link rel=stylesheet href=/style.css>'
                '</head><body>%s</body></html>' % (title, meta, body))

    def front(self):
        cards = '' if self.mode == 'empty' else ''.join(
            '<li class="teaser"><a href="%s"><img src="/lead-%d.png" alt=""><h3>%s</h3></a></li>' % (
                story.path, story.number % 9 + 1, story.headline)
            for story in self.stories.values() if story.number not in self.hidden)
        return self.frame('The Harbour Times', '', '<h1>The Harbour Times</h1>'
                          '<section class="related-stories"><h2>More stories</h2><ul>%s</ul></section>' % cards)

    def page(self, story):
        meta = '<meta property="og:type" content="article"><meta property="og:title" content="%s">' % story.headline
        text = ''.join('<p>%d. %s</p>' % (number, story.text) for number in range(1, 9))
        return self.frame(story.headline, meta, '<article><h1>%s</h1><img src="/lead-%d.png" alt="">%s</article>' % (
            story.headline, story.number % 9 + 1, text))
