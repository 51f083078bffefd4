#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""process_faults - what surrounds the process is hostile: descriptors, environment, folders, helpers

One page with pictures, asked for in odd circumstances. What is promised is the same as ever: a clear end, and nothing
written elsewhere.
"""
import json
import os
import shutil
import signal
import subprocess

from scenario import FLONG, QUIET, Archive, FaultServer, Flong, Work, begin, same, without_leaks

PATIENCE = 100
KINDS = ('en_US.UTF-8', 'C', 'POSIX', 'tr_TR.UTF-8', 'de_DE.UTF-8', 'zz_ZZ', '')


def reply(body, kind='text/html'):
    return ('send', ('HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s' % (kind, len(body), body)).encode())


def site(pictures=20):
    script = {'/': [[reply('<title>Istanbul I\u0131</title>'.encode('ascii', 'xmlcharrefreplace').decode() + ''.join(
        '<img src=/%d>' % number for number in range(pictures)))]], '/favicon.ico': [[reply('x', 'image/png')]]}
    for number in range(pictures):
        script['/%d' % number] = [[reply('picture %d' % number, 'image/png')]]
    return script


def crawl(server, output, *arguments, **how):
    """flong with other circumstances than usual: keywords are those of subprocess."""
    command = [FLONG, 'crawl', server.url('/'), '-o', output, *QUIET, '--depth', '0', '--robots', 'ignore', *arguments]
    return subprocess.run(command, **{'stdin': subprocess.DEVNULL, 'stdout': subprocess.PIPE, 'stderr': subprocess.PIPE,
                                      'timeout': PATIENCE, 'check': False, **how})


def complete(folder, server, pictures=20):
    archive = Archive(folder)
    same({url[len(server.url('')):] for url in archive.urls(200)}, {'/', '/favicon.ico', *('/%d' % n for n in range(pictures))}, 'URLs')
    return archive


def expect(done, code):
    if done.returncode != code:
        raise AssertionError('exit %s: %s%s' % (done.returncode, done.stdout, done.stderr))


def check_outputs():
    """Standard output and error closed, full, or a pipe nobody reads: the archive is the same."""
    with Work() as work, FaultServer(site()) as server:
        with open('/dev/full', 'wb') as full:
            for name, how in (('out', {'stdout': full}), ('err', {'stderr': full}), ('both', {'stdout': full, 'stderr': full})):
                done = crawl(server, work(name), '-vv', **how)
                if done.returncode not in (0, 1):
                    raise AssertionError('%s: exit %s' % (name, done.returncode))
                complete(work(name), server)
        for name, closed in (('closed', (1, 2)), ('no-input', (0, 1, 2))):
            done = crawl(server, work(name), '-v', stdin=None, stdout=None, stderr=None,
                         preexec_fn=lambda closed=closed: [os.close(fd) for fd in closed])
            if done.returncode not in (0, 1):
                raise AssertionError('%s: exit %s' % (name, done.returncode))
            complete(work(name), server)
            for folder, _, names in os.walk(work(name)):
                for each in names:
                    with open(os.path.join(folder, each), 'rb') as file:
                        if b'flong: ' in file.read(1 << 20):
                            raise AssertionError('a message went into %s' % each)
        ends = os.pipe()
        os.close(ends[0])
        done = crawl(server, work('pipe'), '-v', stdout=ends[1], stderr=ends[1])
        os.close(ends[1])
        if done.returncode not in (0, 1):
            raise AssertionError('pipe: exit %s' % done.returncode)
        complete(work('pipe'), server)


def check_environment():
    """Language, time zone, home and other variables change no byte."""
    found = {}
    with Work() as work, FaultServer(site(3)) as server:
        environments = [{'LC_ALL': kind, 'LANG': kind, 'LC_NUMERIC': kind} for kind in KINDS]
        environments += [{'TZ': zone} for zone in ('Pacific/Kiritimati', 'Asia/Kathmandu', ':/etc/passwd', 'NOPE+25:61')]
        environments += [{'HOME': '', 'TMPDIR': '/absent'}, {'COLUMNS': '-1', 'TERM': '\x1b['}, {'POSIXLY_CORRECT': '1', 'IFS': 'x'}]
        for number, extra in enumerate(environments):
            done = crawl(server, 'out', '--deterministic', 'seed', env={'PATH': os.environ['PATH'], **extra}, cwd=work.folder(str(number)))
            expect(done, 0)
            content = []
            for folder, _, names in sorted(os.walk(work(str(number)))):
                for name in sorted(names):
                    if name.endswith(('.warc.gz', '.cdx', '.jsonl')):
                        with open(os.path.join(folder, name), 'rb') as file:
                            content.append((name, file.read()))
            found.setdefault(repr(content), []).append(extra)
    if len(found) != 1:
        raise AssertionError([each[:3] for each in found.values()])


def check_moved_folder():
    """The output folder is renamed, and another one put in its place, in mid-crawl: a clear end, nothing in the other."""
    script = site()
    script['/3'] = [[('gate',), reply('picture 3', 'image/png')]]
    with Work() as work, FaultServer(script) as server:
        child = Flong('crawl', server.url('/'), '-o', work('out'), *QUIET, '--depth', '0', '--robots', 'ignore')
        if not server.wait_plays(6):
            raise AssertionError('nothing was asked for')
        os.rename(work('out'), work('moved'))
        os.makedirs(work('elsewhere'))
        os.symlink(work('elsewhere'), work('out'))
        server.gate.set()
        run = child.end()
        if run.code not in (0, 1, 3) or os.listdir(work('elsewhere')):
            raise AssertionError('%s\n%s' % (run, os.listdir(work('elsewhere'))))
        if run.code != 0 and not run.err.strip():
            raise AssertionError('no reason: %s' % run)
        if not Archive(work('moved'), *[os.path.join(work('moved', 'archive'), name) for name in os.listdir(work('moved', 'archive'))]).all:
            raise AssertionError('what was there is gone')


def files_of(folder):
    return [os.path.relpath(os.path.join(path, name), folder) for path, _, names in os.walk(folder) for name in names]


def check_links():
    """A link in place of a file of a collection, or of what is to become one: nothing is written where it leads."""
    with Work() as work, FaultServer(site(2)) as server:
        model = work('model')
        expect(crawl(server, model), 0)
        made = 0
        for name in sorted(files_of(model)) + ['state/crawl.db-wal', 'state/crawl.db-shm', 'logs/removed.log']:
            out, victim = work('out'), work('victim')
            shutil.copytree(model, out)
            path = os.path.join(out, name)
            if os.path.exists(path):
                os.rename(path, victim)
            os.symlink(victim, path)
            os.symlink(work('not-there'), path + '.partial')
            before = read_bytes(victim)
            crawl(server, out)
            made += Archive(out).all != []
            if read_bytes(victim) != before or os.path.lexists(work('not-there')):
                raise AssertionError('%s: the file behind the link was changed' % name)
            shutil.rmtree(out)
            if before is not None:
                os.remove(victim)
        if made < 5:
            raise AssertionError('only %d crawls came to an archive' % made)


def read_bytes(path):
    if not os.path.exists(path):
        return None
    with open(path, 'rb') as file:
        return file.read()


def children(pid):
    with open('/proc/%d/task/%d/children' % (pid, pid), encoding='ascii') as file:
        return [int(each) for each in file.read().split()]


def check_lost_parsers():
    """A parser process that is killed costs the links of the page it has, at most; one that takes its place goes on."""
    script = {'/': [[reply('<title>x</title>' + ''.join('<iframe src=/frame%d></iframe>' % number for number in range(12)))]]}
    for number in range(12):
        script['/frame%d' % number] = [[('gate',)] * (number > 2) + [reply('<img src=/picture%d>' % number)]]
    with Work() as work, FaultServer(script) as server:
        child = Flong('crawl', server.url('/'), '-o', work('out'), *QUIET, '--depth', '0', '--robots', 'ignore', '--parsers', '2')
        if not server.wait_plays(8):
            raise AssertionError('nothing was asked for')
        for pid in children(child.pid):
            os.kill(pid, signal.SIGKILL)
        server.gate.set()
        child.end().expect(0)
        pictures = [path for path in (play.path for play in server.plays) if path.startswith('/picture')]
        if len(pictures) < 12 - 4 or len(Archive(work('out')).urls(200)) < 13:
            raise AssertionError('no parser came after those that were killed: %s' % pictures)


def is_running(pid):
    with open('/proc/%d/stat' % pid, encoding='ascii') as file:
        return file.read().rsplit(')', 1)[1].split()[0] == 'R'


def kill_while_it_reads(script, name, strict):
    """A crawl whose parser is killed while it reads one of the long documents."""
    with Work() as work, FaultServer(script) as server:
        child = Flong('crawl', server.url('/'), '-o', work('out'), *QUIET, '--depth', '0', '--robots', 'ignore', '--parsers', '1',
                      '--report', work(name), *strict)
        if not server.wait_plays(3):
            raise AssertionError('nothing was asked for')
        parser = children(child.pid)[0]
        while is_running(parser):  # it reads the first document, which is short
            pass
        server.gate.set()
        while not is_running(parser):
            pass
        os.kill(parser, signal.SIGKILL)
        run = child.end()
        with open(work(name), encoding='utf-8') as file:
            return run, json.load(file)


def check_document_not_read():
    """A document whose parser is killed is kept and told of; with --strict the exit status says it."""
    long = '<title>x</title>' + '<p><b>word</b> <i>word</i>\n' * 100000
    script = {'/': [[reply('<title>x</title>' + ''.join('<iframe src=/frame%d></iframe>' % number for number in range(4)))]]}
    for number in range(4):
        script['/frame%d' % number] = [[('gate',), reply(long)]]
    for strict, status in ((), 0), (('--strict',), 9):
        run, report = kill_while_it_reads(script, 'report.json', strict)
        run.expect(status)
        lost = [entry['url'] for entry in report['notRead']]
        if report['documentsNotRead'] != 1 or len(lost) != 1 or '/frame' not in lost[0] or report['requisitesMissing'] != 0:
            raise AssertionError(str(report))
        if 'died' not in report['notRead'][0]['reason'] or lost[0] not in run.out:
            raise AssertionError(str(run))


def check_hang_up():
    """A terminal that goes away stops the crawl as SIGTERM does."""
    script = site()
    script['/3'] = [[('gate',), reply('picture 3', 'image/png')]]
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # else a test under nohup hands on that it is ignored
    with Work() as work, FaultServer(script) as server:
        child = Flong('crawl', server.url('/'), '-o', work('out'), *QUIET, '--depth', '0', '--robots', 'ignore', '--jobs', '1')
        server.wait_plays(3)
        child.signal(signal.SIGHUP)
        server.gate.set()
        child.end().expect(11)
        expect(subprocess.run([FLONG, 'resume', work('out'), *QUIET], capture_output=True, check=False), 0)
        complete(work('out'), server)


def check_stopped():
    """Stopped and continued, as by Ctrl-Z and fg: no loss."""
    script = site()
    script['/3'] = [[('gate',), reply('picture 3', 'image/png')]]
    with Work() as work, FaultServer(script) as server:
        child = Flong('crawl', server.url('/'), '-o', work('out'), *QUIET, '--depth', '0', '--robots', 'ignore')
        server.wait_plays(6)
        child.signal(signal.SIGSTOP)
        server.gate.set()
        os.waitid(os.P_PID, child.pid, os.WSTOPPED | os.WNOWAIT)
        child.signal(signal.SIGCONT)
        child.end().expect(0)
        complete(work('out'), server)


def check_slow_syncs(limit='1s'):
    """Syncs that take longer than every time limit of a fetch: what came meanwhile is no timeout."""
    with Work() as work, FaultServer(site(200)) as server:
        watch = ['strace', '-f', '-qq', '-o', work('trace'), '-e', 'trace=fdatasync']
        if not shutil.which('strace') or subprocess.run([*watch, 'true'], check=False, capture_output=True).returncode != 0:
            return 'SKIP syncs that take long: strace cannot watch a process here'
        without_leaks()
        watch += ['-e', 'inject=fdatasync:delay_enter=1500000:when=1+3']
        run = Flong('crawl', server.url('/'), '-o', work('out'), *QUIET, '--depth', '0', '--robots', 'ignore', '--retries', '0',
                    '--timeout', limit, '--stall', limit, '--connect-timeout', limit, under=watch).end().expect(0)
        complete(work('out'), server, 200)
        with open(work('trace'), encoding='utf-8') as file:
            if file.read().count('(DELAYED)') < 2:
                raise AssertionError('no sync was delayed: %s' % run)
    return None


def main():
    tap = begin()
    for claim, function in (
            ('standard output and error are closed or full', check_outputs), ('environments', check_environment),
            ('the output folder is replaced', check_moved_folder),
            ('links in place of files', check_links),
            ('parser processes are killed', check_lost_parsers),
            ('a document that was not read is told of', check_document_not_read),
            ('SIGHUP', check_hang_up), ('SIGSTOP and SIGCONT', check_stopped)):
        tap.run(claim, function)
    notes = []
    tap.run('syncs that take long end no fetch', lambda: notes.append(check_slow_syncs()))
    if notes and notes[0]:
        tap.note(notes[0])
    tap.end()


if __name__ == '__main__':
    main()
