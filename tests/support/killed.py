# SPDX-License-Identifier: MIT
"""killed - what must be true of a collection after a kill, and after the resumes that follow

A line of the crawl log is a promise. Files are read with the tests' own reader, and with warcio where it is
installed, in one process that lives as long as the test.
"""
import glob
import json
import os
import re
import signal
import subprocess
import threading
from collections import Counter

from warc_records import Damage, member_at, record_at

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = os.environ.get('FLONG_PEERS', os.path.join(os.path.dirname(os.path.dirname(HERE)), '.peers'))
REPLIES = ('response', 'revisit', 'resource')


def whole_records(path):
    """The whole records of a file that may end anywhere, and how many bytes follow them."""
    with open(path, 'rb') as file:
        data = file.read()
    offset, found = 0, []
    while offset < len(data):
        try:
            length, content = member_at(data, offset)
        except Damage:
            break
        found.append(record_at(offset, length, content))
        offset += length
    return found, len(data) - offset


def stamp(date):
    """2026-01-02T03:04:05.678Z as the 17 digits of the crawl log."""
    return re.sub(r'\D', '', date)


class Line:
    """A line of the crawl log."""

    def __init__(self, text):
        fields = text.split()
        if len(fields) != 12:
            raise AssertionError('the crawl log has the line "%s"' % text)
        self.text, self.status, self.url, self.hops = text, int(fields[1]), fields[3], fields[4]
        self.stamp, self.digest = fields[8].partition('+')[0], fields[9]

    @property
    def key(self):
        return self.url, self.stamp, self.digest


def lines_of(folder):
    """The whole lines of the crawl log; a half one at the end says nothing."""
    path = os.path.join(folder, 'logs', 'crawl.log')
    if not os.path.exists(path):
        return []
    with open(path, encoding='utf-8') as file:
        return [Line(line) for line in file.read().split('\n')[:-1]]


def key_of(record):
    return record.url, stamp(record.fields['warc-date']), record.fields.get('warc-payload-digest', '-')


class Warcio:
    """warcio as a second reader; `is_there` says whether it is installed."""

    def __init__(self):
        python = os.path.join(PEERS, 'python', 'bin', 'python')
        self.child = subprocess.Popen([python, os.path.join(HERE, 'warcio_keys.py')], stdin=subprocess.PIPE, text=True,
                                      stdout=subprocess.PIPE) if os.access(python, os.X_OK) else None
        self.is_there = self.child is not None

    def keys(self, path):
        """[url, date, payload digest] of each reply, as far as warcio reads."""
        self.child.stdin.write(path + '\n')
        self.child.stdin.flush()
        return [(url, stamp(date), digest) for url, date, digest in json.loads(self.child.stdout.readline())]

    def close(self):
        if self.is_there:
            self.child.stdin.close()
            self.child.wait()


class Kept:
    """A collection as a kill left it. Raises when a file cannot be read or a promise is broken."""

    def __init__(self, folder, warcio):
        self.lines, self.records, self.tail = lines_of(folder), [], 0
        by_warcio = []
        for path in sorted(glob.glob(os.path.join(folder, 'archive', '*'))):
            found, rest = whole_records(path)
            if rest and not path.endswith('.open'):
                raise Damage('%s: %d bytes at the end are no record' % (path, rest))
            if found and found[0].type != 'warcinfo':
                raise Damage(path + ' does not begin with a warcinfo')
            self.records += [record for record in found if record.type in REPLIES]
            self.tail += rest
            by_warcio += warcio.keys(path) if warcio.is_there else []
        self.check_promises([key_of(record) for record in self.records])
        if warcio.is_there:
            self.check_promises(by_warcio)
        self.check_others(folder)

    def check_promises(self, found):
        promised = Counter(line.key for line in self.lines if line.digest != '-')
        lost = promised - Counter(found)
        if lost:
            raise AssertionError('%d acknowledged and lost: %s' % (len(lost), list(lost)[:3]))

    @staticmethod
    def check_others(folder):
        """What stands under its final name is whole."""
        for path in glob.glob(os.path.join(folder, '*', '*.json*')) + glob.glob(os.path.join(folder, 'indexes', '*.cdx')):
            if path.endswith('.partial') or os.path.basename(os.path.dirname(path)) == 'state':
                continue
            with open(path, encoding='utf-8') as file:
                text = file.read()
            if text and not text.endswith('\n'):
                raise AssertionError('%s ends in the middle of a line' % path)
            for line in text.splitlines():
                json.loads(line.split(' ', 2)[2] if path.endswith('.cdx') else line)

    @property
    def done(self):
        """URLs that were acknowledged and are not fetched again: no robots.txt, nothing that a server put off."""
        return {line.url for line in self.lines
                if not line.url.endswith('/robots.txt') and line.status not in (429, 500, 502, 503, 504)}


def size_of(path):
    return os.path.getsize(path) if os.path.exists(path) else 0


class Killer:
    """Lets the site answer `after` requests, waits for the log to grow over `size` if asked to, then kills."""

    def __init__(self):
        self.lock, self.crawler, self.asked = threading.Lock(), None, []
        self.after, self.log, self.size = None, None, None
        self.started = threading.Event()

    def arm(self, after, log=None, size=None):
        self.after, self.log, self.size, self.asked = after, log, size, []
        self.started.clear()

    def watch(self, crawler):
        self.crawler = crawler
        self.started.set()

    def on_request(self, request, _):
        with self.lock:
            self.asked.append(('https' if request.tls else 'http') + '://' + request.headers['host'] + request.target)
            is_time = self.after is not None and len(self.asked) == self.after
        if is_time:
            self.started.wait()
            while self.size is not None and size_of(self.log) <= self.size and self.crawler.child.poll() is None:
                threading.Event().wait(0.01)
            self.crawler.signal(signal.SIGKILL)


def result_of(archive):
    """What a crawl comes to, whatever the order was: captures, pages, and what was found on these."""
    with open(archive.of('stories', 'stories.jsonl'), encoding='utf-8') as file:
        stories = [json.loads(line) for line in file]
    told = ('url', 'depth', 'class', 'headline', 'textDigest', 'related')
    return {
        'captures': {(each.url, each.status, each.reply.fields.get('warc-payload-digest')) for each in archive.exchanges},
        'pages': {(page['url'], page['status'], page['title'], page['depth']) for page in archive.pages()},
        'stories': {json.dumps([story.get(name) for name in told], sort_keys=True) for story in stories},
        'story records': Counter((record.type, record.url) for record in archive.all
                                 if record.type == 'conversion' or
                                 (record.type == 'metadata' and 'warc-refers-to' in record.fields)),
        'skipped': {(url, row['kind']) for url, row in archive.skipped().items()},
    }


def same_result(found, expected):
    for name, values in expected.items():
        missing, extra = set(values) - set(found[name]), set(found[name]) - set(values)
        if missing or extra:
            raise AssertionError('%s: missing %d %s; too much %d %s' % (
                name, len(missing), sorted(missing, key=str)[:3], len(extra), sorted(extra, key=str)[:3]))
        if values != found[name]:
            raise AssertionError('%s: not as often: %s' % (name, [key for key in values if values[key] != found[name][key]][:3]))
