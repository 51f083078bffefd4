#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""remove - the captures of a URL leave a collection, and nothing else loses anything

What stays is byte for byte what it was. A revisit of another URL whose payload was in a capture that went
has it afterwards. A kill at any moment leaves all or nothing.
"""
import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import threading

from scenario import Archive, Flong, Work, begin, flong, payload_of, same, without_leaks
from changing_site import ChangingSite
from little import PIXEL, Little

QUIET = ('--progress', 'never', '--wait', '0', '--parsers', '1', '--workers', '0')
PICTURE = PIXEL + b'the rest of a picture ' * 100


def stored(folder):
    """What each record is and a digest of all of it."""
    return {record.fields['warc-record-id']: (record.url, record.type, hashlib.sha256(record.block).hexdigest(),
                                              tuple(sorted(record.fields.items()))) for record in Archive(folder).all}


def captures(folder):
    """What index and lists have: the file, the URL."""
    for name in ('indexes/index.cdx', 'pages/pages.jsonl', 'pages/extraPages.jsonl', 'stories/stories.jsonl'):
        path = os.path.join(folder, name)
        if os.path.exists(path):
            with open(path, encoding='utf-8') as file:
                yield from ((name, json.loads(line[line.index('{'):]).get('url')) for line in file)


def check_gone(folder, url, before):
    """Nothing of the URL is there, all else is what it was."""
    flong('check', folder).expect(0)
    after = stored(folder)
    same(after.items(), [(name, record) for name, record in before.items() if record[0] != url], 'records')
    named = [name for name, found in captures(folder) if found == url]
    if named or not any(name.startswith('stories') for name, _ in captures(folder)):
        raise AssertionError(named)
    left = [name for name in os.listdir(os.path.join(folder, 'state')) if 'remov' in name or 'renew' in name]
    if left:
        raise AssertionError(left)


def said(folder, url):
    """What no other story says: its line, and its headline."""
    with open(os.path.join(folder, 'stories', 'stories.jsonl'), encoding='utf-8') as file:
        line = next(line for line in file if json.loads(line)['url'] == url)
    return line.encode(), json.loads(line)['headline'].encode()


def places(folder, *stretches):
    """The files of the working state that hold one of them."""
    found = set()
    for path in glob.glob(os.path.join(folder, 'state', '*')):
        with open(path, 'rb') as file:
            held = file.read()
        found.update(os.path.basename(path) for stretch in stretches if stretch in held)
    return found


def job(work, site):
    with open(work('job.conf'), 'w', encoding='utf-8') as file:
        file.write('url = %s\ncollection = %s\nwacz\n%s' % (
            site.url, work('job'), 'progress = never\nwait = 0\nparsers = 1\nworkers = 0\n'))
    return lambda: flong('run', work('job.conf')).expect(0)


def of_a_job(tap):
    with Work() as work, ChangingSite() as site:
        run = job(work, site)
        run()
        run()
        url, story = site.url + 'lead-3.png', site.story_url(2)
        folder, before = work('job'), stored(work('job'))
        ran = flong('remove', folder, url, '--reason', 'asked for by its owner')
        tap.say(ran.code == 0 and 'removed 2 captures of ' + url in ran.out and 'job.wacz is as it was' in ran.out,
                'a picture of two runs', ran)
        tap.run('nothing else is changed', check_gone, folder, url, before)
        before, words = stored(folder), said(folder, story)
        tap.say(places(folder, words[0]) == {'crawl.db.texts'} and 'crawl.db' in places(folder, words[1]),
                'the state knows what the story says', places(folder, *words))
        flong('remove', folder, story).expect(0)
        # Other pages' texts have its headline too, where they link to it.
        tap.say(not places(folder, words[0]) and 'crawl.db' not in places(folder, words[1]),
                'the state does not know it any more', places(folder, words[0]), places(folder, words[1]))
        tap.run('a story: its records, its text, its lines', check_gone, folder, story, before)
        with open(os.path.join(folder, 'logs', 'removed.log'), encoding='utf-8') as file:
            lines = [line.split(' ', 4) for line in file.read().splitlines()]
        tap.say([line[3:] for line in lines] == [[url, 'asked for by its owner']] * 2 + [[story, '-']] * 2 and
                all(int(line[1]) > 0 for line in lines), 'what went is logged, with its reason', lines)
        run()
        archive = Archive(folder)
        tap.say([exchange.reply.type for exchange in archive.by_url[url]] == ['response'],
                'the next run captures it anew, as a response')
        flong('check', folder).expect(0)
        flong('check', folder + '.wacz').expect(0)
        ran = flong('remove', folder, url + 'x')
        tap.say(ran.code == 1 and 'no capture' in ran.err, 'a URL that is not there: exit 1', ran)
        shutil.rmtree(os.path.join(folder, 'state'))
        before = stored(folder)
        flong('remove', folder, url).expect(0)
        tap.run('without state, too', check_gone, folder, url, before)


def shared(tap):
    """Two addresses with one payload: the second is a revisit of the first."""
    with Work() as work, Little({'/': b'<img src=/a.gif>', '/b': b'<img src=/b.gif>'}) as site:
        site.pages.update({'/a.gif': ('image/gif', PICTURE), '/b.gif': ('image/gif', PICTURE)})
        folder, plain = work('out'), work('plain')
        for page in ('/', '/b'):
            flong('crawl', site.url(page), '-o', folder, '--depth', '0', *QUIET).expect(0)
            flong('crawl', site.url(page), '-o', plain, '--depth', '0', '--compress', '0', *QUIET).expect(0)
        before, = Archive(folder).by_url[site.url('/b.gif')]
        ran = flong('remove', folder, site.url('/a.gif'))
        archive = Archive(folder)
        after, = archive.by_url[site.url('/b.gif')]
        name = 'a revisit of another URL'
        tap.say(before.reply.type == 'revisit' and after.reply.type == 'response' and payload_of(after.reply) == PICTURE,
                name + ' gets its payload', ran)
        tap.say(ran.code == 0 and '1 revisit of other URLs had its payload' in ran.out, name + ' is told', ran)
        fields = ('warc-record-id', 'warc-date', 'warc-payload-digest', 'warc-ip-address')
        tap.say([after.reply.fields[field] for field in fields] == [before.reply.fields[field] for field in fields] and
                after.reply.block.startswith(before.reply.block) and after.request and after.metadata,
                name + ' keeps its own head and its other records', after.reply.fields)
        tap.say(not archive.by_url[site.url('/a.gif')], name + ': what was asked for is gone')
        tap.run(name + ': all is sound', flong('check', folder).expect, 0)
        kinds = [row['mime'] for _, _, row in archive.index() if row['url'].endswith('.gif')]
        tap.say(kinds == ['image/gif'], name + ': its row is that of a response', kinds)
        flong('remove', plain, site.url('/a.gif')).expect(0)
        flong('check', plain).expect(0)
        flong('extract', plain, '-o', work('files'), '--url', site.url('/b.gif')).expect(0)
        paths = [path for path in glob.glob(work('files', '**'), recursive=True) if path.endswith('.gif')]
        with open(paths[0], 'rb') as file:
            tap.say(file.read() == PICTURE, name + ': so with plain WARC files')


def refused(tap):
    with Work() as work, Little({'/': b'<img src=/a.gif>'}) as site:
        site.pages['/a.gif'] = ('image/gif', PICTURE)
        folder, package, url = work('out'), work('out.wacz'), site.url('/a.gif')
        flong('crawl', site.url(), '-o', folder, '--depth', '0', '--wacz', *QUIET).expect(0)
        flong('unpack', package, '-o', work('unpacked')).expect(0)
        for name, arguments, told in (('a package', (package, url), 'flong unpack'), ('a folder of other things',
                                      (work.path, url), 'no collection'), ('no URL', (folder, 'picture'), 'no URL'),
                                      ('no operand', (folder,), 'needs'),
                                      ('two lines', (folder, url, '--reason', 'a\nb'), 'one line')):
            ran = flong('remove', *arguments)
            tap.say(ran.code == 2 and told in ran.err, 'exit 2: ' + name, ran)
        before = stored(work('unpacked'))
        ran = flong('remove', work('unpacked'), url)
        tap.say(ran.code == 0 and not glob.glob(work('unpacked', 'datapackage*')), 'a package that was unpacked', ran)
        tap.run('is what it was without it', check_gone, work('unpacked'), url, before)
        gate, held = threading.Event(), threading.Event()

        def wait(_):
            held.set()
            gate.wait(60)
            return b'x'
        site.pages['/slow'] = wait
        child = Flong('crawl', site.url('/slow'), '-o', folder, '--depth', '0', *QUIET)
        held.wait(60)
        ran = flong('remove', folder, url)
        tap.say(ran.code == 10 and 'in use' in ran.err, 'exit 10: a crawl is at work', ran)
        child.signal(9)
        gate.set()
        child.end()
        ran = flong('remove', folder, url)
        tap.say(ran.code == 2 and 'flong resume' in ran.err, 'exit 2: its crawl did not end', ran)
        flong('resume', folder, '--progress', 'never').expect(0)
        flong('remove', folder, url).expect(0)


CALLS = 'rename,renameat,renameat2,unlink,unlinkat'


def traced(work, arguments, *inject):
    watch = ['strace', '-f', '-qq', '-o', work('trace'), '-e', 'trace=' + CALLS, *inject]
    run = Flong(*arguments, under=watch).end()
    with open(work('trace'), encoding='utf-8', errors='replace') as file:
        return run, re.findall(r'(?m)^\d+ +(\w+)\(', file.read())


def killed(tap):
    """Killed at a rename or removal: the next removal or crawl finishes it, or nothing has happened."""
    with Work() as work, Little({'/': b'<img src=/a.gif>', '/b': b'<img src=/b.gif>'}) as site:
        if not shutil.which('strace') or subprocess.run(['strace', '-f', '-o', work('trace'), 'true'], check=False,
                                                        capture_output=True).returncode != 0:
            tap.note('SKIP killed while it removes: strace cannot watch a process here')
            return
        without_leaks()
        site.pages.update({'/a.gif': ('image/gif', PICTURE), '/b.gif': ('image/gif', PICTURE)})
        folder, url = work('out'), site.url('/a.gif')
        for page in ('/', '/b'):
            flong('crawl', site.url(page), '-o', folder, '--depth', '0', *QUIET).expect(0)
        shutil.copytree(folder, work('before'))
        _, calls = traced(work, ('remove', folder, url))
        bad = []
        for point, call in enumerate(calls):
            shutil.rmtree(folder)
            shutil.copytree(work('before'), folder)
            run, _ = traced(work, ('remove', folder, url), '-e',
                            'inject=%s:signal=KILL:when=%d' % (call, calls[:point + 1].count(call)))
            crawl = flong('crawl', site.url('/'), '-o', folder, '--depth', '0', *QUIET) if point % 2 else None
            again = flong('remove', folder, url)
            check = flong('check', folder)
            found = [exchange.reply.type for exchange in Archive(folder).by_url[site.url('/b.gif')]]
            if run.code == 0 or (crawl and crawl.code != 0) or again.code not in (0, 1) or check.code != 0 or \
                    found != ['response'] or Archive(folder).by_url[url]:
                bad.append('%d %s: %s %s %s %s %s' % (point, call, run.code, crawl, again, check, found))
        tap.say(len(calls) > 8 and not bad, 'killed at each of %d calls: all of it goes, and nothing else' % len(calls), *bad)


def main():
    tap = begin()
    for part in (of_a_job, shared, refused, killed):
        part(tap)
    return tap.end()


if __name__ == '__main__':
    raise SystemExit(main())
