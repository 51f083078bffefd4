# SPDX-License-Identifier: MIT
"""sites.py - what the benchmarks fetch: made pages, pictures and bodies, and the servers they come from."""
import json
import os
import random
import socket
import subprocess
import sys
import time

from common import die, find_tool

HERE = os.path.dirname(os.path.abspath(__file__))
PAGE_BYTES = 10_240
LINKS = 10
WORDS = ['kettle', 'harbour', 'minister', 'storm', 'ferry', 'quarter', 'council', 'signal', 'orchard',
         'ledger', 'season', 'bridge', 'market', 'lantern', 'railway', 'garden', 'winter', 'letter']

NGINX_CONF = '''daemon off;
pid {work}/nginx.pid;
error_log {work}/nginx.log;
worker_processes 2;
{user}events {{ worker_connections 1024; }}
http {{
  access_log off;
  types {{ text/html html; text/plain txt; image/jpeg jpg; application/octet-stream bin; }}
  client_body_temp_path {work}/t1; proxy_temp_path {work}/t2; fastcgi_temp_path {work}/t3;
  uwsgi_temp_path {work}/t4; scgi_temp_path {work}/t5;
  keepalive_requests 100000;
  server {{ listen {address}:{port}; root {work}/site; {more} }}
}}
'''


def write_page(path, number, pages, page_bytes, picture, links_each=LINKS):
    """Page `number` of so many: its links, a picture when it has one, and text that differs from page to page."""
    source = random.Random(number)
    links = ''.join(f'<li><a href="/{n}.html">Story {n}</a></li>\n'
                    for n in range(links_each * number + 1, min(links_each * (number + 1) + 1, pages)))
    text = f'<!doctype html><html><head><title>Story {number}</title></head><body>' \
           f'<h1>Story {number}</h1>\n{picture}<ul>\n{links}</ul>\n'
    end = '</body></html>\n'
    parts, length = [text], len(text)
    while length < page_bytes - 100 - len(end):
        parts.append('<p>' + ' '.join(source.choices(WORDS, k=10)) + f' {source.random()}</p>\n')
        length += len(parts[-1])
    parts.append('<!--' + 'x' * (page_bytes - length - len(end) - 7) + '-->' + end)
    with open(path, 'w', encoding='ascii') as out:
        out.write(''.join(parts))


def write_site(folder, pages, page_bytes=PAGE_BYTES, picture_bytes=0, links_each=LINKS):
    """Pages 0..pages-1; page n links to pages 10n+1 .. 10n+10, and shows a picture of its own that does not compress."""
    os.makedirs(folder)
    for number in range(pages):
        picture = f'<img src="/{number}.jpg" alt="">\n' if picture_bytes else ''
        write_page(os.path.join(folder, f'{number}.html'), number, pages, page_bytes, picture, links_each)
        if picture_bytes:
            with open(os.path.join(folder, f'{number}.jpg'), 'wb') as out:
                out.write(b'\xff\xd8\xff' + random.Random(number).randbytes(picture_bytes - 3))


def write_body(path, size, seed=1):
    """A body that does not compress."""
    block = random.Random(seed).randbytes(1 << 20)
    with open(path, 'wb') as out:
        for start in range(0, size, len(block)):
            out.write(block[:size - start])


def free_port():
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        return free.getsockname()[1]


class Nginx:
    """nginx over WORK/site on a free port; it ends when the block ends. `more` are lines of its server block, `prefix`
    is the command it runs under."""

    def __init__(self, work, more='', address='127.0.0.1', prefix=()):
        self.work, self.more, self.address, self.prefix = work, more, address, list(prefix)
        self.port = free_port()

    def __enter__(self):
        conf = os.path.join(self.work, 'nginx.conf')
        # As root the workers would not be let into our folder.
        user = 'user root;\n' if os.getuid() == 0 else ''
        with open(conf, 'w', encoding='utf-8') as out:
            out.write(NGINX_CONF.format(work=self.work, address=self.address, port=self.port, user=user, more=self.more))
        log = os.path.join(self.work, 'nginx.log')
        self.process = subprocess.Popen(self.prefix + [find_tool('nginx', 'nginx-light'), '-e', log, '-c', conf])
        end = time.monotonic() + 20
        while time.monotonic() < end and self.process.poll() is None:
            try:
                socket.create_connection((self.address, self.port)).close()
                return self
            except OSError:
                time.sleep(0.05)
        return die(f'nginx does not start; see {log}')

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def url(self, path):
        return f'http://{self.address}:{self.port}/{path}'


class SlowServer:
    """slow_server.py over a folder; it ends when the block ends."""

    def __init__(self, folder, delay_ms, certificate=()):
        self.command = [sys.executable, os.path.join(HERE, 'slow_server.py'), folder, str(delay_ms), *certificate]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.ports = self.answer()
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def answer(self):
        line = self.process.stdout.readline()
        return json.loads(line) if line else die('the slow server has ended')

    def seen(self):
        """What came since this was called last: see slow_server.py."""
        self.process.stdin.write(b'\n')
        self.process.stdin.flush()
        return self.answer()


def make_certificate(folder, names):
    """Paths of a certificate for these names, which is also its own authority, and its key."""
    paths = [os.path.join(folder, name) for name in ('server.crt', 'server.key')]
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
                    '-subj', '/CN=bench', '-addext', 'subjectAltName=' + ','.join(f'DNS:{name}' for name in names),
                    '-out', paths[0], '-keyout', paths[1]], check=True, capture_output=True)
    return paths
