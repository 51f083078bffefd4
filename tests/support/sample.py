#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""sample.py FOLDER [FAULT] - a small archive made by the peers (warcio, py-wacz), not by flong.

The checks of tests/interop and tests/browser are tried on it: they must pass on a good archive and
fail on one with a FAULT. Writes sample.warc.gz, sample.wacz and sample.json (what the browser test
wants to know). Run it with the Python of .peers/python.

FAULT: digest    a wrong block digest
       oneshot   all records in one gzip member
       image     a picture that was not captured
       style     a style sheet that was not captured
       font      a font that is no font
       link      a related story that was not captured
       text      pages without text, so that nothing can be found
"""
import gzip
import io
import json
import os
import re
import struct
import subprocess
import sys
import zlib

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from warc_records import members

DATE = '2026-03-02T10:11:12.345Z'
HOST = 'http://www.sample.example'


def png(red, green, blue):
    def chunk(kind, data):
        body = kind + data
        return struct.pack('>I', len(data)) + body + struct.pack('>I', zlib.crc32(body))
    rows = b''.join(b'\0' + bytes((red, green, blue)) * 64 for _ in range(48))
    head = struct.pack('>IIBBBBB', 64, 48, 8, 2, 0, 0, 0)
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', head) + chunk(b'IDAT', zlib.compress(rows)) +
            chunk(b'IEND', b''))


def ttf():
    """The smallest font a browser takes: one square for "A"; needs no font on this machine."""
    glyph = struct.pack('>hhhhhH', 1, 0, 0, 500, 700, 3)  # one contour, its box, last point 3
    glyph += struct.pack('>H', 0) + bytes([1, 1, 1, 1])   # no instructions, points on the curve
    glyph += struct.pack('>hhhhhhhh', 0, 500, 0, -500, 0, 0, 700, 0) + b'\0\0'
    cmap = struct.pack('>HHHHI', 0, 1, 3, 1, 12)          # one table, Windows Unicode
    cmap += struct.pack('>HHHHHHH', 4, 32, 0, 4, 4, 1, 0) + struct.pack(
        '>HHHHHhhHH', 65, 0xffff, 0, 65, 0xffff, 1 - 65, 1, 0, 0)
    family = 'Sample'.encode('utf-16-be')
    names = b''.join(struct.pack('>HHHHHH', 3, 1, 0x409, n, len(family), 0) for n in (1, 2, 3, 4, 6))
    tables = {
        b'OS/2': struct.pack('>HhHHHhhhhhhhhhhh', 3, 600, 400, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) +
                 bytes(10) + struct.pack('>IIII4sHHHhhhHHIIhhHHH', 1, 0, 0, 0, b'NONE', 64, 65, 65, 800,
                                         -200, 0, 800, 200, 1, 0, 500, 700, 0, 32, 1),
        b'cmap': cmap,
        b'glyf': glyph,
        b'head': struct.pack('>IIIIHHqqhhhhHHhhh', 0x10000, 0x10000, 0, 0x5f0f3cf5, 0, 1000, 0, 0, 0, 0,
                             500, 700, 0, 8, 2, 1, 0),
        b'hhea': struct.pack('>IhhhHhhhhhhhhhhhH', 0x10000, 800, -200, 0, 600, 0, 0, 500, 1, 0, 0, 0, 0,
                             0, 0, 0, 2),
        b'hmtx': struct.pack('>HhHh', 600, 0, 600, 0),
        b'loca': struct.pack('>III', 0, 0, len(glyph)),
        b'maxp': struct.pack('>IHHHHHHHHHHHHHH', 0x10000, 2, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
        b'name': struct.pack('>HHH', 0, 5, 6 + len(names)) + names + family,
        b'post': struct.pack('>IIhhIIIII', 0x30000, 0, 0, 0, 0, 0, 0, 0, 0),
    }
    head = struct.pack('>IHHHH', 0x10000, len(tables), 128, 3, len(tables) * 16 - 128)
    offset, entries, body = len(head) + 16 * len(tables), b'', b''
    for tag in sorted(tables):
        data = tables[tag] + bytes(-len(tables[tag]) % 4)
        total = sum(struct.unpack(f'>{len(data) // 4}I', data)) & 0xffffffff
        entries += tag + struct.pack('>III', total, offset + len(body), len(tables[tag]))
        body += data
    return head + entries + body


STORY = '''<!doctype html><html><head><meta charset="utf-8"><title>Kettle sings in parliament</title>
<link rel="stylesheet" href="/style.css"></head><body>
<h1>Kettle sings in parliament</h1><img src="/one.png" alt=""><img src="/two.png" alt="">
<p class="font">AAAA</p><p>The members took tea.</p>
<ul><li><a href="/related">A quokka takes the minutes</a></ul></body></html>'''
RELATED = '''<!doctype html><html><head><meta charset="utf-8"><title>A quokka takes the minutes</title>
<link rel="stylesheet" href="/style.css"></head><body><h1>A quokka takes the minutes</h1>
<p>It wrote marsupially.</p></body></html>'''
STYLE = '''@font-face { font-family: Sample; src: url(/sample.ttf); }
body { background: rgb(250, 240, 230) url(/two.png) no-repeat right top; }
.font { font-family: Sample; }'''


def write_warc(path, fault):
    with open(path, 'wb') as out:
        writer = WARCWriter(out, gzip=True, warc_version='WARC/1.1')
        writer.write_record(writer.create_warcinfo_record(os.path.basename(path), {'software': 'sample'}))
        for where, kind, body in [
                ('/story', 'text/html', STORY.encode()), ('/style.css', 'text/css', STYLE.encode()),
                ('/one.png', 'image/png', png(200, 30, 30)), ('/two.png', 'image/png', png(30, 30, 200)),
                ('/sample.ttf', 'font/ttf', b'no font' if fault == 'font' else ttf()),
                ('/related', 'text/html', RELATED.encode())]:
            if (fault, where) in {('image', '/one.png'), ('style', '/style.css'), ('link', '/related')}:
                continue
            head = StatusAndHeaders('200 OK', [('Content-Type', kind), ('Content-Length', str(len(body)))],
                                    protocol='HTTP/1.1')
            headers = {'WARC-Date': DATE}
            response = writer.create_warc_record(HOST + where, 'response', io.BytesIO(body),
                                                 http_headers=head, warc_headers_dict=headers)
            request = writer.create_warc_record(
                HOST + where, 'request', io.BytesIO(b''), warc_headers_dict={'WARC-Date': DATE},
                http_headers=StatusAndHeaders(f'GET {where} HTTP/1.1', [('Host', HOST[7:])], is_http_request=True))
            writer.write_request_response_pair(request, response)
    if fault in ('digest', 'oneshot'):
        contents = [content for _, _, content in members(path)]
        with open(path, 'wb') as out:
            if fault == 'oneshot':
                contents = [b''.join(contents)]
            for content in contents:
                wrong = b'\\1' + b'A' * 32 if b'/story' in content else b'\\g<0>'
                if fault == 'digest':
                    content = re.sub(rb'(WARC-Block-Digest: sha1:)\w{32}', wrong, content)
                out.write(gzip.compress(content))


def write_wacz(folder, fault):
    pages = os.path.join(folder, 'pages.jsonl')
    with open(pages, 'w', encoding='utf-8') as out:
        out.write('{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}\n')
        for where, title, text in [('/story', 'Kettle sings in parliament', 'The members took tea.'),
                                   ('/related', 'A quokka takes the minutes', 'It wrote marsupially.')]:
            page = {'id': where[1:], 'url': HOST + where, 'ts': DATE, 'title': title}
            if where == '/story':
                page['seed'] = True
            if fault != 'text':
                page['text'] = text
            out.write(json.dumps(page) + '\n')
    wacz = os.path.join(os.path.dirname(sys.executable), 'wacz')
    path = os.path.join(folder, 'sample.wacz')
    subprocess.run([wacz, 'create', '-o', path, '-f', os.path.join(folder, 'sample.warc.gz'), '-p', pages,
                    '-c'], check=True, stdout=subprocess.DEVNULL)
    with open(os.path.join(folder, 'sample.json'), 'w', encoding='utf-8') as out:
        json.dump({'wacz': path, 'url': HOST + '/story', 'headline': 'Kettle sings in parliament',
                   'related': HOST + '/related', 'related_headline': 'A quokka takes the minutes',
                   'word': 'marsupially', 'fonts': 1, 'images': 2}, out)


def main():
    folder, fault = sys.argv[1], (sys.argv[2:] or [''])[0]
    os.makedirs(folder, exist_ok=True)
    write_warc(os.path.join(folder, 'sample.warc.gz'), fault)
    if fault not in ('digest', 'oneshot'):
        write_wacz(folder, fault)


if __name__ == '__main__':
    main()
