#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""index_test - flong index beside other programs, over the shared suite of WARC files

cdxj-indexer runs in this process, as its command line does; FLONG names the program. Every row that
differs from the peer's is in one of the tables below with the reason, or the test fails.
"""
import contextlib
import io
import json
import os
import random
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(TREE, 'tests', 'faults'))
from tap import Tap  # noqa: E402

from cdxj_indexer.main import main as cdxj_indexer  # noqa: E402

FLONG = os.environ['FLONG']
SUITE = os.path.join(TREE, '..', 'shared', 'suites', 'warc')

# Files that are whole, or that the peer takes for whole, and whose rows differ.
KNOWN = {
    '16240290': 'folded fields: the peer keeps the white space in "WARC-Type" and so finds no type',
    'ac1ba2c8': 'ARC 2.0: the peer reads the line as ARC 1.0 and makes a URL of five fields (and the file is cut)',
    'e27511d0': 'ARC 2.0: the peer reads the line as ARC 1.0 and makes a URL of five fields (and the file is cut)',
}
# Rows of damaged files that only the peer has: those of the damaged record itself.
DAMAGED = {
    '4f393809': 'every line ends in CR CR LF: there is no end of a head, the standard has no such line',
    '55f24947': 'the only record is shorter than its Content-Length',
    '891ff170': 'the last record is shorter than its Content-Length',
    '72767bf0': 'a first line "warc/1.0"',
    '767f7242': 'a first line "warc/1.0"',
    'd2ef452b': 'a first line "warc/1.0"',
}


def peer(*arguments):
    """Standard output of cdxj-indexer, or None when it fails."""
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()), \
            contextlib.redirect_stdout(io.StringIO()):
        out = os.path.join(folder, 'out')
        try:
            cdxj_indexer([*arguments, '-o', out])
        except Exception:  # whatever it trips over
            return None
        with open(out, 'rb') as lines:
            return lines.read()


def flong(*arguments, stdin=None):
    done = subprocess.run([FLONG, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=stdin, check=False)
    return done.returncode, done.stdout, done.stderr.decode('utf-8', 'replace')


def files():
    folder = os.path.join(SUITE, 'files')
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder))]


def rows(text):
    return set((text or b'').splitlines())


def first_fault(errors):
    """The offset of the first damage that flong tells of; None for none."""
    found = re.search(r'offset (\d+)', errors)
    return int(found[1]) if found else None


def place(row):
    entry = json.loads(row.split(b' ', 2)[2])
    return int(entry['offset']), int(entry['length'])


class Table:
    """What came of a comparison, shown whether it is right or not."""

    def __init__(self, name):
        self.name, self.files, self.equal, self.rows, self.known, self.bad = name, 0, 0, 0, [], []

    def add(self, path, ours, theirs, reason):
        self.files += 1
        self.rows += len(rows(ours))
        if ours == theirs:
            self.equal += 1
        elif reason:
            self.known.append((os.path.basename(path), reason))
        else:
            lost, more = rows(theirs) - rows(ours), rows(ours) - rows(theirs)
            self.bad.append(f'{os.path.basename(path)}: without {sorted(lost)[:2]}, besides {sorted(more)[:2]}')

    def show(self, tap):
        tap.note(f'{self.name}: {self.files} files, {self.rows} rows of ours, {self.equal} files equal, '
                 f'{len(self.known)} differ for a known reason, {len(self.bad)} otherwise')
        for reason in sorted({reason for _, reason in self.known}):
            names = [name for name, other in self.known if other == reason]
            tap.note(f'  {len(names)} ({names[0]}{", ..." if len(names) > 1 else ""}): {reason}')
        return tap.say(not self.bad and self.equal > 0, self.name, *self.bad)


def key_of(path):
    return os.path.basename(path)[:8]


def undamaged(tap):
    """Whole files: the lines of the peer, now and as the suite has them."""
    now, kept = Table('whole files: cdxj-indexer -s'), Table('whole files: the lines in the suite')
    for path in files():
        status, ours, _ = flong('index', path)
        theirs = peer('-s', path)
        expected = os.path.join(SUITE, 'expected', os.path.basename(path) + '.cdxj')
        reason = KNOWN.get(key_of(path))
        if status != 0 and not reason:
            continue
        if theirs is not None:
            now.add(path, ours, theirs, reason)
        if os.path.exists(expected):
            with open(expected, 'rb') as lines:
                kept.add(path, ours, lines.read(), reason)
    now.show(tap)
    kept.show(tap)


def damaged(tap):
    """Damaged files: all records before the damage; and each row that both have is the same."""
    count = lines = after = 0
    known, bad = [], []
    for path in files():
        status, ours, errors = flong('index', path)
        theirs = peer('-s', path)
        if status == 0 or theirs is None or key_of(path) in KNOWN:
            continue
        count, lines = count + 1, lines + len(rows(ours))
        offset = first_fault(errors)
        if offset is None:
            bad.append(f'{path}: no offset is named: {errors}')
            continue
        lost = rows(theirs) - rows(ours)
        after += sum(1 for row in rows(ours) if place(row)[0] > offset)
        if any(sum(place(row)) <= offset for row in lost):
            bad.append(f'{path}: rows before the damage at {offset} are lost: {lost}')
        elif lost and key_of(path) in DAMAGED:
            known.append(f'{os.path.basename(path)}: {len(lost)} rows only the peer has: {DAMAGED[key_of(path)]}')
        elif lost:
            bad.append(f'{path}: rows only the peer has: {lost}')
    tap.note(f'damaged files that the peer reads: {count} files, {lines} rows of ours, {after} of them behind damage')
    for line in known:
        tap.note('  ' + line)
    tap.say(not bad and count > 0, 'damaged files: all rows before the damage', *bad)


def every_row_opens_its_record(tap):
    """Rows of all files, whole or damaged: the record at the offset is the one that the row names."""
    bad, count = [], 0
    for path in files():
        listed = [json.loads(line) for line in flong('list', '--json', path)[1].splitlines()]
        uris = {entry['offset']: entry['uri'].strip('<>').replace(' ', '%20') for entry in listed}
        for row in rows(flong('index', path)[1]):
            entry = json.loads(row.split(b' ', 2)[2])
            here = uris.get(int(entry['offset']))  # list may end where the damage is
            count += here is not None
            if here is not None and here != entry.get('url', ''):
                bad.append(f'{path}: {here}: {row}')
    tap.say(not bad and count > 0, f'{count} rows name the URL of the record at their offset', *bad)


def formats(tap):
    """Columns, requests, record digests."""
    for name, options, theirs_options in (
            ('--format cdx11', ['--format', 'cdx11'], ['-11', '-s']), ('--format cdx9', ['--format', 'cdx9'], ['-9', '-s']),
            ('--post', ['--post'], ['-s', '-p']),
            ('--post --record-digest', ['--post', '--record-digest'], ['-s', '-p', '-d']),
            ('--records all', ['--records', 'all'], ['-s', '--records', 'all']),
            ('--fields', ['--fields', 'method,referrer,http:date,req.http:cookie,warc-type'],
             ['-s', '-f', 'method,referrer,http:date,req.http:cookie,warc-type'])):
        table = Table(f'whole files: {name}')
        for path in files():
            status, ours, _ = flong('index', *options, path)
            theirs = peer(*theirs_options, path)
            if status == 0 and theirs is not None:
                table.add(path, ours, theirs, KNOWN.get(key_of(path)) or known_format(name, path, ours, theirs))
        table.show(tap)


EMPTY_SHA1 = b'3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ'


def known_format(name, path, ours, theirs):
    """Why the lines of this form differ, when all that do differ for that reason."""
    one, other = sorted(rows(ours)), sorted(rows(theirs))
    if '.arc' in path and name == '--records all':
        return 'the first record of an ARC: the peer gives it no URL, and counts its length otherwise'
    if len(one) != len(other):
        return None
    pairs = [(a, b) for a, b in zip(one, other) if a != b]
    digest = rb'"digest": "sha1:[A-Z2-7]{32}"'
    if all(EMPTY_SHA1 in b and re.sub(digest, b'', a) == re.sub(digest, b'', b) for a, b in pairs):
        return 'only in digests: the peer digests a payload that it has read already, which is nothing'
    if name.startswith('--format') and all(b'  ' in b for _, b in pairs):
        return 'an empty field: the peer leaves its column empty, which moves all that follow'
    return None


def jwarc_lines(tap):
    """jwarc's own CDX-11: counted, since its rows are made by other rules."""
    same = differ = 0
    for path in files():
        expected = os.path.join(SUITE, 'expected', os.path.basename(path) + '.jwarc.cdx')
        status, ours, _ = flong('index', '--format', 'cdx11', path)
        if status == 0 and os.path.exists(expected):
            with open(expected, 'rb') as lines:
                theirs = {re.sub(rb'^(\S+) ', b'', line) for line in lines.read().splitlines()}
            for row in rows(ours):
                found = re.sub(rb'^(\S+) ', b'', row) in theirs
                same, differ = same + found, differ + (not found)
    tap.note(f'jwarc cdx: {same} rows the same but for the key, {differ} not (Location in r, 200 for resources, '
             'application/octet-stream for no type, base32 of every digest)')
    tap.say(same > 0, 'jwarc writes some of the same columns')


def literals(tap):
    """The lines in cdxj-indexer's own tests."""
    options = {'index_file_cli': [], 'digest_records=True': ['--record-digest'], 'post_append=True': ['--post'],
               "'-d'": ['--record-digest'], "'-p'": ['--post'], 'cdx11=True': ['--format', 'cdx11'],
               'cdx09=True': ['--format', 'cdx9']}
    good, bad = 0, []
    with open(os.path.join(SUITE, 'cdxj-indexer-literals.jsonl'), encoding='utf-8') as lines:
        cases = [json.loads(line) for line in lines]
    with tempfile.TemporaryDirectory() as folder:
        for case in cases:
            name = re.search(r"'([\w.-]+\.(?:w?arc)(?:\.gz)?)'", case['call'])[1]
            arguments = [word for mark, words in options.items() if mark in case['call'] for word in words]
            fields = re.search(r"fields='([^']*)'", case['call'])
            arguments += ['--fields', fields[1]] if fields else []
            where = os.path.join(folder, 'test/data') if 'dir_root' in case['call'] else folder
            arguments += ['--dir-root', folder] if 'dir_root' in case['call'] else []
            if is_literal(name, case, arguments, where):
                good += 1
            else:
                bad.append(f'{case["test"]}: {arguments} {name}')
    tap.note(f'literals: {good} of {len(cases)}')
    tap.say(not bad and good == len(cases) and good > 0, 'the literals of cdxj-indexer', *bad)


def is_literal(name, case, arguments, where):
    """One of the files of this name in the suite gives these lines, in any order."""
    os.makedirs(where, exist_ok=True)
    link = os.path.join(where, name)
    for path in files():
        if os.path.basename(path)[9:] == name:
            with contextlib.suppress(FileNotFoundError):
                os.remove(link)
            os.symlink(path, link)
            lines = flong('index', *arguments, link)[1].decode()
            if sorted(lines.splitlines()) == sorted(case['expected'].splitlines()):
                return True
    return False


def threads_and_merging(tap):
    """The same bytes whatever the threads, and whether files or their indexes are given."""
    paths = files()
    _, want, errors = flong('index', '-j', '1', *paths)
    for jobs in ('2', '7'):
        tap.say(flong('index', '-j', jobs, *paths)[1:] == (want, errors), f'-j {jobs}: lines and messages as with one')
    tap.say(want == b''.join(sorted(want.splitlines(True))), 'sorted by bytes')
    with tempfile.TemporaryDirectory() as folder:
        part, rest = os.path.join(folder, 'a.cdxj'), os.path.join(folder, 'b.cdxj')
        flong('index', '-o', part, *paths[:40])
        with open(rest, 'wb') as lines:  # not sorted
            lines.write(b'\r\n'.join(reversed(flong('index', *paths[40:80])[1].splitlines())))
        tap.say(flong('index', part, rest, *paths[80:])[1] == want, 'indexes are merged with files')
        tap.say(flong('index', part, part)[1] == open(part, 'rb').read(), 'a line is written once')
        eleven = os.path.join(folder, 'c.cdx')
        flong('index', '--format', 'cdx11', '-o', eleven, *paths)
        tap.say(flong('index', '--format', 'cdx11', eleven)[1] == open(eleven, 'rb').read(), 'CDX-11 is read and written')


def found_by_pywb(source, url, match):
    from pywb.warcserver.index.query import CDXQuery  # pylint: disable=import-outside-toplevel
    params = {'url': url, 'matchType': match}
    CDXQuery(params)  # adds the range of keys
    return [json.loads(row.to_json()) for row in source.load_index(params)]


def found_by_flong(path, url, match):
    status, out, _ = flong('inspect', 'cdxj', '--url', url, '--match', match, path)
    return [json.loads(line) for line in out.splitlines()] if status == 0 else []


def places(found):
    return [(row['filename'], str(row['offset']), row['timestamp']) for row in found]


def blocks(tap):
    """pywb finds in the compressed blocks what it finds in the plain index, and so do we in both."""
    from pywb.warcserver.index.indexsource import FileIndexSource  # pylint: disable=import-outside-toplevel
    from pywb.warcserver.index.zipnum import ZipNumIndexSource  # pylint: disable=import-outside-toplevel
    with tempfile.TemporaryDirectory() as folder:
        plain_path = os.path.join(folder, 'index.cdxj')
        flong('index', '-o', plain_path, *files())
        plain = FileIndexSource(plain_path)
        with open(plain_path, 'rb') as lines:
            urls = {json.loads(row.split(b' ', 2)[2]).get('url', '') for row in lines}
        urls = sorted(url for url in urls if re.match('https?://', url) and url.isascii() and '*' not in url)
        for size in ('10', '300', '3000'):
            flong('index', '--zipnum', folder, '--lines', size, plain_path)
            source, bad = ZipNumIndexSource(os.path.join(folder, 'index.idx')), []
            for url in urls:
                want, got = places(found_by_pywb(plain, url, 'exact')), places(found_by_pywb(source, url, 'exact'))
                if got != want or not want:
                    bad.append(f'{url}: {got} instead of {want}')
            tap.say(not bad, f'pywb finds {len(urls)} URLs in blocks of {size} lines', *bad[:3])
        bad, count = [], 0
        for url in urls[::12]:
            for match in ('exact', 'prefix', 'host', 'domain'):
                count += 1
                want = places(found_by_pywb(plain, url, match))
                for path in (plain_path, os.path.join(folder, 'index.idx')):
                    got = places(found_by_flong(path, url, match))
                    if got != want:
                        bad.append(f'{match} {url} in {path}: {len(got)} rows instead of {len(want)}')
        tap.say(not bad and count > 0, f'flong finds what pywb finds: {count} searches, plain and in blocks', *bad[:5])


# --- bodies of requests ---

def some_json(rng, depth=0):
    kind = rng.randrange(8 if depth < 3 else 6)
    if kind < 2:
        return rng.choice([0, 1, -7, 123456789012345678901234567890, 1.5, 0.001, 1e-3, 12345.678])
    if kind < 6:
        return rng.choice(['', 'a b', 'é&=?', '"\\/\n', '漢字😀', 'x' * rng.randrange(50)])
    if kind == 6:
        return [some_json(rng, depth + 1) for _ in range(rng.randrange(4))]
    return {rng.choice(['a', 'b', 'c d', 'é', 'a.2_', 'é.']): some_json(rng, depth + 1) for _ in range(rng.randrange(4))}


def some_body(rng):
    """(Content-Type or None, body)."""
    kind = rng.randrange(7)
    if kind == 0:
        return 'application/json', json.dumps(some_json(rng), ensure_ascii=rng.random() < 0.5).encode()
    if kind == 1:
        return 'text/plain; charset=utf-8', json.dumps({'a': some_json(rng)}, indent=rng.choice([None, 1])).encode()
    if kind == 2:
        parts = b''.join(b'--BoU\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % (
            rng.choice([b'a', b'b c', b'%22q', 'é'.encode()]), rng.choice([b'', b'; filename="f.bin"']),
            rng.choice([b'', b'v', b'x\r\ny', '漢 字'.encode()])) for _ in range(rng.randrange(1, 4)))
        return 'multipart/form-data; boundary=BoU', parts + b'--BoU--\r\n'
    if kind == 3:
        body = ''.join(rng.choice(['a', '=', '&', '+', '%20', '%C3%A9', '%C3', '%zz', 'é', '😀', '%', ' ', '%2B'])
                       for _ in range(rng.choice([3, 20, 5000])))
        return 'application/x-www-form-urlencoded', body.encode()
    if kind == 4:
        return 'application/x-www-form-urlencoded', bytes(rng.randrange(256) for _ in range(30))
    if kind == 5:
        return 'application/json', rng.choice([b'', b'{', b'{"a":1}\n{"b":2}', b'[1,2]', b'{"a":1}\n', b'nope', b'"s"'])
    return rng.choice([None, 'image/png', 'text/plain']), bytes(rng.randrange(256) for _ in range(rng.choice([0, 5, 4000])))


def record(kind, url, name, other, block):
    head = (f'WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{name}>\r\nWARC-Concurrent-To: <urn:uuid:{other}>\r\n'
            f'WARC-Date: 2026-11-23T19:00:00Z\r\nWARC-Target-URI: {url}\r\nWARC-Payload-Digest: sha1:X\r\n'
            f'Content-Type: application/http\r\nContent-Length: {len(block)}\r\n\r\n')
    return head.encode() + block + b'\r\n\r\n'


def request_bodies(tap):
    """Bodies of all kinds, by chance but the same each time: the peer's key and requestBody."""
    rng, warc = random.Random(7), b''
    for number in range(1500):
        media_type, body = some_body(rng)
        framing = f'Content-Length: {len(body)}\r\n' if rng.random() < 0.9 else ''
        kind = f'Content-Type: {media_type}\r\n' if media_type else ''
        method = rng.choice(['POST', 'POST', 'PUT', 'GET', 'post', 'PATCH'])
        request = f'{method} /x HTTP/1.1\r\n{kind}{framing}\r\n'.encode() + body
        url = f'http://example.com/{number}' + rng.choice(['', '?', '?q=1', '?q=1&', '/'])
        pair = [record('response', url, f'{number}a', f'{number}b', b'HTTP/1.1 200 OK\r\n\r\nok'),
                record('request', url, f'{number}b', f'{number}a', request)]
        warc += b''.join(pair if rng.random() < 0.5 else reversed(pair))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'posts.warc')
        with open(path, 'wb') as file:
            file.write(warc)
        ours, theirs = flong('index', '--post', path)[1], peer('-s', '-p', path)
    bad = sorted(rows(ours) ^ rows(theirs))
    tap.say(theirs and not bad, f'{len(rows(ours))} request bodies give the keys of cdxj-indexer -p',
            f'{len(bad)} lines differ', *[row.decode()[:300] for row in bad[:6]])


def main():
    tap = Tap()
    for test in (undamaged, damaged, every_row_opens_its_record, formats, jwarc_lines, literals, threads_and_merging,
                 blocks, request_bodies):
        test(tap)
    tap.end()


if __name__ == '__main__':
    main()
