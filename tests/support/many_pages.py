#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""many_pages.py FLONG FOLDER - a collection whose index is over 5 MB, packed; what it must show.

FOLDER gets the collection `many`, the package many.wacz and shown.json (see blocks.mjs): pages at the
beginning, in the middle and at the end of the index, with and without a slash or query at the end of
their URLs, each with a style sheet. Blocks of other keys lie between a key with the slash, as the
player makes it, and the one without, as pywb does: a page with the slash is only found when the index
has both.
"""
import gzip
import json
import os
import subprocess
import sys
import uuid

COUNT = 15000  # pages; a line of the index is over 350 bytes
HOST = 'https://many.example'
DATE = '2026-11-23T19:00:00.000Z'


def member(kind, url, block, number):
    head = (f'WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{uuid.UUID(int=number, version=4)}>\r\n'
            f'WARC-Date: {DATE}\r\n' + (f'WARC-Target-URI: {url}\r\n' if url else 'WARC-Filename: many-00000.warc.gz\r\n') +
            ('Content-Type: application/http;msgtype=response\r\n' if url else 'Content-Type: application/warc-fields\r\n') +
            f'Content-Length: {len(block)}\r\n\r\n')
    return gzip.compress(head.encode() + block + b'\r\n\r\n', 1, mtime=0)


def reply(body, media_type):
    return (f'HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n').encode() + body


def page_url(number):
    """Of each 5000: one with a slash at its end, one with a query, and those whose keys come between
    the two forms of the first one's key. No URL begins another: the player's list would be ambiguous."""
    story, rest = f'{HOST}/Stories/{"abc"[number // 5000]}', number % 5000
    return (f'{story}/', f'{HOST}/Searches/{number}/?b=2&a=1')[rest] if rest < 2 else f'{story}-{rest:04d}'


def headline(number):
    return f'Story number {number}'


def page(number):
    return (f'<!DOCTYPE html><html><head><title>{headline(number)}</title>'
            f'<link rel="stylesheet" href="/style/{number % 7}/"></head>'
            f'<body><h1>{headline(number)}</h1><p>Some words.</p></body></html>').encode()


def write_warc(path):
    with open(path, 'wb') as warc:
        warc.write(member('warcinfo', None, b'software: many_pages\r\n', 1))
        for number in range(COUNT):
            warc.write(member('response', page_url(number), reply(page(number), 'text/html'), number + 2))
        for number in range(7):
            style = b'h1 { color: rgb(1, 2, %d) }' % (number + 3)
            warc.write(member('response', f'{HOST}/style/{number}/', reply(style, 'text/css'), COUNT + number + 2))


def main():
    flong, folder = sys.argv[1:]
    many = os.path.join(folder, 'many')
    for name in ('archive', 'indexes', 'pages'):
        os.makedirs(os.path.join(many, name))
    warc, index = os.path.join(many, 'archive', 'many-00000.warc.gz'), os.path.join(many, 'indexes', 'index.cdx')
    write_warc(warc)
    subprocess.run([flong, 'index', '--ms', '--record-digest', '--post', '-o', index, warc], check=True)
    if os.path.getsize(index) <= 5000000:
        sys.exit(f'{index} is too small for this test')
    shown = [0, 1, 2, 2500, 4999, 5000, 5001, 7500, 10000, 10001, 10002, COUNT - 1]
    with open(os.path.join(many, 'pages', 'pages.jsonl'), 'w', encoding='utf-8') as pages:
        pages.write('{"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": false}\n')
        for number in shown:
            pages.write(json.dumps({'id': str(number), 'url': page_url(number), 'ts': DATE, 'title': headline(number)}) + '\n')
    package = os.path.join(folder, 'many.wacz')
    subprocess.run([flong, 'pack', many, '-o', package], check=True, stdout=subprocess.DEVNULL)
    with open(os.path.join(folder, 'shown.json'), 'w', encoding='utf-8') as out:
        json.dump({'wacz': package, 'pages': [{'url': page_url(number), 'headline': headline(number),
                                               'color': f'rgb(1, 2, {number % 7 + 3})'} for number in shown]}, out)


if __name__ == '__main__':
    main()
