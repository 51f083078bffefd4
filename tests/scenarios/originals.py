#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""originals - a package that shows everything by itself: the originals of its revisits come from the archives that have
them, as they are stored there, and are believed only after their payload was compared"""
import base64
import gzip
import hashlib
import json
import os
import re
import shutil
import uuid

from little import PIXEL, Little
from scenario import Archive, Flong, Work, begin, flong, same
from serving import Server
from warc_records import members

QUIET = ('--progress', 'never', '--wait', '0', '--depth', '0', '--parsers', '0', '--workers', '0', '--jobs', '1')
PICTURE = PIXEL * 100


class Place:
    """`first` has the picture as /a, and in `second` it is a revisit of that, as /c."""

    def __init__(self, work, site):
        self.work, self.site = work, site
        site.pages.update({'/': b'<img src=/a>', '/a': ('image/gif', PICTURE), '/b': b'<img src=/c>',
                           '/c': ('image/gif', PICTURE)})
        self.crawl('/', 'first', '--wacz')
        self.crawl('/b', 'second', '--dedup', self('first'))
        self.warc, = Archive(self('first')).warcs
        self.index = self('first', 'indexes', 'index.cdx')
        self.original, = Archive(self('first')).by_url[site.url('/a')]
        self.revisit, = Archive(self('second')).by_url[site.url('/c')]
        same([self.revisit.reply.type], ['revisit'], 'what /c is')

    def __call__(self, *names):
        return self.work(*names)

    def crawl(self, page, output, *options):
        flong('crawl', self.site.url(page), '-o', self(output), *QUIET, *options).expect(0)

    def pack(self, name, *options, code=0, what='second'):
        run = flong('pack', self(what), '-o', self(name + '.wacz'), *options).expect(code)
        left = [name for name in os.listdir(self.work.path) if 'partial' in name]
        if left or os.path.exists(self(name + '.wacz')) != (code == 0):
            raise AssertionError((run, left))
        return run

    def contained(self, name, *sources, **more):
        options = [part for source in sources for part in ('--dedup', source)]
        return self.pack(name, '--self-contained', *options, **more)

    def unpacked(self, name):
        flong('unpack', self(name + '.wacz'), '-o', self(name)).expect(0)
        return Archive(self(name))

    def rows(self, path, text):
        """The lines of an index whose URL ends so."""
        with open(path, encoding='utf-8') as file:
            return [line for line in file if json.loads(line[line.index('{'):])['url'].endswith(text)]


def is_sound(place, name):
    """Nothing dangles, the file of originals is one, and what it has is as it was; returns its bytes."""
    flong('check', place(name + '.wacz')).expect(0)
    archive = place.unpacked(name)
    path, = [path for path in archive.warcs if os.path.basename(path).startswith('originals-')]
    copied = [record for file, found in archive.files if file == path for record in found]
    same([record.type for record in copied], ['warcinfo', 'response', 'request', 'metadata'], 'kinds')
    kept = {record.fields['warc-record-id']: record for record in Archive(place('first')).all}
    for record in copied[1:]:
        before = kept[record.fields['warc-record-id']]
        same([(*record.all_fields, record.block)], [(*before.all_fields, before.block)], record.type)
    same([record.url for record in copied[2:]], [place.site.url('/a')] * 3, 'URLs')
    found, = [json.loads(line[line.index('{'):]) for line in place.rows(archive.of('indexes', 'index.cdx'), '/a')]
    same([found['filename'], found['offset'], found['length']],
         [os.path.basename(path), str(copied[2].offset), str(copied[2].length)], 'the row of the original')
    with open(path, 'rb') as file:
        return file.read()


def members_of(place):
    """The stored bytes of the records of the original, and of its warcinfo record."""
    with open(place.warc, 'rb') as file:
        data = file.read()
    return [data[at:at + length] for at, length, content in members(place.warc)
            if b'Type: warcinfo' in content or
            place.original.reply.fields['warc-record-id'].encode() in content]


def check_sources(tap, place):
    """One of each kind."""
    flong('repair', place.warc, '-o', place('plain.warc'), '--compress', 'none').expect(0)
    flong('repair', place.warc, '-o', place('frames.warc.zst'), '--compress', 'zstd').expect(0)
    for name, source in (('collection', place('first')), ('wacz', place('first.wacz')), ('warc', place.warc),
                         ('cdxj', place.index), ('plain', place('plain.warc')), ('zstd', place('frames.warc.zst'))):
        place.contained(name, source)
        data = is_sound(place, name)
        wanted = [] if name in ('plain', 'zstd') else members_of(place)
        tap.say(all(data.count(part) == 1 for part in wanted), 'the original is there, as it is stored: ' + name)
    server = Server(Flong, place('wacz.wacz'))
    stamp = re.sub(r'\D', '', place.revisit.reply.fields['warc-date'])
    answer = server.capture('/wacz/%sid_/%s' % (stamp, place.site.url('/c')))
    server.end()
    tap.say((answer[0], answer[2]) == (200, PICTURE), 'and the picture is shown', answer)
    place.contained('several', place('second'), place.warc, place('first'), place('first.wacz'))
    tap.run('several that have it: it is copied once', is_sound, place, 'several')


def check_lacking(tap, place):
    os.rename(place('first'), place('away'))
    before = {path: os.stat(path).st_mtime_ns for path in Archive(place('second')).warcs}
    run = place.contained('lacking', code=1)
    tap.say('1 revisit needs' in run.err and place.site.url('/c') in run.err and place.site.url('/a') in run.err,
            'without an archive there is no package, and it is said why', run)
    os.rename(place('away'), place('first'))
    run = place.contained('recalled')
    tap.say(place('first') in run.err, 'it is looked for where the crawl did', run)
    is_sound(place, 'recalled')
    run = place.pack('bare')
    tap.say('1 revisit needs' in run.err and run.out == place('bare.wacz') + '\n', 'a package that needs others says so', run)
    run = flong('check', place('bare.wacz'))
    tap.say(run.code == 16 and 'W-25' in run.out, 'and check finds what dangles', run)
    run = place.pack('whole', what='first')
    tap.say(run.err == '', 'one that needs none says nothing', run)
    place.contained('whole-too', what='first')
    tap.say({os.path.basename(path) for path in place.unpacked('whole-too').warcs} ==
            {os.path.basename(place.warc)}, 'and has no file of originals')
    tap.say(before == {path: os.stat(path).st_mtime_ns for path in Archive(place('second')).warcs} and
            not place.rows(place('second', 'indexes', 'index.cdx'), '/a'), 'the collection stays as it is')


def check_lies(tap, place):
    """What looks like the original and is none."""
    place.crawl('/b', 'later')
    place.contained('other-url', place('later'), code=1)
    tap.say(True, 'the payload of another URL: no original')
    lines = place.rows(place.index, '/')
    digest = place.original.reply.fields['warc-payload-digest']
    stamp = re.sub(r'\D', '', place.original.reply.fields['warc-date'])
    row = json.loads(lines[0][lines[0].index('{'):])
    row.update(url=place.site.url('/a'), digest=digest)
    shutil.copy(place.warc, place(os.path.basename(place.warc)))
    with open(place('lying.cdxj'), 'w', encoding='utf-8') as file:
        file.write('a)/ %s %s\n' % (stamp, json.dumps(row)))
    place.contained('lying', place('lying.cdxj'), code=1)
    tap.say(True, 'a row that leads to another record: no original')
    with open(place('plain.warc'), 'rb') as file:
        data = file.read()
    at = data.index(PICTURE)
    with open(place('changed.warc'), 'wb') as file:
        file.write(data[:at + 500] + b'!' + data[at + 501:])
    place.contained('changed', place('changed.warc'), code=1)
    tap.say(True, 'a payload that was changed: no original')
    target = b'WARC-Target-URI: ' + place.site.url('/a').encode()
    with open(place('retold.warc'), 'wb') as file:
        file.write(data.replace(target, target[:-1] + b'z'))
    rows = flong('index', '--ms', place('plain.warc')).expect(0).out
    with open(place('retold.cdxj'), 'w', encoding='utf-8') as file:
        file.write(rows.replace('plain.warc', 'retold.warc'))
    place.contained('retold', place('retold.cdxj'), code=1)
    tap.say(True, 'a record of another URL than its row says: no original')
    place.contained('in-the-end', place('lying.cdxj'), place('changed.warc'), place.warc)
    tap.run('one that is right among them', is_sound, place, 'in-the-end')


def check_order(tap, place):
    """Other writers: the request first, and damage in the same file."""
    parts = []
    with open(place.warc, 'rb') as file:
        data = file.read()
    for at, length, content in members(place.warc):
        parts.append((content, data[at:at + length]))
    ours = place.original.reply.fields['warc-record-id'].encode()
    at = next(i for i, (content, _) in enumerate(parts) if b'Record-ID: ' + ours in content)
    parts[at], parts[at + 1] = parts[at + 1], parts[at]
    with open(place('turned.warc.gz'), 'wb') as file:
        file.write(b''.join(stored for _, stored in parts))
    place.contained('turned', place('turned.warc.gz'))
    path, = [path for path in place.unpacked('turned').warcs if 'originals-' in path]
    kinds = [re.search(rb'WARC-Type: (\w+)', content)[1].decode() for _, _, content in members(path)]
    tap.say(kinds == ['warcinfo', 'warcinfo', 'request', 'response', 'metadata'], 'a request before its response', kinds)
    stored = bytearray(data)
    stored[len(parts[0][1]) + 60] ^= 0xff
    os.makedirs(place('hurt', 'archive'))
    os.makedirs(place('hurt', 'indexes'))
    with open(place('hurt', 'archive', os.path.basename(place.warc)), 'wb') as file:
        file.write(stored)
    shutil.copy(place.index, place('hurt', 'indexes', 'index.cdx'))
    place.contained('hurt-source', place('hurt'))
    tap.run('damage elsewhere in the file is passed over', is_sound, place, 'hurt-source')


def check_several(tap, place):
    """Two originals of one file, that two archives have."""
    pictures = {'/1': ('image/gif', PICTURE + b'1'), '/2': ('image/gif', PICTURE + b'2')}
    place.site.pages.update({'/p': b'<img src=/1><img src=/2>', '/q': b'<img src=/3><img src=/4>', **pictures,
                             '/3': pictures['/1'], '/4': pictures['/2']})
    place.crawl('/p', 'pair')
    place.crawl('/q', 'repeats', '--dedup', place('pair'))
    half = place('pair', 'indexes', 'half.cdxj')
    with open(half, 'w', encoding='utf-8') as file:
        file.writelines(place.rows(place('pair', 'indexes', 'index.cdx'), '/2'))
    place.contained('both', half, *Archive(place('pair')).warcs, what='repeats')
    flong('check', place('both.wacz')).expect(0)
    path, = [path for path in place.unpacked('both').warcs if 'originals-' in path]
    kinds = [re.search(rb'WARC-Type: (\w+)', content)[1].decode() for _, _, content in members(path)]
    tap.say(sorted(kinds) == ['metadata'] * 2 + ['request'] * 2 + ['response'] * 2 + ['warcinfo'] * 2,
            'two originals under one warcinfo record', kinds)
    run = place.contained('one-of-them', half, what='repeats', code=1)
    tap.say('1 revisit needs' in run.err and place.site.url('/3') in run.err, 'one of two is lacking: no package', run)


def record(kind, date, block, **fields):
    """A record of another writer, as a gzip member."""
    fields = {name.replace('_', '-'): value for name, value in fields.items()}
    fields = {'WARC-Type': kind, 'WARC-Record-ID': '<urn:uuid:%s>' % uuid.uuid4(), 'WARC-Date': date,
              'Content-Type': 'application/http;msgtype=response', 'Content-Length': len(block), **fields}
    head = ''.join('%s: %s\r\n' % field for field in fields.items())
    return gzip.compress(b'WARC/1.0\r\n' + head.encode() + b'\r\n' + block + b'\r\n\r\n')


def check_others(tap, place):
    """Collections of other writers: dates in whole seconds, digests over the framing, revisits that say less."""
    head, url = b'HTTP/1.1 200 OK\r\nContent-Type: image/gif\r\nTransfer-Encoding: chunked\r\n\r\n', 'http://a.example/picture'
    body = b'%x\r\n%s\r\n0\r\n\r\n' % (len(PICTURE), PICTURE)
    digest = 'sha1:' + base64.b32encode(hashlib.sha1(body).digest()).decode()
    with open(place('theirs.warc.gz'), 'wb') as file:
        file.write(record('response', '2026-11-20T10:00:00.250Z', head + body, WARC_Target_URI=url, WARC_Payload_Digest=digest))
    whole = {'WARC_Payload_Digest': digest, 'WARC_Refers_To_Target_URI': url, 'WARC_Refers_To_Date': '2026-11-20T10:00:00Z'}
    for name, code, fields in (
            ('a whole second', 0, whole), ('another moment', 1, {**whole, 'WARC_Refers_To_Date': '2026-11-20T10:00:00.100Z'}),
            ('another payload', 1, {**whole, 'WARC_Payload_Digest': 'sha1:' + 'A' * 32}),
            ('no digest', 1, {name: value for name, value in whole.items() if 'Digest' not in name}),
            ('no date', 0, {name: value for name, value in whole.items() if 'Date' not in name})):
        folder = name.replace(' ', '-')
        for part in ('archive', 'indexes', 'pages'):
            os.makedirs(place(folder, part))
        with open(place(folder, 'archive', 'x.warc.gz'), 'wb') as file:
            file.write(record('revisit', '2026-11-21T10:00:00Z', head, WARC_Target_URI=url, **fields))
        with open(place(folder, 'indexes', 'index.cdx'), 'w', encoding='utf-8') as file:
            file.write(flong('index', '--ms', place(folder, 'archive', 'x.warc.gz')).expect(0).out)
        with open(place(folder, 'pages', 'pages.jsonl'), 'w', encoding='utf-8') as file:
            file.write('{"format": "json-pages-1.0", "id": "pages", "title": "All"}\n')
        run = place.contained(folder + '-packed', place('theirs.warc.gz'), what=folder, code=code)
        found = code == 0 and [os.path.basename(path)[:10] for path in place.unpacked(folder + '-packed').warcs]
        tap.say(found == {'a whole second': ['originals-', 'x.warc.gz'], 'no date': ['x.warc.gz']}.get(name, False),
                'a revisit of another writer: ' + name, run)
    run = flong('check', place('a-whole-second-packed.wacz'))
    tap.say('1 of 1 revisit finds' in run.out, 'and check finds the original', run)


def check_runs(tap, place):
    """Originals of other runs, and of other archives, of a collection whose WARC files are plain."""
    with open(place('job.conf'), 'w', encoding='utf-8') as file:
        file.write('url = %s\ncollection = %s\ndedup = %s\ncompress = 0\ndepth = 0\nprogress = never\nwait = 0\njobs = 1\n'
                   % (place.site.url('/e'), place('job'), place('first')))
    place.site.pages.update({'/e': b'<img src=/c><img src=/f>', '/f': ('image/gif', PICTURE[::-1])})
    for _ in range(2):
        flong('run', place('job.conf')).expect(0)
    run = place.contained('run', place('second'), what='job', code=1)
    tap.say('2 revisits need' in run.err, 'a run: what no other run has is lacking', run)
    place.pack('run', '--run', 'last', '--self-contained', '--dedup', place('first'), what='job')
    flong('check', place('run.wacz')).expect(0)
    archive = place.unpacked('run')
    urls = [exchange.url for exchange in archive.exchanges if 'originals-' in exchange.path]
    tap.say({place.site.url('/a'), place.site.url('/f')} <= set(urls) and len(urls) == len(set(urls)),
            'a run: the rest comes from the archives', urls)


def check_usage(tap, place):
    for name, options in (('--dedup alone', ('--dedup', place('first'))),
                          ('an archive that is not there', ('--self-contained', '--dedup', place('nowhere'))),
                          ('an archive that is none', ('--self-contained', '--dedup', place('job.conf')))):
        run = place.pack('usage', *options, code=2)
        tap.say('--dedup' in run.err, 'exit 2: ' + name, run)
    os.makedirs(place('empty', 'archive'))
    run = place.contained('usage', what='empty', code=1)
    tap.say(place('empty', 'indexes', 'index.cdx') in run.err, 'a collection without index', run)
    shutil.copytree(place('second'), place('open'))
    os.rename(place.revisit.path.replace('second', 'open', 1), place('open', 'archive', 'x.warc.gz.open'))
    run = place.contained('usage', what='open', code=2)
    tap.say(place('open', 'archive', 'x.warc.gz.open') in run.err, 'a collection that is being written', run)


def main():
    tap = begin()
    with Work() as work, Little() as site:
        place = Place(work, site)
        for part in (check_sources, check_lacking, check_lies, check_order, check_several, check_others, check_runs, check_usage):
            tap.run(part.__name__, part, tap, place)
    return tap.end()


if __name__ == '__main__':
    raise SystemExit(main())
