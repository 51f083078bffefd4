#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""judge.py PEER FOLDER - what another program says of the archive in FOLDER.

FOLDER holds one or more .warc.gz files and, for the peers that want them, a .wacz file and index.cdx.
PEER is one of the functions below. Exit status 0: it agrees; 1: it does not, and how is printed;
77: the peer is not installed. FLONG names the program, FLONG_PEERS the folder of the peers.
"""
import base64
import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(TREE, 'tests', 'support'))

from warc_records import Damage, records  # noqa: E402

PEERS = os.environ.get('FLONG_PEERS', os.path.join(TREE, '.peers'))
FLONG = os.environ.get('FLONG', os.path.join(TREE, 'build', 'flong'))


class Absent(Exception):
    """The peer is not installed."""


class Verdict:
    """Collects complaints; `known` are those a peer is known to be wrong about, with the reason."""

    def __init__(self):
        self.complaints, self.known = [], {}

    def blame(self, text):
        self.complaints.append(text)

    def excuse(self, reason):
        self.known[reason] = self.known.get(reason, 0) + 1


def peer(*path):
    """The path of an installed peer."""
    file = os.path.join(PEERS, *path)
    if not os.path.exists(file):
        raise Absent(f'{path[-1]} is not installed; scripts/setup --peers does it')
    return file


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.returncode, done.stdout.decode('utf-8', 'replace')


def warcs(folder):
    found = sorted(glob.glob(os.path.join(folder, '*.warc.gz')))
    if not found:
        raise Damage(f'{folder} holds no .warc.gz file')
    return found


def dechunk(body):
    """(entity, had extensions or trailers); the entity is None when the framing is broken."""
    entity, extra = b'', False
    while True:
        line, end, body = body.partition(b'\r\n')
        size, semicolon, _ = line.partition(b';')
        if not end or not re.fullmatch(rb'[0-9A-Fa-f]+[ \t]*', size):
            return None, extra
        extra = extra or bool(semicolon)
        count = int(size, 16)
        if count == 0:
            return entity, extra or body != b'\r\n'
        if body[count:count + 2] != b'\r\n':
            return None, extra
        entity, body = entity + body[:count], body[count + 2:]


def digest_is(digest, data):
    """Is "sha1:..." or "sha256:..." (hex or base32) the digest of data?"""
    algorithm, _, value = digest.partition(':')
    raw = hashlib.new(algorithm, data).digest()
    return value in (raw.hex(), base64.b32encode(raw).decode())


def payload_of(record):
    """The payload as the standard means it: without transfer-coding; None when its framing is broken."""
    if not record.fields.get('content-type', '').startswith('application/http'):
        return record.block
    body = record.http()[2]
    return dechunk(body)[0] if record.is_chunked() else body


def broken_reply(record):
    """Why the HTTP message itself is at fault, whoever reads it; None when it is sound."""
    if record.type != 'response':
        return None
    if 'warc-truncated' in record.fields:
        return 'WARC-Truncated: ' + record.fields['warc-truncated']
    _, fields, body = record.http()
    lengths = {value for name, value in fields if name == 'content-length'}
    if record.is_chunked():
        entity, extra = dechunk(body)
        if entity is None:
            return 'broken chunks'
        return 'chunk extensions or trailers' if extra else None
    if len(lengths) > 1 or any(not value.isdigit() or int(value) != len(body) for value in lengths):
        return 'Content-Length is not the length of the body'
    return None


def members(folder, verdict):
    """gzip -t, one member a record, and both digests of every record by our own reading."""
    for path in warcs(folder):
        status, output = run('gzip', '-t', path)
        if status != 0:
            verdict.blame(output.strip())
        seen = 0
        for record in records(path):
            seen += 1
            where = f'{path} offset {record.offset} {record.type} {record.url}'
            block, payload = (record.fields.get(f'warc-{kind}-digest') for kind in ('block', 'payload'))
            if not block or not digest_is(block, record.block):
                verdict.blame(f'{where}: block digest is {block or "not there"}')
            content = payload_of(record)
            if record.type != 'revisit' and payload and content is not None and not digest_is(payload, content):
                verdict.blame(f'{where}: payload digest is not of the body without transfer-coding')
        if seen == 0:
            verdict.blame(f'{path} holds no record')


def warcio(folder, verdict):
    """`warcio check`: it hashes chunked bodies with their framing, and may complain only of that."""
    tool = peer('python', 'bin', 'warcio')
    for path in warcs(folder):
        chunked = {record.offset for record in records(path) if record.is_chunked()}
        offset, passed = -1, 0
        for line in run(tool, 'check', '-v', path)[1].splitlines():
            text = line.strip()
            at = re.match(r'offset (\d+) WARC-Record-ID', text)
            if at:
                offset = int(at[1])
            elif text == 'digest pass' or text.startswith('digest present but not checked'):
                passed += 1  # not checked: the payload of a revisit is elsewhere
            elif text.startswith('payload digest failed') and offset in chunked:
                verdict.excuse('payload digest over chunks: warcio hashes the framing too')
            elif text and text != path:
                verdict.blame(f'{path} offset {offset}: {text}')
        if passed == 0 and not chunked:
            verdict.blame(f'{path}: warcio checked nothing')


def jwarc(folder, verdict):
    """`jwarc validate`: no ERROR but on replies that are broken themselves (and then we look at the digests)."""
    peer('java', 'pom.xml')
    if not shutil.which('java'):
        raise Absent('java is not installed; scripts/setup --peers does it')
    for path in warcs(folder):
        by_offset = {record.offset: record for record in records(path)}
        status, output = run('java', '-cp', os.path.join(PEERS, 'java', '*'),
                             'org.netpreserve.jwarc.tools.WarcTool', 'validate', '-v', path)
        record, errors = None, 0
        for line in output.splitlines():
            at = re.match(r'.*: +offset (\d+) \(length (\d+)\)', line)
            if at:
                record = by_offset.get(int(at[1]))
                if record is None or record.length != int(at[2]):
                    verdict.blame(f'{path}: jwarc finds a record of {at[2]} bytes at offset {at[1]}, we do not')
            elif 'ERROR' in line or 'xception' in line:
                errors += 1
                why = record and broken_reply(record)
                if why and 'block digest' not in line:
                    verdict.excuse(f'reply is broken itself ({why})')
                else:
                    verdict.blame(f'{path} offset {record and record.offset} {record and record.url}: {line.strip()}')
        if status != 0 and errors == 0:
            verdict.blame(f'{path}: jwarc ends with {status}: {output[-300:].strip()}')
        if record is None:
            verdict.blame(f'{path}: jwarc found no record')


def warcio_js(folder, verdict):
    """warcio.js reads every record: the same types, URLs and HTTP status codes as we do."""
    if not shutil.which('node'):
        raise Absent('node is not installed; scripts/setup --peers does it')
    peer('node', 'node_modules', 'warcio')
    for path in warcs(folder):
        status, output = run('node', os.path.join(HERE, 'warcio_js.mjs'), path)
        ours = []
        for record in records(path):
            line = record.http()[0] if record.type == 'response' else ''
            code = re.match(r'HTTP/\S+ +(\d{3})', line)
            ours.append(f'{record.type} {record.url} {int(code[1]) if code else "-"}'.strip())
        theirs = output.splitlines()
        if status != 0:
            verdict.blame(f'{path}: {output[-500:]}')
        for number, (one, other) in enumerate(zip(ours, theirs)):
            if one != other:
                verdict.blame(f'{path} record {number + 1}: warcio.js reads "{other}", we read "{one}"')
        if len(ours) != len(theirs):
            verdict.blame(f'{path}: warcio.js finds {len(theirs)} records, we find {len(ours)}')


def fastwarc(folder, verdict):
    """FastWARC finds as many records and the block digest of each right."""
    peer('python', 'bin', 'fastwarc')
    from fastwarc.warc import ArchiveIterator  # pylint: disable=import-error,import-outside-toplevel
    for path in warcs(folder):
        count = 0
        with open(path, 'rb') as stream:
            for record in ArchiveIterator(stream, parse_http=False):
                count += 1
                if not record.verify_block_digest():
                    verdict.blame(f'{path} record {count} ({record.record_id}): block digest is wrong')
        ours = sum(1 for _ in records(path))
        if count != ours:
            verdict.blame(f'{path}: FastWARC finds {count} records, we find {ours}')


def wacz(folder, verdict):
    """`wacz validate` accepts the package."""
    tool = peer('python', 'bin', 'wacz')
    found = glob.glob(os.path.join(folder, '*.wacz'))
    if not found:
        raise Damage(f'{folder} holds no .wacz file')
    for path in found:
        status, output = run(tool, 'validate', '-f', path)
        if status != 0 or 'Validation succeeded' not in output:
            verdict.blame(f'{path}: {output.strip()}')


def first_difference(ours, theirs):
    for number, (one, other) in enumerate(zip(ours, theirs)):
        if one != other:
            return f'line {number + 1}:\n  flong:        {one}\n  cdxj-indexer: {other}'
    return f'flong has {len(ours)} lines, cdxj-indexer {len(theirs)}'


def cdxj(folder, verdict):
    """`flong index` prints what `cdxj-indexer -s` prints; index.cdx has those rows, only dated more exactly."""
    tool = peer('python', 'bin', 'cdxj-indexer')
    files = warcs(folder)
    ours = subprocess.run([FLONG, 'index', *files], stdout=subprocess.PIPE, check=False).stdout
    theirs = subprocess.run([tool, '-s', *files], stdout=subprocess.PIPE, check=False).stdout
    if not theirs:
        verdict.blame('cdxj-indexer -s prints nothing')
    if ours != theirs:
        verdict.blame('flong index and cdxj-indexer -s differ, ' +
                      first_difference(ours.decode().splitlines(), theirs.decode().splitlines()))
    index = os.path.join(folder, 'index.cdx')
    if os.path.exists(index):
        with open(index, encoding='utf-8') as lines:
            rows = [re.sub(r'^(\S+ \d{14})\d{3} ', r'\1 ', line.rstrip('\n')) for line in lines]
        exact = subprocess.run([tool, '-s', '-p', '-d', *files], stdout=subprocess.PIPE, check=False).stdout
        exact = sorted(exact.decode().splitlines())
        if sorted(rows) != exact:
            verdict.blame('index.cdx and cdxj-indexer -s -p -d differ, ' + first_difference(sorted(rows), exact))


JUDGES = {judge.__name__: judge for judge in (members, warcio, jwarc, warcio_js, fastwarc, wacz, cdxj)}


def main():
    name, folder = sys.argv[1:]
    verdict = Verdict()
    try:
        JUDGES[name](folder, verdict)
    except Absent as absent:
        print(f'SKIP: {absent}')
        return 77
    except Damage as damage:
        verdict.blame(str(damage))
    for reason, count in verdict.known.items():
        print(f'known, {count} times: {reason}')
    for complaint in verdict.complaints:
        print(f'FAIL: {complaint}')
    return 1 if verdict.complaints else 0


if __name__ == '__main__':
    sys.exit(main())
