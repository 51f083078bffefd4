#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What warcio, jwarc and flong check say of the files that flong repair makes of the public suite's files.

Each is accepted by all, or was not made and the reason was said. Blocks are never changed, so what a peer
says against a block is excused, with its reason: see EXCUSES. Prints a table and TAP.
"""
import functools
import json
import os
import re
import subprocess
import sys
import tempfile

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SUITE = os.path.join(TREE, '..', 'shared', 'suites', 'warc')
PEERS = os.environ.get('FLONG_PEERS', os.path.join(TREE, '.peers'))
FLONG = os.environ.get('FLONG', os.path.join(TREE, 'build', 'flong'))
PYTHON = os.path.join(PEERS, 'python', 'bin', 'python')

# What a peer may say, what the file must hold then, and why it is about the recorded bytes or the peer itself.
EXCUSES = [
    ('jwarc', r'invalid HTTP header Content-Length', rb'', 'HTTP body shorter or longer than its head says'),
    ('jwarc', r'invalid HTTP message', rb'', 'the recorded reply is no HTTP message'),
    ('jwarc', r'invalid value: \S*urn:uuid', rb'\r\nWARC-Segment-Origin-ID:', 'jwarc takes WARC-Segment-Origin-ID for a number'),
    ('jwarc', r'payload digest failed', rb'\r\nWARC-Segment-Number:', 'jwarc takes a segment for the whole payload'),
    ('warcio', r'payload digest failed', rb'(?i)\r\ntransfer-encoding:[^\r\n]*chunked',
     'warcio digests chunked bodies with their framing'),
    ('warcio', r'unknown hash algorithm', rb'', 'a digest of a kind that the peer does not know'),
]


# `warcio check -v` of each path on standard input, as a JSON line [exit status, output]: one start for all files.
WARCIO = """
import contextlib, io, json, sys, traceback
from warcio.cli import main
for line in sys.stdin:
    said, status = io.StringIO(), 0
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            main(['check', '-v', line.rstrip()])
        except SystemExit as end:
            status = end.code or 0
        except BaseException:
            status = traceback.print_exc() or 1
    print(json.dumps([status, said.getvalue()]), flush=True)
"""


@functools.lru_cache(maxsize=None)
def warcio():
    return subprocess.Popen([PYTHON, '-c', WARCIO], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def warcio_check(path):
    warcio().stdin.write(path + '\n')
    warcio().stdin.flush()
    return json.loads(warcio().stdout.readline())


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.returncode, done.stdout.decode('utf-8', 'replace')


def complaints(peer, path):
    """Lines in which the peer refuses the file."""
    if peer == 'flong':
        status, output = run(FLONG, 'check', path)
        found = [line.strip() for line in output.splitlines() if re.match(r'\s+error', line)]
    elif peer == 'warcio':
        status, output = warcio_check(path)
        found = [line.strip() for line in output.splitlines() if re.search('fail|unknown hash|rror', line)]
    else:
        # No file is long enough for the second compiler to be worth its time.
        status, output = run('java', '-XX:TieredStopAtLevel=1', '-cp', os.path.join(PEERS, 'java', '*'),
                             'org.netpreserve.jwarc.tools.WarcTool', 'validate', '-v', path)
        found = [line.strip() for line in output.splitlines() if 'ERROR' in line or 'invalid' in line]
    return (found or [f'exit status {status}']) if status else []


def holds(path, pattern):
    """Whether the unpacked file has the pattern somewhere."""
    plain = path + '.plain'
    if os.path.exists(plain) or run(FLONG, 'repair', path, '-o', plain, '--compress', 'none', '-q')[0] == 0:
        with open(plain, 'rb') as file:
            return re.search(pattern, file.read()) is not None
    return False


def excuse(peer, text, path):
    for name, said, pattern, reason in EXCUSES:
        if name == peer and re.search(said, text) and holds(path, pattern):
            return reason
    return None


def main():
    manifest = os.path.join(SUITE, 'manifest.jsonl')
    absent = [name for name, path in (('../shared/suites/warc', manifest), ('warcio', PYTHON),
                                      ('jwarc', os.path.join(PEERS, 'java'))) if not os.path.exists(path)]
    if absent:
        print(f"1..0 # SKIP {', '.join(absent)} not there")
        return
    with open(manifest, encoding='utf-8') as file:
        rows = [json.loads(line) for line in file]
    made = refused = 0
    excused, blamed = {}, []
    with tempfile.TemporaryDirectory() as work:
        for number, row in enumerate(rows):
            source = os.path.join(SUITE, row['file'])
            out = os.path.join(work, f"{number}.warc{'.gz' if 'gz' in source else ''}")
            status, output = run(FLONG, 'repair', source, '-o', out)
            if status not in (0, 16):
                refused += 1
                if status != 1 or 'flong: ' not in output or os.listdir(work):
                    blamed.append(f"{row['file']}: repair ends with {status}: {output.strip()[-200:]}")
                continue
            made += 1
            for peer in ('flong', 'warcio', 'jwarc'):
                for text in complaints(peer, out):
                    reason = excuse(peer, text, out)
                    if reason:
                        excused.setdefault((peer, reason), set()).add(row['file'])
                    else:
                        blamed.append(f"{row['file']}: {peer} says: {text[:200]}")
            for name in os.listdir(work):
                os.remove(os.path.join(work, name))
    warcio().stdin.close()
    warcio().wait()
    print('1..1')
    print(f'# {len(rows)} files: {made} repaired, {refused} had nothing to keep, each with the reason')
    for (peer, reason), files in sorted(excused.items()):
        print(f'# excused: {peer}, {len(files)} files: {reason}')
    for line in blamed:
        print(f'# {line}')
    print(f"{'not ok' if blamed else 'ok'} 1 - what repair makes is accepted by flong check, warcio and jwarc")
    sys.exit(1 if blamed else 0)


if __name__ == '__main__':
    main()
