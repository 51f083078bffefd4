# SPDX-License-Identifier: MIT
"""crawlers.py - the programs that scripts/bench/crawl compares: their commands, and how many pages they have kept.

A runner gets the folder it runs in, a Task and the path of flong. It returns the command, the exit statuses that are
fine, and a function that counts the pages.
"""
import gzip
import os
import re
import shlex
import shutil
from collections import namedtuple

from common import PEERS, find_tool
from sites import free_port

# url: of page 0; pages: how many there are; pictures: whether each has one
Task = namedtuple('Task', 'url pages pictures')
CONNECTIONS = 16
# A response record of a page, in the order of warcprox.
RESPONSE = re.compile(rb'WARC-Type: response\r\n(?:[^\r\n]+\r\n)*?WARC-Target-URI: [^\r\n]*/\d+\.html\r\n')


def count_pages(path):
    """Rows of an index that are pages of the site (flong also asks for an icon)."""
    with open(path, 'rb') as file:
        return sum(1 for line in file if re.search(rb'/\d+\.html\b.* 200 |/\d+\.html".*"status": ?"200"', line))


def count_files(folder):
    """Files of pages below a folder."""
    return sum(1 for _, _, names in os.walk(folder) for name in names if re.fullmatch(r'\d+\.html', name))


def run_wget(work, task, _):
    # robots=off: all fetch the pages and what these show, and nothing else. wget ends with 8 when a link is broken.
    command = [find_tool('wget', 'wget'), '--warc-file=site', '--warc-cdx', '-r', '-l', 'inf', '--no-verbose',
               '-e', 'robots=off', task.url]
    return command, (0,), lambda: count_pages(os.path.join(work, 'site.cdx'))


def run_wget2(work, task, _):
    command = ['wget2', '-r', '-l', 'inf', '--no-robots', '--no-verbose', '--max-threads', str(CONNECTIONS), task.url]
    return command, (0, 8), lambda: count_files(work)


def run_httrack(work, task, _):
    # Without -%c0 it begins one connection in five seconds, whatever else it is told.
    command = ['httrack', task.url, '-O', work, '-q', '-s0', f'-c{CONNECTIONS}', '-%c0', '-A0', '--disable-security-limits']
    return command, (0,), lambda: count_files(os.path.join(work, task.url.split('/')[2].replace(':', '_')))


def warcprox_path():
    own = os.path.join(PEERS, 'warcprox', 'bin', 'warcprox')
    return own if os.path.exists(own) else shutil.which('warcprox')


def count_responses(folder):
    """Response records of pages in the WARC files of a folder."""
    count = 0
    for name in os.listdir(folder):
        if re.search(r'\.warc\.gz(\.open)?$', name):
            with gzip.open(os.path.join(folder, name)) as file:
                count += len(RESPONSE.findall(file.read()))
    return count


def run_warcprox(work, task, _):
    """It does not follow links: curl has all addresses, and goes through it."""
    port, base = free_port(), task.url.rsplit('/', 1)[0]
    proxy = [warcprox_path(), '-p', str(port), '-z', '-q', '-d', work, '-j', '/dev/null', '--stats-db-file', '/dev/null']
    names = [f'{base}/[0-{task.pages - 1}].{end}' for end in (('html', 'jpg') if task.pictures else ('html',))]
    curl = ['curl', '--silent', '--show-error', '--parallel', '--parallel-max', str(CONNECTIONS),
            '--proxy', f'127.0.0.1:{port}']
    for name in names:
        curl += ['-o', '/dev/null', name]
    script = f'{shlex.join(proxy)} & proxy=$!\n' \
             f'until curl --silent -o /dev/null http://127.0.0.1:{port}/status; do sleep 0.05; done\n' \
             f'{shlex.join(curl)} && kill $proxy && wait $proxy\n'
    return ['sh', '-c', script], (0,), lambda: count_responses(work)


def run_flong(work, task, flong):
    command = [flong, 'crawl', task.url, '--wait', '0', '--scope', 'host', '--depth', '20', '-o', 'out',
               '--robots', 'ignore', '--progress', 'never']
    return command, (0,), lambda: count_pages(os.path.join(work, 'out', 'indexes', 'index.cdx'))


def run_flong_bare(work, task, flong):
    command, good, captured = run_flong(work, task, flong)
    return command + ['--text', 'none'], good, captured


RUNNERS = {'wget': run_wget, 'wget2, no WARC': run_wget2, 'httrack, no WARC': run_httrack, 'warcprox, curl': run_warcprox,
           'flong': run_flong, 'flong --text none': run_flong_bare}
HOW_TO_INSTALL = {
    'wget': 'scripts/setup --peers does it', 'wget2': 'apt-get install wget2', 'httrack': 'apt-get install httrack',
    'warcprox': 'python3 -m venv .peers/warcprox && .peers/warcprox/bin/pip install warcprox==2.13.1'}


def is_there(program):
    return (warcprox_path() if program == 'warcprox' else shutil.which(program)) is not None
