# SPDX-License-Identifier: MIT
"""driver - talks to tests/support/fetch_driver: URLs in, exchanges out"""
import base64
import json
import subprocess


class Exchange:
    """One line of the driver; bytes decoded."""

    def __init__(self, row):
        self.row = row
        for name in ('request', 'interim', 'head', 'body'):
            setattr(self, name, base64.b64decode(row.get(name, '')))
        self.outcome, self.reason = row['outcome'], row['reason']
        self.truncated, self.status, self.ticket = row['truncated'], row['status'], row['ticket']

    @property
    def reply(self):
        """All bytes kept of the reply."""
        return self.interim + self.head + self.body

    def header(self, name):
        """Values of a field of the final head."""
        lines = self.head.replace(b'\r', b'').split(b'\n')
        pairs = [line.split(b':', 1) for line in lines if b':' in line]
        return [value.strip() for key, value in pairs if key.strip().lower() == name]


class Driver:
    """A running fetch_driver. `wrapper` goes in front of its command (valgrind)."""

    def __init__(self, program, spool, *options, wrapper=()):
        self.process = subprocess.Popen([*wrapper, program, '--spool', spool, *map(str, options)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.ticket = 0

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()

    def close(self):
        """Ends the program; its exit status must be 0 (sanitizers speak through it)."""
        if self.process.stdout.closed:
            return b''
        self.process.stdin.close()
        rest = self.process.stdout.read()
        status = self.process.wait()
        self.process.stdout.close()
        if status != 0:
            raise RuntimeError('fetch_driver ended with status %d' % status)
        return rest

    def start(self, url, *headers, flags='-'):
        self.ticket += 1
        line = '\t'.join([str(self.ticket), flags, url, *headers]) + '\n'
        self.process.stdin.write(line.encode())
        self.process.stdin.flush()
        return self.ticket

    def abort(self):
        self.process.stdin.write(b'abort\n')
        self.process.stdin.flush()

    def take(self):
        """The next exchange that ends."""
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError('fetch_driver ended with status %d' % self.process.wait())
        return Exchange(json.loads(line))

    def fetch(self, url, *headers, flags='-'):
        self.start(url, *headers, flags=flags)
        return self.take()
