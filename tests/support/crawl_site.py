#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""crawl_site.py FLONG FOLDER [OPTION...] - starts the fictional news site, archives its seed, stops it.

FOLDER gets sample.wacz, the WARC files and index.cdx out of it, what the site wrote about itself (site/)
and flong's output (flong.out, flong.err). The OPTIONs go to flong; the default is --depth 1. With the first
OPTION --show flong's output goes to the terminal instead. Exit status: flong's.
"""
import json
import os
import subprocess
import sys
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
SERVE = os.path.join(HERE, '..', 'site', 'serve.py')


class Site:
    """The running site; it ends when the block or this process ends."""

    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        facts = os.path.join(self.folder, 'site.json')
        self.process = subprocess.Popen([sys.executable, SERVE, '--dir', self.folder, '--until-eof'],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if not self.process.stdout.readline():
            raise SystemExit(f'the site did not start: exit status {self.process.wait()}')
        with open(facts, encoding='utf-8') as file:
            return json.load(file)

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def options_for(site):
    """What flong must be told to find the site on loopback."""
    options = ['--cacert', site['cacert']]
    for entry in site['connect_to']:
        options += ['--connect-to', entry]
    return options


def unpack(folder):
    """The WARC files and the index of sample.wacz, for those who read them as files."""
    with zipfile.ZipFile(os.path.join(folder, 'sample.wacz')) as package:
        for name in package.namelist():
            base = os.path.basename(name)
            if name.startswith('archive/') or name == 'indexes/index.cdx':
                with open(os.path.join(folder, base), 'wb') as out:
                    out.write(package.read(name))


def main():
    flong, folder, *options = sys.argv[1:]
    show = options[:1] == ['--show']
    options = options[1:] if show else options
    os.makedirs(folder, exist_ok=True)
    target = os.path.join(folder, 'sample.wacz')
    with Site(os.path.join(folder, 'site')) as site:
        command = [flong, site['seed'], '-o', target, *(options or ['--depth', '1']), *options_for(site)]
        if show:
            done = subprocess.run(command, check=False)
        else:
            with open(os.path.join(folder, 'flong.out'), 'wb') as out, \
                    open(os.path.join(folder, 'flong.err'), 'wb') as err:
                done = subprocess.run(command + ['--progress', 'never'], stdout=out, stderr=err, check=False)
    if done.returncode == 0 and not show:
        unpack(folder)
    return done.returncode


if __name__ == '__main__':
    sys.exit(main())
