# SPDX-License-Identifier: MIT
"""warc_records.py - reads WARC files with nothing but the standard library, and strictly.

It is the tests' own reader, independent of flong and of the peers: it says where each record lies and
what it holds, and raises Damage where a file is not one gzip member per record, whole to the last byte.
"""
import zlib

WINDOW = 1 << 14  # what a member is given at a time; zlib copies what it does not need


class Damage(Exception):
    """What is wrong with a file; the message names the offset."""


class Record:
    """One record: where it lies in the file, its fields (lower-case names) and its block."""

    def __init__(self, offset, length, head, block):
        self.offset, self.length, self.block = offset, length, block
        lines = head.decode('utf-8').split('\r\n')
        self.version, self.fields, self.all_fields = lines[0], {}, []
        for line in lines[1:]:
            name, colon, value = line.partition(':')
            if not colon:
                raise Damage(f'offset {offset}: no colon in the field "{line}"')
            self.all_fields.append((name.lower(), value.strip()))
            self.fields.setdefault(name.lower(), value.strip())

    @property
    def type(self):
        return self.fields.get('warc-type', '')

    @property
    def url(self):
        return self.fields.get('warc-target-uri', '')

    def http(self):
        """Start line, fields as (lower-case name, value) and raw body of an HTTP message."""
        head, _, body = self.block.partition(b'\r\n\r\n')
        lines = head.decode('latin-1').split('\r\n')
        fields = [(name.strip().lower(), value.strip())
                  for name, _, value in (line.partition(':') for line in lines[1:])]
        return lines[0], fields, body

    def is_chunked(self):
        if not self.fields.get('content-type', '').startswith('application/http'):
            return False
        return any(name == 'transfer-encoding' and 'chunked' in value.lower() for name, value in self.http()[1])


def member_at(data, offset):
    """(compressed length, content) of the gzip member there; raises Damage when there is no whole one."""
    inflate, content, at = zlib.decompressobj(31), [], offset
    while not inflate.eof:
        if at >= len(data):
            raise Damage(f'offset {offset}: the last gzip member is cut short')
        try:
            content.append(inflate.decompress(data[at:at + WINDOW]))
        except zlib.error as error:
            raise Damage(f'offset {offset}: no gzip member: {error}') from None
        at += WINDOW
    return min(at, len(data)) - offset - len(inflate.unused_data), b''.join(content)


def members(path):
    """(offset, compressed length, content) of each gzip member; all of the file must be members."""
    with open(path, 'rb') as file:
        data = file.read()
    offset = 0
    while offset < len(data):
        length, content = member_at(data, offset)
        yield offset, length, content
        offset += length


def record_at(offset, length, content):
    """The one record that `content` must be."""
    head, blank, rest = content.partition(b'\r\n\r\n')
    if not blank or not head.startswith(b'WARC/'):
        raise Damage(f'offset {offset}: a gzip member without a record')
    record = Record(offset, length, head, b'')
    size = record.fields.get('content-length', '')
    if not size.isdigit():
        raise Damage(f'offset {offset}: Content-Length is "{size}"')
    record.block = rest[:int(size)]
    if len(record.block) != int(size):
        raise Damage(f'offset {offset}: the block is {len(record.block)} bytes, Content-Length says {size}')
    if rest[int(size):] != b'\r\n\r\n':
        raise Damage(f'offset {offset}: after the block comes {rest[int(size):][:40]!r}, not CRLF CRLF and the end')
    return record


def records(path):
    """Each Record of a .warc.gz file with one member a record."""
    for offset, length, content in members(path):
        yield record_at(offset, length, content)
