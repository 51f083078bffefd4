#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""unpack - WACZ files that lie or would do harm are refused before anything is written, right ones become
collections that the other commands take

Each row of HARMFUL is a file that one careless program or another has unpacked.
"""
import json
import os
import stat
import sys

from scenario import Work, begin, flong, same
from wacz_make import Zip, described, files_of, members, pack, response, sha256

URL = 'http://news.example/story'
BODY = b'<html><title>A story</title></html>'
WARC = members([response(URL, BODY)])
INDEX = ['example,news)/story 20261123190000123 %s\n' % json.dumps(
    {'url': URL, 'mime': 'text/html', 'status': '200', 'digest': sha256(BODY), 'length': str(len(WARC)),
     'offset': '0', 'filename': 'data.warc.gz'})]
PAGES = [{'id': '1', 'url': URL, 'ts': '2026-11-23T19:00:00.123Z', 'title': 'A story'}]
FILES = described(files_of(WARC, INDEX, PAGES))


def right():
    return pack(FILES)


def inner():
    """A file whose data is another file with its header: a bomb would nest thousands."""
    nested = Zip().add('logs/b.log', b'inner')
    made = right()
    start = len(made.data) + 30 + len('logs/a.log')
    made.add('logs/a.log', nested.data)
    made.add('logs/b.log', b'inner', offset=start)
    made.data = made.data[:-(30 + len('logs/b.log') + 5)]
    return made


# name: the file's bytes, words of the message
HARMFUL = {
    'a name that leads out': (right().add('../../evil', b'x').bytes(), ["'../../evil'", 'leads out']),
    'a name that leads out later': (right().add('archive/../../evil', b'x').bytes(), ['leads out']),
    'an absolute name': (right().add('/tmp/evil', b'x').bytes(), ["'/tmp/evil'", 'absolute']),
    'a backslash': (right().add('archive\\..\\evil', b'x').bytes(), ['backslash']),
    'a drive letter': (right().add('C:/evil', b'x').bytes(), ['drive letter']),
    'a NUL in a name': (right().add(b'archive/a\0.warc', b'x').bytes(), ['control byte']),
    'an escape sequence in a name': (right().add('archive/\x1b[2J', b'x').bytes(), ['control byte']),
    'a name that is no UTF-8': (right().add(b'archive/\xff', b'x').bytes(), ['UTF-8']),
    'an empty part': (right().add('archive//x', b'x').bytes(), ['empty part']),
    'a symbolic link': (right().add('archive/link', b'/etc/passwd', mode=stat.S_IFLNK | 0o777).bytes(),
                        ["'archive/link'", 'symbolic link']),
    'a device': (right().add('archive/null', b'', mode=stat.S_IFCHR | 0o666).bytes(), ['device']),
    'a pipe': (right().add('archive/pipe', b'', mode=stat.S_IFIFO | 0o666).bytes(), ['pipe']),
    'a name twice': (right().add('archive/data.warc.gz', b'x').bytes(), ["'archive/data.warc.gz'", 'twice']),
    'a name twice but for letter case': (right().add('archive/DATA.warc.gz', b'x').bytes(), ['letter case']),
    'a file that is a folder too': (right().add('archive', b'x').bytes(), ['no directory']),
    'entries that overlap': (inner().bytes(), ["'logs/b.log'", 'overlaps', "'logs/a.log'"]),
    'two entries of one header': (right().add('logs/x.log', b'x', offset=0).bytes(), ['another name']),
    'a size that lies': (right().add('logs/x.log', b'xyz', central_size=2).bytes(), ["'logs/x.log'", 'sizes lie']),
    'a deflated size that cannot be': (
        right().add('logs/x.log', b'xyz', deflate=True, central_size=1 << 31).bytes(), ['sizes lie', 'deflated']),
    'another name in the directory': (
        right().add('logs/x.log', b'x', central_name='logs/y.log').bytes(), ["'logs/y.log'", 'another name']),
    'a directory with more entries': (right().bytes(count=6), ['damaged at its entry 6 of 6']),
    'a directory with fewer entries': (right().bytes(count=3), ['more than its 3 entries']),
    'ZIP64 records that lie': (right().bytes(end64=right().end64(4)), ['ZIP64', 'contradicts']),
    'encryption': (right().add('logs/x.log', b'x', flags=1).bytes(), ["'logs/x.log'", 'encrypted']),
    'an unknown method': (right().add('logs/x.log', b'x', method=14).bytes(), ['method 14']),
    'bytes after the end': (right().bytes() + b'garbage', ['7 bytes follow']),
    'bytes before the start': (b'#!/bin/sh\n' + right().bytes(), ['in front']),
    'a second end in the comment': (right().bytes(comment=Zip().bytes()), ['2 ways']),
    'a cut file': (right().bytes()[:-30], ['ZIP file']),
    'more entries than anyone needs': (
        Zip().bytes(count=0xffff, end64=Zip().end64(1000000)), ['1000000 entries']),
    'a hash that does not match': (
        pack(described(files_of(WARC, INDEX, PAGES), ['archive/data.warc.gz'])).bytes(),
        ["'archive/data.warc.gz'", 'hash', 'datapackage.json']),
    'a datapackage.json that does not match': (
        pack({**FILES, 'datapackage.json': FILES['datapackage.json'] + b' '}).bytes(), ['datapackage-digest.json']),
    'a file that is missing': (
        pack({name: content for name, content in FILES.items() if 'pages' not in name}).bytes(),
        ["'pages/pages.jsonl'", 'not there']),
    'a datapackage.json that is no JSON': (pack({**FILES, 'datapackage.json': b'{'}).bytes(), ['datapackage.json']),
    'a checksum that does not match': (
        right().add('logs/x.log', b'x', crc=1).bytes(), ["'logs/x.log'", 'checksum']),
    'a ZIP file of something else': (Zip().add('readme.txt', b'x').bytes(), ['no WACZ']),
    'an empty file': (b'', ['no ZIP file']),
    'a text': (b'this is a text, and not a short one', ['no ZIP file']),
}


def everything(folder):
    return sorted(os.path.join(path, name) for path, folders, names in os.walk(folder) for name in folders + names)


def refuses(work, name, content, words):
    """Exit 1, one line with the words; nothing new anywhere."""
    path = work(name.replace(' ', '-') + '.wacz')
    with open(path, 'wb') as file:
        file.write(content)
    before = everything(work.path)
    run = flong('unpack', path, '-o', work('out'), cwd=work.path)
    lines = run.err.splitlines()
    if run.code != 1 or run.out or not lines or not lines[-1].startswith('flong: '):
        raise AssertionError('not refused: %s' % run)
    for word in words:
        if word not in lines[-1]:
            raise AssertionError('"%s" is not named: %s' % (word, run))
    same(everything(work.path), before, 'files')
    os.unlink(path)


def put(path, content):
    with open(path, 'wb') as file:
        file.write(content)
    return path


def unpacks(work, name, content, expected, notices=()):
    out = work(name)
    run = flong('unpack', put(work(name + '.wacz'), content), '-o', out)
    if run.code != 0 or run.out != out + '\n':
        raise AssertionError(run)
    for word in notices:
        if word not in run.err:
            raise AssertionError('"%s" is not told: %s' % (word, run))
    if not notices and run.err:
        raise AssertionError('something is told: %s' % run)
    found = {os.path.relpath(path, out) for path in everything(out) if os.path.isfile(path)}
    same(found, expected, 'files')
    for path, content in expected.items():
        with open(os.path.join(out, path), 'rb') as file:
            if content is not None and file.read() != content:
                raise AssertionError(path + ' is not what it was')
    return out


def comes_back(work):
    """unpack, check, pack, unpack: the same files again."""
    out = unpacks(work, 'round', right().bytes(), FILES)
    for command in (('check', out), ('pack', out, '-o', work('again.wacz'))):
        run = flong(*command)
        if run.code != 0:
            raise AssertionError(run)
    run = flong('unpack', work('again.wacz'), '-o', work('again'))
    if run.code != 0:
        raise AssertionError(run)
    for path in ('archive/data.warc.gz', 'indexes/index.cdx', 'pages/pages.jsonl'):
        with open(work('again', path), 'rb') as file:
            if file.read() != FILES[path]:
                raise AssertionError(path + ' is not what it was')


def renames_index(work):
    files = files_of(WARC, INDEX, PAGES)
    files['indexes/index.cdxj'] = files.pop('indexes/index.cdx')
    files = described(files)
    expected = dict(files)
    expected['indexes/index.cdx'] = expected.pop('indexes/index.cdxj')
    unpacks(work, 'cdxj', pack(files).bytes(), expected, ['index.cdxj is now'])


def makes_index(work):
    files = files_of(WARC, INDEX, PAGES)
    del files['indexes/index.cdx']
    files = described(files)
    out = unpacks(work, 'bare', pack(files).bytes(), {**files, 'indexes/index.cdx': None}, ['made anew'])
    with open(os.path.join(out, 'indexes', 'index.cdx'), encoding='utf-8') as file:
        if not file.read().startswith('example,news)/story 20261123190000123 {'):
            raise AssertionError('not the index')


def leaves_out(work):
    more = {**FILES, 'fuzzy.json': b'{}', 'raw/x': b'x'}
    unpacks(work, 'more', pack(more).bytes(), FILES, ["left out: 'fuzzy.json', 'raw/x'"])


def takes_unlisted(work):
    more = {**FILES, 'logs/x.log': b'x'}
    unpacks(work, 'unlisted', pack(more).bytes(), more, ["not verified: 'logs/x.log'"])


def ignores_hashes(work):
    files = described(files_of(WARC, INDEX, PAGES), ['archive/data.warc.gz'])
    path = put(work('wrong.wacz'), pack(files).bytes())
    run = flong('unpack', path, '-o', work('wrong'), '--ignore-hashes')
    if run.code != 0 or 'has the hash' not in run.err or not os.path.isdir(work('wrong')):
        raise AssertionError(run)


def keeps_what_exists(work):
    path = put(work('kept.wacz'), right().bytes())
    os.makedirs(work('kept'))
    for code, name in ((2, 'kept'), (2, 'kept/')):
        run = flong('unpack', path, '-o', work(name))
        if run.code != code or 'exists already' not in run.err or os.listdir(work('kept')):
            raise AssertionError(run)
    os.symlink('nowhere', work('link'))
    run = flong('unpack', path, '-o', work('link'))
    if run.code != 2 or os.path.exists(work('nowhere')):
        raise AssertionError(run)


def main():
    tap = begin()
    for name, (content, words) in HARMFUL.items():
        with Work() as work:
            tap.run('%s: refused, nothing is written' % name, refuses, work, name, content, words)
    with Work() as work:
        tap.run('a WACZ comes back as it was after unpack, check and pack', comes_back, work)
        tap.run('deflated files and folders are taken', unpacks, work, 'deflated',
                pack(FILES, deflate=True).add('archive/', b'').bytes(), FILES)
        tap.run('index.cdxj becomes index.cdx', renames_index, work)
        tap.run('an index is made where there is none', makes_index, work)
        tap.run('what is no part of a collection is left out and named', leaves_out, work)
        tap.run('what datapackage.json does not name is named', takes_unlisted, work)
        tap.run('--ignore-hashes names wrong hashes and goes on', ignores_hashes, work)
        tap.run('what exists is kept', keeps_what_exists, work)
    tap.end()


if __name__ == '__main__':
    sys.exit(main())
