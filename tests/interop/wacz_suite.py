#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""wacz_suite - WACZ files that other programs made open, unpack, and are valid when packed again

The files of ../shared/suites/wacz and those that ../shared/vectors makes. What is refused is refused for the
reason that EXPECTED names; each reason is a fault of the file that `wacz validate` or a player finds too.
"""
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TESTS, 'faults'))
from tap import Tap, skip_all  # noqa: E402

ROOT = os.path.dirname(TESTS)
FLONG = os.environ.get('FLONG') or os.path.join(ROOT, 'build', 'flong')
SHARED = os.path.join(ROOT, '..', 'shared')
PEERS = os.path.join(os.environ.get('FLONG_PEERS') or os.path.join(ROOT, '.peers'), 'python', 'bin')
# name: words of the refusal
EXPECTED = {
    # A program that writes wrong hashes made it; wacz validate refuses it too.
    'afe1cfc0-example': ["'archive/data.warc.gz' has the hash"],
    'idx_tab': ["'indexes/index.idx' has 166 bytes; datapackage.json says 509"],
    'z_dotslash': ["'./archive/data.warc.gz'", "part '.'"],
    'z_cdxjgz': ["names 'indexes/index.cdxj', which is not there"],
    'z_cdxname': ["names 'indexes/index.cdxj', which is not there"],
    'z_noidx': ["names 'indexes/index.cdxj', which is not there"],
    'z_nested': ["names 'archive/data.warc.gz', which is not there"],
    'z_nopages': ["names 'pages/pages.jsonl', which is not there"],
    'z_pageshdr': ["'pages/pages.jsonl' has 92 bytes; datapackage.json says 153"],
}
UNREADABLE = ('z_dotslash',)


def run(*arguments, cwd=None):
    return subprocess.run([str(one) for one in arguments], cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, errors='replace', check=False)


def vectors(work):
    """Files made by the scripts of ../shared/vectors, in a copy of that folder."""
    folder = os.path.join(work, 'vectors')
    os.makedirs(os.path.join(folder, 'out'))
    for path in glob.glob(os.path.join(SHARED, 'vectors', '*.py')):
        shutil.copyfile(path, os.path.join(folder, os.path.basename(path)))
    for script in ('cases.py', 'cases2.py', 'cases4.py', 'cases5.py'):
        if os.path.exists(os.path.join(folder, script)):
            run(sys.executable, script, cwd=folder)
    return sorted(glob.glob(os.path.join(folder, 'out', '*.wacz')))


class Validator:
    """wacz validate of one file after another, in one process: its start takes longer than a file."""
    PROGRAM = """
import contextlib, io, json, sys
from wacz.main import main
for line in sys.stdin:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            status = main(['validate', '-f', json.loads(line)])
        except SystemExit as end:
            status = end.code
    print(json.dumps([status or 0, said.getvalue()]), flush=True)
"""

    def __init__(self):
        self.child = subprocess.Popen([os.path.join(PEERS, 'python'), '-c', self.PROGRAM], text=True,
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, path):
        self.child.stdin.write(json.dumps(path) + '\n')
        self.child.stdin.flush()
        return json.loads(self.child.stdout.readline())

    def end(self):
        self.child.stdin.close()
        self.child.wait()


def comes_back(path, work, validate):
    name = os.path.basename(path)[:-len('.wacz')]
    listed = run(FLONG, 'list', path)
    if (listed.returncode != 0) != (name in UNREADABLE) or (listed.returncode == 0 and not listed.stdout):
        raise AssertionError(listed)
    out = os.path.join(work, name)
    unpacked = run(FLONG, 'unpack', path, '-o', out)
    if name in EXPECTED:
        missing = [words for words in EXPECTED[name] if words not in unpacked.stderr]
        if unpacked.returncode != 1 or missing or os.path.exists(out) or os.path.exists(out + '.partial'):
            raise AssertionError('not refused for %s: %s' % (missing, unpacked))
        return
    again = os.path.join(work, name + '-again.wacz')
    packed = run(FLONG, 'pack', out, '-o', again)
    if unpacked.returncode != 0 or packed.returncode != 0:
        raise AssertionError((unpacked, packed))
    status, said = validate(again)
    if status != 0 or 'is valid' not in said:
        raise AssertionError((status, said))


def pywb_takes(path, work):
    """pywb indexes the WARC files of the unpacked collection."""
    out, player = os.path.join(work, 'for-pywb'), os.path.join(work, 'pywb')
    os.makedirs(player)
    steps = [run(FLONG, 'unpack', path, '-o', out), run(os.path.join(PEERS, 'wb-manager'), 'init', 'c', cwd=player)]
    steps.append(run(os.path.join(PEERS, 'wb-manager'), 'add', 'c', *glob.glob(os.path.join(out, 'archive', '*')), cwd=player))
    index = os.path.join(player, 'collections', 'c', 'indexes', 'index.cdxj')
    if any(step.returncode != 0 for step in steps) or not os.path.getsize(index):
        raise AssertionError(steps)


def main():
    if not os.access(FLONG, os.X_OK):
        skip_all('flong is not built')
    if not os.access(os.path.join(PEERS, 'wacz'), os.X_OK):
        skip_all('wacz (py-wacz) is not installed; scripts/setup --peers does it')
    suite = sorted(glob.glob(os.path.join(SHARED, 'suites', 'wacz', 'files', '*.wacz')))
    if not suite:
        skip_all('../shared/suites/wacz is not there')
    work = tempfile.mkdtemp(prefix='wacz-suite-')
    tap, validate = Tap(), Validator()
    for path in suite + vectors(work):
        name = os.path.basename(path)
        tap.run('%s %s' % (name, 'is refused for its fault' if name[:-5] in EXPECTED else 'comes back valid'),
                comes_back, path, work, validate)
    validate.end()
    if os.access(os.path.join(PEERS, 'wb-manager'), os.X_OK):
        tap.run('pywb takes the WARC files of an unpacked collection', pywb_takes, suite[0], work)
    shutil.rmtree(work, ignore_errors=True)
    tap.end()


if __name__ == '__main__':
    sys.exit(main())
