# SPDX-License-Identifier: MIT
"""wacz_faults - a right WACZ file of three records, and one with each fault that flong check must find

FAULTS has the packages that some player or validator does not take, or that say what is not so.
"""
import base64
import gzip
import json
import stat
import subprocess
import tempfile

from wacz_make import DATE, Zip, described, files_of, members, pack, record, response, revisit, sha256

URL, OTHER = 'http://news.example/story', 'http://news.example/other'
BODY = b'<html><title>A story</title></html>'
FRACTIONS = '20261123190000123'


def info():
    return record('warcinfo', None, b'software: test\r\n', content_type='application/warc-fields')


def row(key, url, content, at, stamp=FRACTIONS, **more):
    """A line of an index; members that are given take the place of the true ones."""
    members_of = {'url': url, 'mime': 'text/html', 'status': '200', 'digest': sha256(BODY), 'length': str(len(content)),
                  'offset': str(at), 'filename': 'data.warc.gz', 'recordDigest': sha256(content), **more}
    return '%s %s %s\n' % (key, stamp, json.dumps(members_of))


FIRST, STORY, SECOND = (members([one]) for one in (info(), response(URL, BODY), revisit(OTHER, BODY, URL)))
WARC = FIRST + STORY + SECOND


def rows(stamps=(FRACTIONS, '20261123191000000'), **more):
    return [row('example,news)/other', OTHER, SECOND, len(FIRST + STORY), stamps[1], mime='warc/revisit'),
            row('example,news)/story', URL, STORY, len(FIRST), stamps[0], **more)]


PAGES = [{'id': '1', 'url': URL, 'ts': DATE, 'title': 'A story'}]
FILES = files_of(WARC, rows(), PAGES)


def package(files, **members_of):
    """With datapackage.json, some of whose members are others; None: it is left out."""
    made = described(files)
    said = {**json.loads(made['datapackage.json']), **members_of}
    return stated(files, {name: value for name, value in said.items() if value is not None})


def stated(files, said, **more):
    text = said if isinstance(said, bytes) else json.dumps(said).encode()
    digest = json.dumps({'path': 'datapackage.json', 'hash': sha256(text), **more}).encode()
    return {**files, 'datapackage.json': text, 'datapackage-digest.json': digest}


def resources(change, files=None):
    """The package with each resource as `change` makes it."""
    files = FILES if files is None else files
    said = json.loads(described(files)['datapackage.json'])
    said['resources'] = [one for one in map(change, said['resources']) if one is not None]
    return stated(files, said)


def without(files, *names):
    return {name: content for name, content in files.items() if name not in names}


def blocks(lines, size=1, **more):
    """The index in blocks: the lines of each, and what the second index says of them."""
    data, places = b'', ['!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}\n']
    for at in range(0, len(lines), size):
        block = gzip.compress(''.join(lines[at:at + size]).encode(), mtime=0)
        said = {'offset': len(data), 'length': len(block), 'digest': sha256(block), **more}
        places.append('%s %s\n' % (lines[at].split(' {')[0], json.dumps(said)))
        data += block
    return data, places


def in_blocks(data, places, name='indexes/index.idx'):
    files = without(FILES, 'indexes/index.cdx')
    return {**files, 'indexes/index.cdx.gz': data, name: ''.join(places).encode()}


def of_pywb(data, places):
    """The same places in the dialect with tabs."""
    lines = []
    for place in places[1:]:
        prefix, said = place.split(' {', 1)
        said = json.loads('{' + said)
        lines.append('%s\tindex.cdx.gz\t%d\t%d\t%d\n' % (prefix, said['offset'], said['length'], len(lines) + 1))
    return in_blocks(data, lines)


def edit_place(**members_of):
    data, places = blocks(rows())
    prefix, said = places[2].split(' {', 1)
    places[2] = '%s %s\n' % (prefix, json.dumps({**json.loads('{' + said), **members_of}))
    return in_blocks(data, places)


def twice():
    """An empty block at the end with the prefix of the one before, as cdxj-indexer writes it."""
    data, places = blocks(rows())
    empty = gzip.compress(b'', mtime=0)
    places.append('%s %s\n' % (places[-1].split(' {')[0], json.dumps(
        {'offset': len(data), 'length': len(empty), 'digest': sha256(empty)})))
    return in_blocks(data + empty, places)


def leftover():
    data, places = blocks(rows())
    return in_blocks(data, places[:-1])


def signed(change=None, **more):
    """Signed anonymously with a new key, by openssl; `change` alters signedData."""
    said = {**json.loads(described(FILES)['datapackage.json']), **more}
    text = json.dumps(said).encode()
    with tempfile.TemporaryDirectory() as folder:
        def openssl(*arguments, **options):
            return subprocess.run(['openssl', *arguments], cwd=folder, check=True, capture_output=True, **options).stdout
        openssl('ecparam', '-name', 'secp384r1', '-genkey', '-noout', '-out', 'key')
        der = openssl('dgst', '-sha256', '-sign', 'key', input=sha256(text).encode())
        public = openssl('ec', '-in', 'key', '-pubout', '-outform', 'DER')
    data = {'hash': sha256(text), 'created': said['created'], 'software': 'test', 'version': '0.1.0',
            'signature': base64.b64encode(raw_of(der)).decode(), 'publicKey': base64.b64encode(public).decode()}
    if change:
        change(data)
    return stated(FILES, text, signedData=data)


def raw_of(der):
    """r and s, 48 bytes each, of an ECDSA signature."""
    numbers, at = b'', 2
    for _ in range(2):
        length = der[at + 1]
        numbers += der[at + 2:at + 2 + length].lstrip(b'\0').rjust(48, b'\0')
        at += 2 + length
    return numbers


def flip(data):
    raw = bytearray(base64.b64decode(data['signature']))
    raw[20] ^= 1
    data['signature'] = base64.b64encode(raw).decode()


def half_extra(zipped):
    """An extra field in the first local header only."""
    made, extra = Zip(), b'\xff\xff\x04\x00abcd'
    for name, content in zipped.items():
        made.add(name, content, extra=extra)
    made.central = b''.join(part[:30] + b'\0\0' + part[32:-len(extra)] for part in centrals(made.central))
    return made.bytes()


def centrals(central):
    while central:
        size = 46 + sum(int.from_bytes(central[at:at + 2], 'little') for at in (28, 30, 32))
        yield central[:size]
        central = central[size:]


def deflated(names, files):
    made = Zip()
    for name, content in files.items():
        made.add(name, content, deflate=name in names)
    return made.bytes()


def bad_checksum(files, wrong):
    made = Zip()
    for name, content in files.items():
        made.add(name, content, crc=1 if name == wrong else None)
    return made.bytes()


def renamed(before, after):
    return {(after if name == before else name): content for name, content in FILES.items()}


GOOD = package(FILES)
LINES = rows()
FRACTION_LESS = rows(('20261123190000', '20261123191000'))
# claim: (the files or the bytes, the rule, the end of the file's name, words of the finding, severity)
FAULTS = {
    # the ZIP file
    'a name with ./': (pack({'./' + name: content for name, content in GOOD.items()}).bytes(),
                       'W-66', '.wacz', "'./archive/data.warc.gz'", 'error'),
    'a name that leads out': (pack(GOOD).add('../evil', b'x').bytes(), 'W-66', '.wacz', "'../evil'", 'error'),
    'a symbolic link': (pack(GOOD).add('logs/x', b'/etc', mode=stat.S_IFLNK | 0o777).bytes(),
                        'W-66', '.wacz', 'symbolic link', 'error'),
    'a name twice': (pack(GOOD).add('archive/data.warc.gz', b'x').bytes(), 'W-66', '.wacz', 'twice', 'error'),
    'a size that lies': (pack(GOOD).add('logs/x', b'xyz', central_size=2).bytes(), 'W-66', '.wacz', 'sizes lie', 'error'),
    'entries of one header': (pack(GOOD).add('logs/x', b'x', offset=0).bytes(), 'W-66', '.wacz', 'another name', 'error'),
    'encryption': (pack(GOOD).add('logs/x', b'x', flags=1).bytes(), 'W-66', '.wacz', 'encrypted', 'error'),
    'a file that is cut': (pack(GOOD).bytes()[:-40], 'W-66', '.wacz', 'cut', 'error'),
    'an empty file': (b'', 'W-66', '.wacz', 'no ZIP file', 'error'),
    'a text': (b'no package', 'W-66', '.wacz', 'no ZIP file', 'error'),
    'another ZIP file': (Zip().add('readme.txt', b'x').bytes(), 'W-36', '.wacz', 'no WACZ', 'error'),
    'a checksum that does not match': (bad_checksum(GOOD, 'pages/pages.jsonl'), 'W-66', 'pages.jsonl', 'checksum', 'error'),
    'a checksum of a WARC file': (bad_checksum(GOOD, 'archive/data.warc.gz'), 'W-66', '.warc.gz', 'checksum', 'error'),
    'a WARC file that is deflated': (deflated(['archive/data.warc.gz'], GOOD), 'W-39', '.warc.gz', 'deflated', 'error'),
    'blocks that are deflated': (deflated(['indexes/index.cdx.gz'], package(in_blocks(*blocks(LINES)))),
                                 'W-39', '.cdx.gz', 'deflated', 'error'),
    'an extra field in local headers only': (half_extra(GOOD), 'W-39', '.warc.gz', 'extra field', 'error'),
    'a file two folders deep': (package({**FILES, 'reports/a/b.json': b'{}'}), 'W-36', 'b.json', 'folder', 'advice'),
    'a WARC file two folders deep': (package(renamed('archive/data.warc.gz', 'archive/x/data.warc.gz')),
                                     'W-36', '.warc.gz', 'players', 'warning'),
    'a file of another kind in archive/': (package({**FILES, 'archive/x.txt': b''}), 'W-36', 'x.txt', 'no part', 'warning'),
    # datapackage.json
    'no datapackage.json': (FILES, 'W-36', 'datapackage.json', 'not there', 'error'),
    'datapackage.json is no JSON': (stated(FILES, b'{"resources": ['), 'W-36', 'datapackage.json', 'JSON', 'error'),
    'resources that are no JSON': (stated(FILES, b'{"resources": [{]}'), 'W-36', 'datapackage.json', 'JSON', 'error'),
    'resources twice': (stated(FILES, b'{"resources": [], "resources": []}'), 'W-36', 'datapackage.json', 'twice', 'error'),
    'a profile that players refuse': (package(FILES, profile='wacz'), 'W-36', 'datapackage.json', "'wacz'", 'error'),
    'an older profile': (package(FILES, profile='wacz-package'), 'W-36', 'datapackage.json', 'both', 'warning'),
    'no profile': (package(FILES, profile=None), 'W-36', 'datapackage.json', 'no profile', 'warning'),
    'no version': (package(FILES, wacz_version=None), 'W-36', 'datapackage.json', 'wacz_version', 'error'),
    'an older version': (package(FILES, wacz_version='1.0.0'), 'W-36', 'datapackage.json', '1.0.0', 'advice'),
    'an unknown version': (package(FILES, wacz_version='9'), 'W-36', 'datapackage.json', "'9'", 'warning'),
    'a date that is none': (package(FILES, created='yesterday'), 'W-36', 'datapackage.json', 'created', 'warning'),
    'a main page that is not there': (package(FILES, mainPageUrl='http://x.example/'),
                                      'W-36', 'datapackage.json', 'mainPageUrl', 'error'),
    'a main page of another time': (package(FILES, mainPageUrl=URL, mainPageDate='2026-01-01T00:00:00Z'),
                                    'W-36', 'datapackage.json', 'mainPageDate', 'warning'),
    'no resources': (package(FILES, resources=None), 'W-37', 'datapackage.json', 'no list', 'error'),
    'a file that is not listed': (resources(lambda one: None if 'pages' in one['path'] else one),
                                  'W-37', 'pages.jsonl', 'not list', 'error'),
    'a file that is not there': (pack(without(GOOD, 'pages/pages.jsonl')).bytes(),
                                 'W-37', 'datapackage.json', 'pages.jsonl', 'error'),
    'a file listed twice': (stated(FILES, {**json.loads(GOOD['datapackage.json']), 'resources': 2 * json.loads(
        GOOD['datapackage.json'])['resources']}), 'W-37', 'datapackage.json', 'twice', 'error'),
    'another hash': (resources(lambda one: {**one, 'hash': sha256(b'x')}), 'W-37', '.warc.gz', 'hash', 'error'),
    'another size': (resources(lambda one: {**one, 'bytes': 1}), 'W-37', '.warc.gz', 'says 1', 'error'),
    'a hash in capitals': (resources(lambda one: {**one, 'hash': one['hash'].upper()}),
                           'W-37', 'datapackage.json', 'lower-case', 'warning'),
    'a hash of another kind': (resources(lambda one: {**one, 'hash': 'blake3:00'}), 'W-37', 'datapackage.json', 'read', 'error'),
    'no hash': (resources(lambda one: {**one, 'hash': ''}), 'W-37', 'datapackage.json', 'no hash', 'error'),
    'no size': (resources(lambda one: {**one, 'bytes': None}), 'W-37', 'datapackage.json', 'no bytes', 'warning'),
    'a path that is none': (resources(lambda one: {**one, 'path': '../x'}), 'W-37', 'datapackage.json', "'../x'", 'error'),
    'names in capitals': (resources(lambda one: {**one, 'name': 'A'}), 'W-37', 'datapackage.json', 'name', 'advice'),
    # datapackage-digest.json
    'no digest file': (without(GOOD, 'datapackage-digest.json'), 'W-38', 'digest.json', 'not there', 'warning'),
    'a digest of something else': ({**GOOD, 'datapackage.json': GOOD['datapackage.json'] + b' '},
                                   'W-38', 'digest.json', 'not that', 'error'),
    'a digest that is no JSON': ({**GOOD, 'datapackage-digest.json': b'x'}, 'W-38', 'digest.json', 'JSON', 'error'),
    'a digest in capitals': ({**GOOD, 'datapackage-digest.json': json.dumps(
        {'path': 'datapackage.json', 'hash': sha256(GOOD['datapackage.json']).upper()}).encode()},
        'W-38', 'digest.json', 'lower-case', 'warning'),
    'a digest of another path': ({**GOOD, 'datapackage-digest.json': json.dumps(
        {'path': 'x', 'hash': sha256(GOOD['datapackage.json'])}).encode()}, 'W-38', 'digest.json', "'x'", 'warning'),
    'a signature of something else': (signed(flip), 'W-43', 'digest.json', 'signature', 'error'),
    'a signature in DER': (signed(lambda data: data.update(signature='MEQCIA==')), 'W-43', 'digest.json', '96', 'error'),
    'a signature that lacks a member': (signed(lambda data: data.pop('software')), 'W-38', 'digest.json', 'software', 'error'),
    'a signature with a member too many': (signed(lambda data: data.update(x='y')), 'W-38', 'digest.json', "'x'", 'warning'),
    'a signature of another hash': (signed(lambda data: data.update(hash=sha256(b''))), 'W-38', 'digest.json', 'hash', 'error'),
    'a signature of another date': (signed(lambda data: data.update(created='2020-01-01T00:00:00Z')),
                                    'W-38', 'digest.json', 'date', 'error'),
    # the index
    'no index': (package(without(FILES, 'indexes/index.cdx')), 'W-40', '.wacz', 'index', 'error'),
    'an index of another name': (package(renamed('indexes/index.cdx', 'indexes/index.cdxj')), 'W-40', '.cdxj', 'index.cdx', 'advice'),
    'blocks without their index': (package(without(in_blocks(*blocks(LINES)), 'indexes/index.idx')),
                                   'W-35', '.cdx.gz', '.idx', 'error'),
    'an index without its blocks': (package(without(in_blocks(*blocks(LINES)), 'indexes/index.cdx.gz')),
                                    'W-35', '.idx', 'not there', 'error'),
    'an empty block with the prefix of another': (package(twice()), 'W-35', '.idx', 'same key and time', 'error'),
    'a block that is not in the index': (package(leftover()), 'W-35', '.idx', 'belong to no block', 'error'),
    'a block of another digest': (package(edit_place(digest=sha256(b''))), 'W-35', '.idx', 'digest', 'error'),
    'a block at another offset': (package(edit_place(offset=1)), 'W-35', '.idx', 'no whole block', 'error'),
    'a block of another length': (package(edit_place(length=9)), 'W-35', '.idx', 'no whole block', 'error'),
    'a block outside': (package(edit_place(length=1 << 40)), 'W-35', '.idx', 'there are no', 'error'),
    'a block of another key': (package(in_blocks(blocks(LINES)[0], [one.replace(')/story', ')/storz') for one in blocks(LINES)[1]])),
                               'W-35', '.idx', 'does not begin', 'error'),
    'places out of order': (package(in_blocks(*blocks(LINES[::-1]))), 'W-35', '.idx', 'sorting', 'error'),
    'a part that leads out': (package(edit_place(filename='../x')), 'W-35', '.idx', "'../x'", 'error'),
    'a capture without a row': (package({**FILES, 'indexes/index.cdx': LINES[0].encode()}), 'W-60', '.warc.gz', 'no row', 'error'),
    'a row with another recordDigest': (package({**FILES, 'indexes/index.cdx': ''.join(
        rows(recordDigest=sha256(b'x'))).encode()}), 'W-34', 'index.cdx', 'recordDigest', 'error'),
    'a row with another offset': (package({**FILES, 'indexes/index.cdx': ''.join(rows(offset='7')).encode()}),
                                  'W-34', 'index.cdx', 'no record', 'error'),
    'a row that is rounded up': (package({**FILES, 'indexes/index.cdx': ''.join(
        rows(('20261123190001', '20261123191000000'))).encode()}), 'W-31', 'index.cdx', '20261123190001', 'error'),
    'seconds where revisits need milliseconds': (package({**FILES, 'indexes/index.cdx': ''.join(FRACTION_LESS).encode()}),
                                                 'W-31', 'index.cdx', '14 digits', 'warning'),
    'rows out of order': (package({**FILES, 'indexes/index.cdx': ''.join(LINES[::-1]).encode()}),
                          'W-32', 'index.cdx', 'sorting', 'error'),
    # the pages
    'no list of pages': (package(without(FILES, 'pages/pages.jsonl')), 'W-41', '.wacz', 'pages.jsonl', 'error'),
    'pages without a header': (package({**FILES, 'pages/pages.jsonl': json.dumps(PAGES[0]).encode() + b'\n'}),
                               'W-41', 'pages.jsonl', 'header', 'error'),
    'a page without a capture': (package(files_of(WARC, LINES, [{'url': 'http://x.example/', 'ts': DATE}])),
                                 'W-41', 'pages.jsonl', 'no capture', 'error'),
    'extra pages without a capture': (package({**FILES, 'pages/extraPages.jsonl': files_of(b'', [], [
        {'url': 'http://x.example/', 'ts': DATE}])['pages/pages.jsonl']}), 'W-41', 'extraPages.jsonl', 'no capture', 'error'),
    # what is in the WARC file
    'a WARC file that is cut': (package({**FILES, 'archive/data.warc.gz': WARC[:-9]}), 'W-51', '.warc.gz', 'cut', 'error'),
    'no WARC file': (package(without(FILES, 'archive/data.warc.gz')), 'W-36', '.wacz', 'no WARC file', 'error'),
}
