# SPDX-License-Identifier: MIT
"""scenario - what the scenario tests share: the site in this process, flong as a child, archives as values

The program is the environment's FLONG; a test whose program is not built skips. The fictional site
runs in the test's own process, so that a test can look at a request, or hold a reply back, at the
moment it is there: nothing waits for a clock.
"""
import base64
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.environ.get('FLONG_SOURCE_ROOT') or os.path.dirname(TESTS)
for folder in ('site', 'support', 'faults', 'interop'):
    sys.path.insert(0, os.path.join(TESTS, folder))
import serve  # noqa: E402
import tls  # noqa: E402
import truth  # noqa: E402
from certificates import Authority  # noqa: E402,F401 (for the scenarios)
from crawl_site import options_for  # noqa: E402
from faultd import FaultServer, server_context  # noqa: E402,F401
from hosts import ROLES, Urls  # noqa: E402
from judge import digest_is, payload_of  # noqa: E402,F401 (for the scenarios)
from server import Server  # noqa: E402
from site_pages import Resource, Site as SitePages  # noqa: E402,F401 (Resource for the scenarios)
from tap import Tap, skip_all  # noqa: E402
from warc_records import records  # noqa: E402

FLONG = os.environ.get('FLONG') or os.path.join(ROOT, 'build', 'flong')
PATIENCE = 100  # seconds until a flong that hangs is ended, so that the test can say so
QUIET = ('--progress', 'never', '--wait', '0')


class Work:
    """A folder of its own for one test, gone at the end."""

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix='scenario-')
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def __call__(self, *names):
        return os.path.join(self.path, *names)

    def folder(self, name):
        os.makedirs(self(name))
        return self(name)


class Wire:
    """Bytes of one exchange as the server saw them."""

    def __init__(self, row):
        self.row = row
        self.request = base64.b64decode(row['request'])
        self.response = base64.b64decode(row['response'])
        self.interim = base64.b64decode(row['interim'])
        self.complete = row['complete']
        self.status = row['status']
        host = re.search(rb'(?im)^host:[ \t]*([^\r\n]*)', self.request)
        scheme = 'https' if row['tls'] else 'http'
        self.url = '%s://%s%s' % (scheme, host[1].decode('latin-1').strip() if host else '', row['target'])


class Site:
    """The fictional news site. `on_request(request, number)` is called before each answer, in a thread of
    the server; what it does (sends a signal, waits for an event) happens while the client waits."""

    def __init__(self, folder, scheme='https', on_request=None, stories=0):
        self.folder, self.on_request = folder, on_request
        self.lock, self.count = threading.Lock(), 0
        os.makedirs(folder, exist_ok=True)
        names = list(ROLES.values())
        ca, cert, key = tls.make_certificates(folder, names)
        self.log_path = os.path.join(folder, 'wire.jsonl')
        self.server = Server(ROLES, tls.server_context(cert, key), self.log_path)
        urls = Urls(scheme)
        self.pages = SitePages(urls, stories)
        self.truth = truth.build(self.pages)
        self.facts = serve.describe(self.server, urls, folder, ca, self.truth['seed'])
        self.server.start(self._answer)
        self.running = True

    def _answer(self, request):
        with self.lock:
            self.count += 1
            number = self.count
        if self.on_request:
            self.on_request(request, number)
        return self.pages.answer(request)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """After this the log is whole."""
        if self.running:
            self.running = False
            self.server.stop()

    def options(self):
        return options_for(self.facts)

    def wire(self):
        """Every exchange, in the order of the log; the site is stopped first."""
        self.stop()
        with open(self.log_path, encoding='ascii') as file:
            return [Wire(json.loads(line)) for line in file]


class Run:
    """A flong that has ended: its exit code and what it printed."""

    def __init__(self, arguments, code, out, err):
        self.arguments, self.code = arguments, code
        self.out, self.err = out.decode('utf-8', 'replace'), err.decode('utf-8', 'replace')

    def __str__(self):
        return 'flong %s\nexit %s\n%s%s' % (' '.join(self.arguments), self.code, self.out[-3000:], self.err[-3000:])

    def expect(self, code):
        if self.code != code:
            raise AssertionError('exit %s, expected %s: %s' % (self.code, code, self))
        return self


def without_leaks():
    """The leak sanitizer does not work in a program that is traced."""
    os.environ['ASAN_OPTIONS'] = os.environ.get('ASAN_OPTIONS', '') + ':detect_leaks=0'


class Flong:
    """A running flong, maybe `under` a program that watches it."""

    def __init__(self, *arguments, cwd=None, under=()):
        self.arguments = [str(argument) for argument in arguments]
        self.child = subprocess.Popen([*under, FLONG, *self.arguments], cwd=cwd, stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.pid = self.child.pid

    def signal(self, number):
        self.child.send_signal(number)

    def end(self, patience=PATIENCE):
        try:
            out, err = self.child.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            self.child.kill()
            out, err = self.child.communicate()
            return Run(self.arguments, 'none: it did not end', out, err)
        return Run(self.arguments, self.child.returncode, out, err)


def flong(*arguments, cwd=None):
    return Flong(*arguments, cwd=cwd).end()


def crawl(site, output, *arguments, seed=None, command='crawl'):
    """`flong crawl SEED -o OUTPUT ARGUMENTS` against a site."""
    return flong(command, seed or site.facts['seed'], '-o', output, *QUIET, *site.options(), *arguments)


def read_json(path):
    with open(path, encoding='utf-8') as file:
        return json.load(file)


def read_lines(path):
    with open(path, encoding='utf-8') as file:
        return [json.loads(line) for line in file]


class Exchange:
    """The adjacent records of one exchange."""

    def __init__(self, path, reply):
        self.path, self.reply, self.request, self.metadata = path, reply, None, None

    @property
    def url(self):
        return self.reply.url

    @property
    def status(self):
        line = self.reply.http()[0] if self.reply.fields.get('content-type', '').startswith('application/http') else ''
        found = re.match(r'HTTP/\S+ +(\d{3})', line)
        return int(found[1]) if found else 0

    def notes(self):
        """Fields of the metadata record."""
        if self.metadata is None:
            return {}
        lines = self.metadata.block.decode('utf-8').split('\r\n')
        return {name.strip(): value.strip() for name, colon, value in (line.partition(':') for line in lines) if colon}


class Archive:
    """A collection directory, or WARC files, read with the tests' own reader."""

    def __init__(self, path, *warcs):
        self.path = path
        self.warcs = list(warcs) or sorted(glob.glob(os.path.join(path, 'archive', '*.warc.gz')))
        self.files = [(warc, list(records(warc))) for warc in self.warcs]
        self.all = [record for _, found in self.files for record in found]
        self.exchanges = []
        for warc, found in self.files:
            for record in found:
                if record.type in ('response', 'revisit', 'resource') and record.url.startswith('http'):
                    self.exchanges.append(Exchange(warc, record))
                elif record.type in ('request', 'metadata') and self.exchanges and \
                        self.exchanges[-1].path == warc and self._belongs(record, self.exchanges[-1].reply):
                    setattr(self.exchanges[-1], record.type, record)
        self.by_url = defaultdict(list)
        for exchange in self.exchanges:
            self.by_url[exchange.url].append(exchange)

    @staticmethod
    def _belongs(record, reply):
        return record.fields.get('warc-concurrent-to') == reply.fields['warc-record-id']

    def open_segments(self):
        return sorted(glob.glob(os.path.join(self.path, 'archive', '*.open')))

    def urls(self, *statuses):
        """The URLs captured with one of these statuses."""
        return {exchange.url for exchange in self.exchanges if exchange.status in statuses}

    def of(self, *names):
        return os.path.join(self.path, *names)

    def index(self):
        """(SURT, timestamp, value) of each row."""
        with open(self.of('indexes', 'index.cdx'), encoding='utf-8') as file:
            rows = [line.rstrip('\n').split(' ', 2) for line in file]
        return [(surt, stamp, json.loads(value)) for surt, stamp, value in rows]

    def pages(self, name='extraPages.jsonl'):
        """The rows of a page list without its header; none when the list is not there. extraPages.jsonl has
        every page, pages.jsonl the seeds."""
        path = self.of('pages', name)
        return read_lines(path)[1:] if os.path.exists(path) else []

    def report(self):
        return read_json(self.of('reports', 'report.json'))

    def skipped(self):
        return {row['url']: row for row in read_lines(self.of('reports', 'skipped.jsonl'))}

    def log(self):
        """The fields of each line of the crawl log."""
        with open(self.of('logs', 'crawl.log'), encoding='utf-8') as file:
            return [line.split() for line in file]


def same(found, expected, what):
    """The two sets are equal; says what is missing and what is too much."""
    missing, extra = sorted(set(expected) - set(found)), sorted(set(found) - set(expected))
    if missing or extra:
        raise AssertionError('%s: missing %d %s; too much %d %s' % (what, len(missing), missing[:10], len(extra), extra[:10]))


def within(found, allowed, what):
    extra = sorted(set(found) - set(allowed))
    if extra:
        raise AssertionError('%s: too much %d %s' % (what, len(extra), extra[:10]))


def begin():
    """The first call of every scenario: skips when there is no program."""
    if not os.access(FLONG, os.X_OK):
        skip_all('flong is not built (%s)' % os.path.basename(FLONG))
    return Tap()
