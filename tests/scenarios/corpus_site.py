#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""corpus_site - real article pages, served under their own names, become archives with exact bytes

The pages of one publisher in the shared corpus are served over HTTPS on loopback; what the corpus
lacks answers 404. Each page is archived at depth 1; a table says what was found, and the tests say
that nothing was lost and nothing false was claimed. Skips when the corpus is not beside the tree.

    corpus_site.py [--keep FOLDER]    FOLDER gets the packages and shown.json, what each has to show
"""
import argparse
import csv
import gzip
import json
import os
import re
import shutil
import sys
import zipfile
from urllib.parse import urlsplit

from byte_truth import Comparison, check_bytes
from replies import HTML, Reply, encode, message
from scenario import QUIET, ROOT, Archive, Server, Wire, Work, begin, flong, payload_of, skip_all, tls

CORPUS = os.path.join(os.path.dirname(os.path.abspath(ROOT)), 'shared', 'corpus')
PUBLISHER = 'dw.com'
# Of the stories that a labelled page names, this share must be found, and of those found this share be right.
RECALL, PRECISION = 0.9, 0.9


def rows_of_corpus():
    with open(os.path.join(CORPUS, 'manifest.tsv'), encoding='utf-8', newline='') as file:
        rows = list(csv.DictReader(file, delimiter='\t', quoting=csv.QUOTE_NONE))
    return [row for row in rows if row['publisher'] == PUBLISHER and not row['dup_of']]


def page_of(row):
    with open(os.path.join(CORPUS, row['file']), 'rb') as file:
        return file.read()


def hosts_named(data):
    """Every host a page may ask for: the certificate has to name them."""
    names = re.findall(rb'(?:\\?/){2}([a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)+)', data.lower())
    return {name.decode() for name in names if re.fullmatch(rb'[a-z0-9.-]+\.[a-z]{2,}', name)}


class CorpusSite:
    """Answers for every host by the Host field: the pages under their own addresses, all else 404."""

    def __init__(self, folder, rows):
        os.makedirs(folder)
        self.pages, names = {}, set()
        for row in rows:
            parts = urlsplit(row['url'])
            data = page_of(row)
            names |= hosts_named(data) | {parts.hostname}
            target = parts.path + ('?' + parts.query if parts.query else '')
            self.pages[parts.hostname, target] = data
            self.pages.setdefault((parts.hostname, parts.path), data)
        self.cacert, cert, key = tls.make_certificates(folder, sorted(names))
        self.log = os.path.join(folder, 'wire.jsonl')
        self.server = Server({'all': ''}, tls.server_context(cert, key), self.log)
        self.server.start(self.answer)

    def answer(self, request):
        host = request.headers.get('host', '').lower()
        data = self.pages.get((host, request.target))
        if data is None:
            return message(404, 'The corpus does not have this.')
        return encode(Reply(200, [('Content-Type', HTML)], data, framing='chunked', chunk_size=8192), request, 'gzip')

    def options(self):
        return ['--cacert', self.cacert,
                '--connect-to', ':443:127.0.0.1:%d' % self.server.port('all', True),
                '--connect-to', ':80:127.0.0.1:%d' % self.server.port('all', False)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.stop()

    def wire(self):
        self.server.stop()
        with open(self.log, encoding='ascii') as file:
            return [Wire(json.loads(line)) for line in file]


def key_of(url):
    """How the labels count stories: host without www, and path."""
    parts = urlsplit(url)
    host = (parts.hostname or '').removeprefix('www.')
    return host + re.sub(r'%[0-9A-Fa-f]{2}', lambda match: match[0].upper(), parts.path)


def ascii_key(url):
    return key_of(''.join(char if ord(char) < 128 else ''.join('%%%02X' % byte for byte in char.encode()) for char in url))


def labelled(row):
    """(stories, links that do not count either way) of a labelled page, or None."""
    path = os.path.join(CORPUS, 'labels', row['id'].replace('/', '__') + '.jsonl')
    if not os.path.exists(path):
        return None
    with open(path, encoding='utf-8') as file:
        links = [json.loads(line) for line in file]
    own = ascii_key(row['url'])
    stories = {ascii_key(link['href']) for link in links if link['label'] == 'related-story' and link['scored']} - {own}
    return stories, {ascii_key(link['href']) for link in links if not link['scored']} - stories


class Result:
    """What flong made of one page."""

    def __init__(self, row, work, site):
        self.row = row
        self.folder = work(row['id'].replace('/', '_'))
        self.package = self.folder + '.wacz'
        self.run = flong('crawl', row['url'], '-o', self.folder, '--wacz', '--depth', '1', '--retries', '0', *QUIET,
                         *site.options())

    def read(self):
        self.archive = Archive(self.folder)
        self.report = self.archive.report()
        own = {ascii_key(self.row['url'])}
        # At depth 1 every page asked for besides the seed is a story that was found on it.
        self.found = {ascii_key(line[3]) for line in self.archive.log()
                      if re.fullmatch(r'L', line[4]) and line[5] == self.seed()} - own
        self.found = {key for key in self.found if key.split('/')[0].endswith(PUBLISHER) and not key.startswith('p.')}

    def seed(self):
        return next(exchange.url for exchange in self.archive.exchanges if exchange.url.startswith('https://') and
                    not exchange.url.endswith('/robots.txt'))

    def check_headline(self):
        wanted, found = self.row['expected_title'], self.report['headline']
        if not found or (wanted and ' '.join(wanted.split()) != ' '.join(found.split())):
            raise AssertionError('headline "%s", expected "%s"' % (found, wanted or 'any'))

    def check_body(self):
        """The page's payload is the file of the corpus."""
        data = page_of(self.row)
        exchange = self.archive.by_url[self.seed()][0]
        if gzip.decompress(payload_of(exchange.reply)) != data:
            raise AssertionError('the payload is not the page')

    def check_related(self):
        stories, free = labelled(self.row)
        right = self.found & stories
        wrong = self.found - stories - free
        if stories and len(right) < RECALL * len(stories):
            raise AssertionError('%d of %d stories, missing %s' % (len(right), len(stories), sorted(stories - right)))
        if len(wrong) > max(1, (1 - PRECISION) * len(right)):
            raise AssertionError('%d of %d are no stories: %s' % (len(wrong), len(self.found), sorted(wrong)))

    def check_missing(self):
        """What the corpus lacks is counted as missing, each with its reason."""
        missing = self.report['missing']
        if len(missing) != self.report['requisitesMissing']:
            raise AssertionError('%d listed, %d counted' % (len(missing), self.report['requisitesMissing']))
        bare = [entry for entry in missing if not entry.get('reason')]
        if bare or self.report['requisitesFound'] != self.report['requisitesMissing'] + self.report['requisitesCaptured']:
            raise AssertionError('%s; %s' % (bare[:3], {name: self.report[name] for name in self.report if 'requis' in name}))

    def check_package(self):
        with zipfile.ZipFile(self.package) as package:
            if package.testzip() is not None or 'datapackage.json' not in package.namelist():
                raise AssertionError('the package is damaged')
            seeds = package.read('pages/pages.jsonl').decode().splitlines()[1:]
        if len(seeds) != 1:
            raise AssertionError('seeds %s' % seeds)

    def keep(self, folder):
        """Copies the package to `folder`; what a reader of it has to show."""
        return {'wacz': shutil.copy(self.package, folder), 'url': self.seed(),
                'headline': self.row['expected_title'] or self.report['headline']}

    def line(self):
        label = labelled(self.row)
        stories = '%d of %d labelled' % (len(self.found & label[0]), len(label[0])) if label else 'unlabelled'
        return '%-28s | %-60s | %d found, %s | %d found, %d captured, %d missing | %s' % (
            self.row['id'], self.report['headline'][:60], len(self.found), stories, self.report['requisitesFound'],
            self.report['requisitesCaptured'], self.report['requisitesMissing'],
            'WACZ %d bytes' % os.path.getsize(self.package))


def one_page(tap, row, work, wires):
    name = row['id'] + ': '
    folder = work.folder('site-' + row['id'].replace('/', '_'))
    with CorpusSite(os.path.join(folder, 'files'), rows_of_corpus()) as site:
        result = Result(row, work, site)
        if not tap.say(result.run.code == 0, name + 'ends with exit 0', result.run):
            return None
        result.read()
        comparison = Comparison(site.wire(), result.archive)
    comparison.run()
    wires.append(comparison)
    tap.run(name + 'every exchange once, byte for byte', check_bytes, comparison)
    tap.run(name + 'the page itself is the payload', result.check_body)
    tap.run(name + 'the headline', result.check_headline)
    if labelled(row):
        tap.run(name + 'the related stories', result.check_related)
    tap.run(name + 'what is missing is told with its reason', result.check_missing)
    tap.run(name + 'the package', result.check_package)
    return result


def keep_packages(results, folder):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, 'shown.json'), 'w', encoding='utf-8') as file:
        json.dump([result.keep(folder) for result in results], file, indent=1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--keep', metavar='FOLDER')
    kept = parser.parse_args().keep
    if not os.path.isdir(CORPUS):
        skip_all('../shared/corpus is not here')
    tap = begin()
    results, wires = [], []
    with Work() as work:
        for row in rows_of_corpus():
            results.append(one_page(tap, row, work, wires))
        tap.note('page | headline | related stories | requisites | package')
        for result in filter(None, results):
            tap.note(result.line())
        if kept:
            keep_packages(filter(None, results), os.path.abspath(kept))
    tap.note('exchanges %d, kept %d bytes, lost %d' % (
        sum(len(each.pairs) for each in wires), sum(each.kept for each in wires), sum(len(each.lost) for each in wires)))
    tap.end()


if __name__ == '__main__':
    sys.exit(main())
