# SPDX-License-Identifier: MIT
"""wacz_make - WARC and WACZ files made of a few captures, right ones and each kind of wrong one

Only the standard library; `Zip` writes every field of a ZIP file by itself, so that it can lie.
"""
import gzip
import hashlib
import json
import struct
import zlib

DATE = '2026-11-23T19:00:00.123Z'


def sha256(content):
    return 'sha256:' + hashlib.sha256(content).hexdigest()


def record(kind, url, block, date=DATE, content_type='application/http;msgtype=response', **fields):
    """A WARC record, uncompressed. Fields as WARC_Profile='...'."""
    identity = hashlib.sha256(('%s %s %s' % (kind, url, date)).encode()).hexdigest()
    lines = ['WARC/1.1', 'WARC-Type: ' + kind, 'WARC-Record-ID: <urn:uuid:%s-%s-4%s-8%s-%s>' % (
        identity[:8], identity[8:12], identity[13:16], identity[17:20], identity[20:32]), 'WARC-Date: ' + date]
    lines += ['WARC-Target-URI: ' + url] if url else []
    lines += ['%s: %s' % (name.replace('_', '-'), value) for name, value in fields.items()]
    lines += ['Content-Type: ' + content_type, 'Content-Length: %d' % len(block)]
    return '\r\n'.join(lines).encode() + b'\r\n\r\n' + block + b'\r\n\r\n'


def reply(body, mime='text/html', status='200 OK', **fields):
    """An HTTP reply. Fields as Content_Encoding='gzip'."""
    lines = ['HTTP/1.1 ' + status, 'Content-Type: ' + mime]
    lines += ['%s: %s' % (name.replace('_', '-'), value) for name, value in fields.items()]
    return '\r\n'.join(lines).encode() + b'\r\n\r\n' + body


def response(url, body, mime='text/html', date=DATE, **fields):
    return record('response', url, reply(body, mime, **fields), date, WARC_Payload_Digest=sha256(body))


def revisit(url, body, original, original_date=DATE, date='2026-11-23T19:10:00.000Z', mime='text/html'):
    return record('revisit', url, reply(b'', mime), date, WARC_Payload_Digest=sha256(body),
                  WARC_Profile='http://netpreserve.org/warc/1.1/revisit/identical-payload-digest',
                  WARC_Refers_To_Target_URI=original, WARC_Refers_To_Date=original_date)


def members(records):
    return b''.join(gzip.compress(one, mtime=0) for one in records)


def files_of(warc, index, pages=(), name='data.warc.gz'):
    """The files of a WACZ, without the two that describe it. `index`: sorted lines."""
    rows = [{'format': 'json-pages-1.0', 'id': 'pages', 'title': 'All Pages'}, *pages]
    return {
        'archive/' + name: warc,
        'indexes/index.cdx': ''.join(index).encode(),
        'pages/pages.jsonl': ''.join(json.dumps(row) + '\n' for row in rows).encode(),
    }


def described(files, wrong=()):
    """The same with datapackage.json and its digest. `wrong`: files whose hash is not theirs."""
    resources = [{'name': path.split('/')[-1].lower(), 'path': path, 'bytes': len(content),
                  'hash': sha256(content + (b'x' if path in wrong else b''))} for path, content in files.items()]
    package = json.dumps({'profile': 'data-package', 'wacz_version': '1.1.1', 'created': '2026-11-23T19:00:00Z',
                          'software': 'test', 'resources': resources}).encode()
    digest = json.dumps({'path': 'datapackage.json', 'hash': sha256(package)}).encode()
    return {**files, 'datapackage.json': package, 'datapackage-digest.json': digest}


class Zip:
    """A ZIP file; what `add` is given instead of the truth stands in the headers."""

    def __init__(self):
        self.data, self.central, self.count = b'', b'', 0

    def add(self, name, content, deflate=False, flags=0, mode=0, offset=None, central_name=None, central_size=None,
            method=None, crc=None, extra=b''):
        squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
        stored = squeeze.compress(content) + squeeze.flush() if deflate else content
        crc = zlib.crc32(content) if crc is None else crc
        method = method if method is not None else 8 if deflate else 0
        raw = name if isinstance(name, bytes) else name.encode()
        other = raw if central_name is None else central_name.encode()
        size = len(content) if central_size is None else central_size
        where = len(self.data) if offset is None else offset
        self.data += struct.pack('<IHHHIIIIHH', 0x04034b50, 20, flags, method, 0, crc, len(stored), len(content),
                                 len(raw), len(extra)) + raw + extra + stored
        self.central += struct.pack('<IHHHHIIIIHHHHHII', 0x02014b50, 0x314 if mode else 20, 20, flags, method, 0, crc,
                                    len(stored) if deflate or central_size is None else size, size, len(other),
                                    len(extra), 0, 0, 0, mode << 16, where) + other + extra
        self.count += 1
        return self

    def bytes(self, count=None, comment=b'', end64=b''):
        count = self.count if count is None else count
        return self.data + self.central + end64 + struct.pack(
            '<IHHHHIIH', 0x06054b50, 0, 0, count, count, len(self.central), len(self.data), len(comment)) + comment

    def end64(self, entries=None):
        """The ZIP64 records that may stand before the end record."""
        entries = self.count if entries is None else entries
        where = len(self.data) + len(self.central)
        return struct.pack('<IQHHIIQQQQ', 0x06064b50, 44, 45, 45, 0, 0, entries, entries, len(self.central),
                           len(self.data)) + struct.pack('<IIQI', 0x07064b50, 0, where, 1)


def pack(files, **options):
    """A right ZIP file of these files."""
    made = Zip()
    for name, content in files.items():
        made.add(name, content, **options)
    return made
