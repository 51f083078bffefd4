#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""handover - the commands of flong-handover(7) are run as the page has them

What installs a tool is not: the peers are there. Servers get free ports. Each command must end well and
what it says or makes must be what INSTEAD or EXPECTED says; one that neither knows, or that the page has no
more, is a failure.
"""
import glob
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TESTS, 'faults'))
from tap import Tap  # noqa: E402

ROOT = os.path.dirname(TESTS)
PAGE = os.path.join(ROOT, 'src', 'cli', 'man', 'flong-handover.7.scd')
FLONG, PEERS = os.environ['FLONG'], os.environ['FLONG_PEERS']
# Run by hand: it takes no other port than 8080, which may be in use.
BY_HAND = ('java -jar jwarc.jar serve harbour/archive/*.warc.gz',)
NOT_RUN = r'python3 -m venv|\S+/pip install'


def insist(fine, what):
    if not fine:
        raise AssertionError(what)


def commands():
    """The lines of the page's literal blocks."""
    with open(PAGE, encoding='utf-8') as file:
        blocks = re.findall(r'^```\n(.*?)^```$', file.read(), re.M | re.S)
    return [re.sub(r'\\(.)', r'\1', line) for block in blocks for line in block.splitlines()]


class Shell:
    """The folder in which the commands are typed."""

    def __init__(self, folder, seed):
        self.folder, self.seed, self.children = folder, seed, []
        self.environ = {**os.environ, 'PATH': os.path.join(folder, 'bin') + ':' + os.environ['PATH'], 'PYTHONUNBUFFERED': '1'}

    def run(self, line):
        return subprocess.run(['bash', '-euc', line], cwd=self.folder, env=self.environ, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors='replace', check=False)

    def start(self, line, pattern):
        """The host of a server that tells its address as the pattern says."""
        child = subprocess.Popen(['bash', '-euc', 'exec ' + line], cwd=self.folder, env=self.environ, stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.children.append(child)
        for said in child.stdout:
            found = re.search(pattern, said)
            if found:
                return '127.0.0.1:' + found[1]
        raise AssertionError('no address from ' + line)

    def end(self):
        for child in self.children:
            child.kill()
            child.wait()
            child.stdin.close()
            child.stdout.close()


def get(host, target, **fields):
    connection = http.client.HTTPConnection(host, timeout=100)
    connection.request('GET', target, headers=fields)
    reply = connection.getresponse()
    body = reply.read()
    connection.close()
    return reply.status, reply.headers, body


# --- what is run in the place of a command, and what is looked at


def serve(shell, line):
    host = shell.start(line + ' --port 0 --replay-port 0', r'http://127\.0\.0\.1:(\d+)/')
    insist(get(host, '/harbour/' + shell.seed)[0] == 200, 'the seed is not shown')
    if '--allow-origin' in line:
        status, fields, body = get(host, '/harbour/file/harbour.wacz', Range='bytes=0-3')
        insist((status, body) == (206, b'PK\3\4') and fields['access-control-allow-origin'] == 'https://replayweb.page', fields)
    else:
        shell.host = host


def serve_folder(shell, line):
    host = shell.start(line.replace(' 8000', ' 0'), r'port (\d+)')
    insist(b'<replay-web-page source="./harbour.wacz" url="%s"' % shell.seed.encode() in get(host, '/')[2], 'index.html')
    insist(b'replaywebpage@2.5.3/sw.js' in get(host, '/worker/sw.js')[2], 'sw.js')
    insist(get(host, '/harbour.wacz')[0] == 200, 'the package')


def wayback(shell, line):
    """pywb's own program cannot be given any free port; what it starts can."""
    insist(re.fullmatch(r'pywb/bin/wayback -b 127\.0\.0\.1 -p \d+', line) and os.path.exists(os.path.join(shell.folder, 'pywb/bin/wayback')), line)
    shell.pywb = shell.start('pywb/bin/python %s .' % os.path.join(TESTS, 'support', 'pywb_server.py'), r'http://127\.0\.0\.1:(\d+)/')
    shows(shell, 'harbour')


def shows(shell, name):
    status, _, body = get(shell.pywb, '/%s/mp_/%s' % (name, shell.seed))
    insist(status == 200 and b'Port Varrow' in body, '%s: %d' % (name, status))


def run(shell, line):
    done = shell.run(line)
    insist(done.returncode == 0, '%d\n%s' % (done.returncode, done.stdout))
    return done.stdout


def added(name):
    def check(shell, line):
        run(shell, line)
        shows(shell, name)
    return check


def asked(shell, line):
    out = run(shell, line.replace('localhost:8080', shell.host))
    insist(len([json.loads(row) for row in out.splitlines()]) == 3, out)


def warcio_check(shell, line):
    """What it says against is what the page says it does."""
    done = shell.run(line)
    bad = re.findall(r'offset (\d+) .*payload digest failed', done.stdout)
    chunked = set()
    for path in glob.glob(os.path.join(shell.folder, 'harbour', 'archive', '*.warc.gz')):
        sys.path.insert(0, os.path.join(TESTS, 'support'))
        from warc_records import records  # pylint: disable=import-outside-toplevel
        chunked |= {str(record.offset) for record in records(path) if record.is_chunked()}
    insist('block digest failed' not in done.stdout and 'Traceback' not in done.stdout and set(bad) <= chunked, done.stdout)


def makes(pattern, *names):
    def check(shell, line):
        out = run(shell, line)
        insist(all(os.path.getsize(os.path.join(shell.folder, name)) > 0 for name in names), names)
        insist(re.search(pattern, out), out)
    return check


def path_index(shell, line):
    run(shell, line)
    with open(os.path.join(shell.folder, 'path-index.txt'), encoding='utf-8') as file:
        rows = [row.rstrip('\n').split('\t') for row in file]
    insist(rows and all(os.path.basename(path) == name and os.path.isfile(path) for name, path in rows), rows)


EXPECTED = [
    (r'flong pack harbour -o harbour\.wacz', makes(r'harbour\.wacz', 'harbour.wacz')),
    (r'flong serve .*', serve),
    (r'flong pack harbour --html public .*', makes('public', 'public/index.html', 'public/harbour.wacz')),
    (r'python3 -m http\.server .*', serve_folder),
    (r'mkdir collections', run),
    (r'cp -r harbour collections/', run),
    (r'pywb/bin/wayback .*', wayback),
    (r'pywb/bin/wb-manager init .*', run),
    (r'pywb/bin/wb-manager add again .*', added('again')),
    (r'pywb/bin/wb-manager add --unpack-wacz packed .*', added('packed')),
    (r'curl .*/cdx\?.*', asked),
    (r'warcio/bin/warcio index .*', makes('"warc-type": "response"')),
    (r'warcio/bin/warcio check .*', warcio_check),
    (r'wacz/bin/wacz validate .*', makes('valid')),
    (r'flong index --format cdx11 .*', makes('', 'index.cdx')),
    (r'for f in .*path-index\.txt', path_index),
    (r'java -jar jwarc\.jar validate .*', makes('')),
    (r'java -jar jwarc\.jar cdx .*', makes('text/html 200')),
]


def main():
    tap, work = Tap(), tempfile.mkdtemp(prefix='handover-')
    with open(os.path.join(sys.argv[1], 'site', 'truth.json'), encoding='utf-8') as file:
        shell = Shell(work, json.load(file)['seed'])
    try:
        os.makedirs(os.path.join(work, 'bin'))
        os.symlink(FLONG, os.path.join(work, 'bin', 'flong'))
        for tool in ('pywb', 'warcio', 'wacz'):
            os.symlink(os.path.join(PEERS, 'python'), os.path.join(work, tool))
        os.symlink(glob.glob(os.path.join(PEERS, 'java', 'jwarc-*.jar'))[0], os.path.join(work, 'jwarc.jar'))
        run(shell, 'flong unpack %s -o harbour' % os.path.join(sys.argv[1], 'sample.wacz'))
        met = set()
        for line in commands():
            if line in BY_HAND or re.match(NOT_RUN, line):
                tap.note('not run here: ' + line)
                continue
            pattern, check = next((row for row in EXPECTED if re.fullmatch(row[0], line)), (None, None))
            met.add(pattern)
            tap.run(line, check or (lambda *_: insist(False, 'nobody knows what it should do')), shell, line)
        unmet = [pattern for pattern, _ in EXPECTED if pattern not in met]
        tap.say(not unmet, 'the page has all of them', *unmet)
    finally:
        shell.end()
        shutil.rmtree(work)
    tap.end()


main()
