# SPDX-License-Identifier: MIT
"""made_archive - collections written record by record, for what no server and no crawl of ours would give

MadeArchive('folder').add(url, body, ...) ... .write() leaves a collection without digests' help: archive/made.warc,
indexes/index.cdx made by `flong index`, and stories/stories.jsonl from the lines given to story().
"""
import json
import os
import subprocess
import uuid

DATE = '2026-11-23T19:00:%02d.%03dZ'


class MadeArchive:
    def __init__(self, folder, flong):
        self.folder, self.flong, self.records, self.stories = folder, flong, [], []

    def moment(self):
        """A time of its own for each record."""
        count = len(self.records)
        return DATE % (count // 1000 % 60, count % 1000)

    def add(self, url, body, kind='text/html; charset=utf-8', status='200 OK', fields=(), date=None, block=None):
        """A response; `fields` are lines of the HTTP head as bytes, `block` is the whole of it instead."""
        date = date or self.moment()
        body = body.encode() if isinstance(body, str) else body
        if block is None:
            kind = kind.encode('latin-1') if isinstance(kind, str) else kind
            head = [b'HTTP/1.1 ' + status.encode(), b'Content-Type: ' + kind, b'Content-Length: %d' % len(body), *fields]
            block = b'\r\n'.join(head) + b'\r\n\r\n' + body
        self.record('response', url, date, 'application/http;msgtype=response', block)
        return date

    def record(self, kind, url, date, media, block, *more):
        lines = ['WARC/1.1', 'WARC-Type: ' + kind, 'WARC-Record-ID: <urn:uuid:%s>' % uuid.UUID(int=len(self.records) + 1),
                 'WARC-Date: ' + date, 'WARC-Target-URI: ' + url, 'Content-Type: ' + media, *more,
                 'Content-Length: %d' % len(block)]
        self.records.append('\r\n'.join(lines).encode('utf-8', 'surrogateescape') + b'\r\n\r\n' + block + b'\r\n\r\n')

    def story(self, **line):
        self.stories.append(line)

    def write(self):
        for name in ('archive', 'indexes', 'stories'):
            os.makedirs(os.path.join(self.folder, name))
        warc = os.path.join(self.folder, 'archive', 'made.warc')
        with open(warc, 'wb') as file:
            file.write(b''.join(self.records))
        with open(os.path.join(self.folder, 'indexes', 'index.cdx'), 'wb') as file:
            subprocess.run([self.flong, 'index', '--ms', warc], stdout=file, check=True)
        if self.stories:
            with open(os.path.join(self.folder, 'stories', 'stories.jsonl'), 'w', encoding='utf-8') as file:
                file.writelines(json.dumps(line) + '\n' for line in self.stories)
        return self.folder
