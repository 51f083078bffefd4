#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""job - scheduled runs into one collection, over a site that changes between them

Four runs: revisits refer to responses that are there, the status file tells how it goes. Then what may
go wrong: a configuration that is none, another run at work, a run that was killed, a site that is gone.
"""
import os
import re
import shutil
import signal
import subprocess
import threading

from scenario import Archive, Flong, Work, begin, flong, payload_of, read_json, same, without_leaks
from changing_site import ChangingSite

FAST = 'progress = never\nwait = 0\nretries = 0\nparsers = 1\nworkers = 0\n'


class Job:
    def __init__(self, work, site, lines='', name='harbour'):
        self.work, self.site = work, site
        self.folder = work(name)
        self.path = work(name + '.conf')
        self.write('url = %s\ncollection = %s\n# the paper of the harbour\n%s%s' % (site.url, self.folder, FAST, lines))

    def write(self, text):
        with open(self.path, 'w', encoding='utf-8') as file:
            file.write(text)

    def run(self, *arguments):
        return flong('run', self.path, *arguments)

    def start(self, *arguments):
        return Flong('run', self.path, *arguments)

    def status(self):
        return read_json(os.path.join(self.folder, 'status.json'))

    def reports(self):
        folder = os.path.join(self.folder, 'reports')
        return [read_json(os.path.join(folder, name)) for name in sorted(os.listdir(folder)) if name.startswith('run-')]


def check_revisits(archive):
    """Each revisit refers to a response that is there, with the same payload; the index finds both."""
    responses = {exchange.reply.fields['warc-record-id']: exchange for exchange in archive.exchanges
                 if exchange.reply.type == 'response'}
    rows = {(row['url'], stamp): row for _, stamp, row in archive.index()}
    count = 0
    for exchange in archive.exchanges:
        if exchange.reply.type != 'revisit':
            continue
        fields = exchange.reply.fields
        original = responses.get(fields['warc-refers-to'])
        if original is None:
            raise AssertionError('%s refers to what is not there' % exchange.url)
        if fields['warc-payload-digest'] != original.reply.fields['warc-payload-digest']:
            raise AssertionError('%s has another payload than its original' % exchange.url)
        stamp = fields['warc-refers-to-date'].translate({ord(c): None for c in '-:TZ.'})
        row = rows.get((fields['warc-refers-to-target-uri'], stamp))
        if row is None or row['mime'] == 'warc/revisit' or row['digest'] != fields['warc-payload-digest']:
            raise AssertionError('%s: its original is not found by its URL and date: %s' % (exchange.url, row))
        if len(payload_of(original.reply)) < 1024:
            raise AssertionError('%s: the payload is too short for a revisit' % exchange.url)
        count += 1
    return count


def check_clean(folder):
    flong('check', folder).expect(0)


def check_second(job, site):
    archive = Archive(job.folder)
    edited = [exchange.reply.type for exchange in archive.by_url[site.story_url(2)]]
    same(['%d %s' % pair for pair in enumerate(edited)], ['0 response', '1 response'], 'the edited story')
    unchanged = [exchange.reply.type for exchange in archive.by_url[site.url + 'style.css']]
    same(['%d %s' % pair for pair in enumerate(unchanged)], ['0 response', '1 revisit'], 'the style sheet')
    if check_revisits(archive) < 8:
        raise AssertionError('too few revisits')


def check_status(job, state, number):
    status = job.status()
    if status['state'] != state or status['job'] != 'harbour':
        raise AssertionError('status.json: %s' % status)
    reports = job.reports()
    if len(reports) != number or reports[-1]['run'] != status['run'] or reports[-1]['state'] != state:
        raise AssertionError('%d reports, the last %s' % (len(reports), reports[-1:]))
    segments = sorted(name for report in reports for name in report['segments'])
    same(segments, os.listdir(os.path.join(job.folder, 'archive')), 'each WARC file belongs to one run')
    if len(set(segments)) != len(segments):
        raise AssertionError('a WARC file is in two runs')


def four_runs(tap):
    with Work() as work, ChangingSite() as site:
        job = Job(work, site, 'every = 1ms\nwacz\n')
        run = job.run()
        if not tap.say(run.code == 0, 'the first run', run):
            return
        tap.run('one report, a good status', check_status, job, 'good', 1)
        status = job.status()
        tap.say(status['stories'] == 6 and status['pages'] == 7, 'figures', status)
        tap.say(status['nextDue'] > status['started'] and status['lastGoodRun']['run'] == status['run'] and
                status['runsSinceGood'] == 0, 'when the next is due', status)
        tap.say(os.path.exists(job.folder + '.wacz'), 'packed')
        site.stories[2].headline = 'Harbour pilots return to work after six days'
        run = job.run()
        tap.say(run.code == 0, 'the second run, with a headline changed', run)
        tap.run('what did not change is a revisit', check_second, job, site)
        gone = site.stories.pop(3)
        site.stories[7] = type(gone)(7)
        run = job.run()
        tap.say(run.code == 0, 'the third run, with a story gone and a new one', run)
        archive = Archive(job.folder)
        tap.say(len(archive.by_url[site.story_url(7)]) == 1, 'the new story is there')
        tap.say([exchange.status for exchange in archive.by_url[site.url.rstrip('/') + gone.path]][:2] == [200, 200],
                'what is gone stays')
        run = job.run()
        tap.say(run.code == 0, 'the fourth run', run)
        tap.run('four reports', check_status, job, 'good', 4)
        tap.run('revisits refer to responses', check_revisits, Archive(job.folder))
        tap.run('the collection is sound', check_clean, job.folder)
        tap.run('so is the package', check_clean, job.folder + '.wacz')


def cadence(tap):
    """Which stories a run captures again, by their age and by whether they change."""
    def stories(site):
        return sorted(path[-1] for path in site.asked() if path.startswith('/news/'))

    with Work() as work, ChangingSite() as site:
        job = Job(work, site, 'every = 1h\n')
        job.run().expect(0)
        site.asked()
        site.stories[7] = type(site.stories[1])(7)
        job.run().expect(0)
        found = stories(site)
        tap.say(found == ['7'], 'every 1h: a second run takes the seed and what is new', found)
        reason = Archive(job.folder).skipped()[site.story_url(1)]['reason']
        tap.say(reason.startswith('known, not due before 20'), 'what is not due is told', reason)
        tap.say(job.status()['state'] == 'good', 'and is no reason for suspicion')
        job = Job(work, site, 'every = 1ms for 1ms, 1ms for 1d\n', 'other')
        job.run().expect(0)
        site.asked()
        site.hidden = {2}
        site.stories[5].text = 'The pilots met the owners.'
        job.run().expect(0)
        found = stories(site)
        tap.say(found == list('1234567'), 'what is due is captured though no page names it any more', found)
        del site.stories[6]
        job.run().expect(0)
        found = stories(site)
        tap.say(found == list('1234567'), 'a story that is gone is asked for', found)
        site.stories[5].text = 'The pilots have signed.'
        job.run().expect(0)
        found = stories(site)
        tap.say(found == ['5', '6'], 'three times the same: not any more', found)


def check_retained(job, site, runs):
    """What stays is whole: pages, index, revisits; what went is named nowhere."""
    archive = Archive(job.folder)
    check_clean(job.folder)
    if check_revisits(archive) < 8:
        raise AssertionError('too few revisits')
    files = {os.path.basename(path) for path in archive.warcs}
    own = {name for report in job.reports() for name in report['segments']}
    same([name for name in files if not name.startswith('originals-')], own, 'WARC files')
    if len(job.reports()) != runs or len([name for name in files if name.startswith('originals-')]) != 1:
        raise AssertionError('%d reports, files %s' % (len(job.reports()), sorted(files)))
    same({row['filename'] for _, _, row in archive.index()}, files, 'files in the index')
    captures = {(exchange.url, exchange.reply.fields['warc-date']) for exchange in archive.exchanges}
    for name in ('pages.jsonl', 'extraPages.jsonl'):
        pages = {(page['url'], page['ts']) for page in archive.pages(name)}
        if not pages or not pages <= captures:
            raise AssertionError('%s names what is gone: %s' % (name, sorted(pages - captures)[:3]))


def retention(tap):
    with Work() as work, ChangingSite() as site:
        job = Job(work, site, 'keep = 2 runs\n')
        gone = None
        for number in range(1, 5):
            site.stories[1].text = 'Version %d of the first story, which is told in other words every time.' % number
            if number == 2:
                gone = site.stories.pop(6)
            run = job.run()
            tap.say(run.code == 0, 'keep 2 runs: run %d' % number, run)
            if number >= 3:
                tap.say('removed       1 old run' in run.out and job.status()['removedRuns'] == 1,
                        'run %d removes one' % number, run)
                tap.run('after run %d: revisits have their originals, all else is consistent' % number,
                        check_retained, job, site, 2)
        archive = Archive(job.folder)
        tap.say(not archive.by_url[site.url.rstrip('/') + gone.path], 'a story that only an old run had is gone')
        tap.say(len(archive.by_url[site.story_url(1)]) == 2, 'of the others the last two captures are there')
        with open(archive.of('logs', 'removed.log'), encoding='ascii') as file:
            lines = file.read().splitlines()
        tap.say(len(lines) == 3, 'what went is logged: two runs, and the originals taken over first', lines)
        site.mode = 'empty'
        run = job.run()
        tap.say(run.code == 12 and 'removed' not in run.out and len(job.reports()) == 3,
                'a suspicious run removes nothing', run)
        site.mode = None
        site.date = 'Mon, 01 Jan 2035 00:00:00 GMT'
        run = job.run()
        tap.say(run.code == 0 and 'clock' in run.err and len(job.reports()) == 4, 'a clock that is far off removes nothing', run)
        site.date = None
        last = job.reports()[-1]
        path = os.path.join(job.folder, 'reports', 'run-%s.json' % last['run'])
        with open(path, encoding='utf-8') as file:
            text = file.read()
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text.replace(last['started'], '2099-01-01T00:00:00.000Z'))
        run = job.run()
        tap.say(run.code == 0 and 'behind the last run' in run.err and len(job.reports()) == 5,
                'a clock that went back removes nothing', run)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        run = job.run('--keep', '1K')
        tap.say(run.code == 0 and len(job.reports()) == 1, 'by size: the newest run stays', run)
        tap.run('revisits have their originals', check_retained, job, site, 1)
        job.run().expect(0)
        run = job.run('--keep', '1ms')
        tap.say(run.code == 0 and len(job.reports()) == 1, 'by age', run)
        tap.run('and again', check_retained, job, site, 1)


RENAMES = 'rename,renameat,renameat2,unlink,unlinkat'


def traced(job, work, *inject):
    """A run that removes all old ones, watched; its renames and removals in their order: what is called, which
    time it is called by this thread, the rest."""
    watch = ['strace', '-f', '-qq', '-o', work('trace'), '-e', 'trace=' + RENAMES, *inject]
    run = Flong('run', job.path, '--keep', '1 run', under=watch).end()
    with open(work('trace'), encoding='utf-8', errors='replace') as file:
        rows = [found.groups() for found in (re.match(r'(\d+) +(\w+)\((.*)', line) for line in file) if found]
    main = next((thread for thread, _, rest in rows if 'removal.json' in rest), None)
    calls, times = [], {}
    for thread, name, rest in rows:
        if thread == main:
            times[name] = times.get(name, 0) + 1
            calls.append((name, times[name], rest))
    return run, calls


def can_trace(work):
    return shutil.which('strace') and subprocess.run(
        ['strace', '-f', '-o', work('trace'), 'true'], check=False, capture_output=True).returncode == 0


def killed_removal(tap):
    """Killed at a rename or removal of a removal: whatever stays has its originals, and the next run goes on."""
    with Work() as work, ChangingSite() as site:
        if not can_trace(work):
            tap.note('SKIP killed while old runs are removed: strace cannot watch a process here')
            return
        without_leaks()
        job = Job(work, site)
        for number in range(3):
            site.stories[1].text = 'Version %d of the first story.' % number
            job.run().expect(0)
        shutil.copytree(job.folder, work('before'))
        run, calls = traced(job, work)
        run.expect(0)
        first = next(at for at, (_, _, rest) in enumerate(calls) if 'removal.json' in rest)
        points = range(first, len(calls) - 2)  # the last ones write the status
        if not os.environ.get('FLONG_ALL_KILLS'):
            points = [points[0], points[1], points[len(points) // 2], points[-2]]
        for point in points:
            shutil.rmtree(job.folder)
            shutil.copytree(work('before'), job.folder)
            call, times, rest = calls[point]
            run, _ = traced(job, work, '-e', 'inject=%s:signal=KILL:when=%d' % (call, times))
            what = re.sub(r'[0-9]{17}', 'TIME', rest.rsplit(')', 1)[0].replace(job.folder + '/', ''))
            name = 'killed at %s of %s' % (call, what)
            if run.code == 0:
                raise AssertionError('not killed: %s' % run)
            site.stories[1].text = 'The version after it.'
            after = job.run('--keep', '2 runs')
            tap.say(after.code == 0, name + ': the next run goes on', after)
            tap.run(name + ': nothing that stays has lost anything', check_kept, job)


def check_kept(job):
    archive = Archive(job.folder)
    check_clean(job.folder)
    check_revisits(archive)
    files = {os.path.basename(path) for path in archive.warcs}
    same({row['filename'] for _, _, row in archive.index()}, files, 'files in the index')
    if os.path.exists(os.path.join(job.folder, 'state', 'removal.json')):
        raise AssertionError('the removal is still under way')
    pages = {(page['url'], page['ts']) for page in archive.pages()}
    if not pages <= {(exchange.url, exchange.reply.fields['warc-date']) for exchange in archive.exchanges}:
        raise AssertionError('pages name what is gone')


def unpacked(work, package, name):
    flong('unpack', package, '-o', work(name)).expect(0)
    return Archive(work(name))


def one_run(tap):
    """A run as a package: alone, or with the originals of its revisits."""
    with Work() as work, ChangingSite() as site:
        job = Job(work, site)
        job.run().expect(0)
        site.stories[2].text = 'Told in other words.'
        job.run().expect(0)
        site.stories[4].text = 'Told in other words as well.'
        job.run().expect(0)
        ids = [report['run'] for report in job.reports()]
        run = flong('pack', job.folder, '--run', 'last', '--self-contained')
        package = job.folder + '-last.wacz'
        tap.say(run.code == 0 and run.out.strip() == package, 'pack --run last --self-contained', run)
        whole = unpacked(work, package, 'whole')
        tap.run('it has the originals of all its revisits', check_revisits, whole)
        tap.run('and is sound', check_clean, package)
        own = set(job.reports()[-1]['segments'])
        files = {os.path.basename(path) for path in whole.warcs}
        tap.say(own < files and len(files) == len(own) + 1, 'the files of the run, and one more', files)
        again = {exchange.url for exchange in whole.exchanges if exchange.path.endswith(tuple(own))}
        tap.say(len(whole.pages()) >= 7 and site.story_url(4) in again and all(
            page['url'] in whole.by_url for page in whole.pages()), 'with its pages', whole.pages())
        raw = {record.fields['warc-record-id']: record.block for record in Archive(job.folder).all}
        copied = [record for record in whole.all if record.fields['warc-record-id'] in raw]
        tap.say(len(copied) > 20 and all(record.block == raw[record.fields['warc-record-id']] for record in copied),
                'what was copied is as it was')
        run = flong('pack', job.folder, '--run', ids[1], '-o', work('bare.wacz'))
        tap.say(run.code == 0, 'pack --run ID', run)
        bare = unpacked(work, work('bare.wacz'), 'bare')
        tap.say({os.path.basename(path) for path in bare.warcs} == set(job.reports()[1]['segments']),
                'the files of the run alone')
        run = flong('check', work('bare.wacz'))
        tap.say(run.code != 0 and 'W-25' in run.out, 'flong check names its revisits without original', run)
        for name, arguments in (('a run that is not there', ('--run', '7')), ('--dedup alone', ('--dedup', job.folder)),
                                ('a package that is there', ('--run', 'last'))):
            run = flong('pack', job.folder, *arguments)
            tap.say(run.code == 2, 'exit 2: ' + name, run)
        left = [name for name in os.listdir(work.path) if 'partial' in name]
        tap.say(not left, 'nothing is left beside the packages', left)


def configuration(tap):
    """What is wrong with a job is told with the number of its line, and nothing is touched."""
    cases = [
        ('an option that is none', 'colour = red\n', 'line 9', "unknown option 'colour'"),
        ('a value that is none', 'depth = far\n', 'line 9', '--depth'),
        ('a pattern that is none', 'exclude = (\n', 'line 9', '('),
        ('a URL that is none', 'url = mailto:a@b.example\n', 'line 9', 'mailto'),
        ('a limit without unit', 'keep = 30\n', 'line 9', "'30'"),
        ('ages that do not grow', 'every = 1h for 7d, 6h for 1d\n', 'line 9', 'grow'),
        ('an output beside the collection', 'output = x\n', '', '--output'),
    ]
    with Work() as work, ChangingSite(1) as site:
        for name, line, where, what in cases:
            job = Job(work, site, line)
            run = job.run()
            where = where if where.startswith('line') else ''
            tap.say(run.code == 2 and where in run.err and what in run.err and 'harbour.conf' in run.err,
                    'wrong configuration: ' + name, run)
        tap.say(not os.path.exists(job.folder) and not site.asked(), 'wrong configuration: nothing is touched')
        bare = Job(work, site)
        bare.write('url = %s\n' % site.url)
        run = bare.run()
        tap.say(run.code == 2 and 'collection' in run.err, 'wrong configuration: no collection', run)
        good, bad = Job(work, site), Job(work, site, 'depth = far\n', 'other')
        run = flong('run', good.path, bad.path)
        tap.say(run.code == 2 and not os.path.exists(good.folder), 'all jobs are checked before the first is run', run)
        run = good.run('--depth', '0')
        tap.say(run.code == 0 and len(Archive(good.folder).pages()) == 1, 'the command line wins', run)
        good.write('url = %s\ncollection = %s\ndepth = far\n' % (site.url, good.folder))
        before = good.status()
        tap.say(good.run().code == 2 and good.status() == before, 'a job made invalid leaves the old state', before)


def overlap(tap):
    with Work() as work, ChangingSite(2) as site:
        job = Job(work, site)
        site.hold = threading.Event()
        first = job.start()
        site.held.wait(60)
        running = job.status()
        tap.say(running['state'] == 'running' and running['process'] == first.pid, 'the status says running', running)
        second = job.run()
        tap.say(second.code == 10 and 'in use' in second.err and str(first.pid) in second.err,
                'a run at the same time is skipped: exit 10', second)
        other = Job(work, site, name='other')
        waiting = job.start('--on-overlap', 'wait')
        line = waiting.child.stderr.readline().decode()
        tap.say('waiting' in line, 'with --on-overlap wait it waits', line)
        tap.say(waiting.child.poll() is None, 'as long as the other runs')
        stopped = job.start('--on-overlap', 'wait')
        stopped.child.stderr.readline()
        stopped.signal(signal.SIGTERM)
        run = stopped.end()
        tap.say(run.code == 11, 'a signal ends the waiting: exit 11', run)
        site.hold.set()
        site.hold = None
        runs = first.end(), waiting.end()
        tap.say([run.code for run in runs] == [0, 0], 'then both are made, one after the other', runs[1])
        tap.run('two reports', check_status, job, 'good', 2)
        run = flong('run', job.path, other.path)
        tap.say(run.code == 0 and len(other.reports()) == 1 and len(job.reports()) == 3, 'two jobs in one go', run)


def killed(tap):
    """What a killed run left is put in order and reported by the next one."""
    with Work() as work, ChangingSite() as site:
        note = work('alert')
        job = Job(work, site, 'alert = cat >%s; echo " $FLONG_STATE $FLONG_RUN $FLONG_REASONS" >>%s\n' % (note, note))
        job.run().expect(0)
        site.hold = threading.Event()
        victim = job.start()
        site.held.wait(60)
        site.held.clear()
        victim.signal(signal.SIGKILL)
        victim.end()
        site.hold.set()
        site.hold = None
        tap.say(job.status()['state'] == 'running', 'killed: the status still says running')
        lost = job.status()['run']
        tap.say(not os.path.exists(note), 'nobody could tell of it')
        run = job.run()
        with open(note, encoding='utf-8') as file:
            told = file.read()
        tap.say(told.rstrip().endswith(' interrupted %s it ended without a word: killed, or without memory' % lost) and '"running"' in told,
                'the next run does, before it begins', told)
        os.remove(note)
        tap.say(run.code == 0 and 'had not ended' in run.out, 'the next run puts in order what a killed one left', run)
        states = [report['state'] for report in job.reports()]
        tap.say(states == ['good', 'interrupted', 'good'], 'the killed run has a report', states)
        tap.say(not Archive(job.folder).open_segments(), 'no segment is open')
        tap.run('the collection is sound', check_clean, job.folder)
        site.hold = threading.Event()
        stopped = job.start()
        site.held.wait(60)
        stopped.signal(signal.SIGTERM)
        site.hold.set()
        ended = stopped.end()
        site.hold = None
        tap.say(ended.code == 11 and job.status()['state'] == 'interrupted', 'a signal: exit 11', ended)
        run = job.run()
        tap.say(not os.path.exists(note), 'of what was stopped on purpose there is no alert')
        tap.say(run.code == 0 and [report['state'] for report in job.reports()][-2:] == ['interrupted', 'good'],
                'and the next run goes on from there', run)
        run = job.run('--max-pages', '2')
        tap.say(run.code == 14 and job.status()['state'] == 'good', 'a limit ends a run for good: exit 14', run)
        tap.say(job.run().code == 0, 'and the next one begins anew')
        tap.run('the collection is still sound', check_clean, job.folder)


def suspicious(tap):
    with Work() as work, ChangingSite() as site:
        note = work('alert')
        job = Job(work, site, 'alert = cat >%s; echo " $FLONG_JOB $FLONG_STATE $FLONG_EXIT" >>%s\nstatus = %s\n' % (
            note, note, work('monitor.json')))
        run = job.run()
        tap.say(run.code == 0 and not os.path.exists(note), 'a good run: no alert', run)
        good = job.status()['run']
        site.mode = 'empty'
        run = job.run()
        status = job.status()
        tap.say(run.code == 12 and status['state'] == 'suspicious' and 'usual are 6' in status['reasons'][0],
                'far fewer stories: exit 12', run)
        tap.say(status['lastGoodRun']['run'] == good and status['runsSinceGood'] == 1, 'the last good run is told', status)
        with open(note, encoding='utf-8') as file:
            told = file.read()
        tap.say(told.endswith(' harbour suspicious 12\n') and '"suspicious"' in told, 'the alert has the status', told)
        tap.say(read_json(work('monitor.json')) == status, 'the second status file is the same')
        for mode, code in (('gone', 8), ('down', 8)):
            site.mode = mode
            run = job.run()
            status = job.status()
            tap.say(run.code == code and status['state'] == 'suspicious', 'the site is %s: suspicious' % mode, run)
        site.mode = 'login'
        run = job.run()
        status = job.status()
        tap.say(run.code == 8 and status['state'] == 'suspicious' and 'login wall' in status['reasons'][1],
                'a login page instead of the paper: suspicious', (run, status))
        tap.say(status['runsSinceGood'] == 4, 'runs since the last good one', status)
        site.mode = None
        run = job.run()
        status = job.status()
        tap.say(run.code == 0 and status['state'] == 'good' and status['runsSinceGood'] == 0, 'it is back: good', run)
        tap.say(len(Archive(job.folder).by_url[site.story_url(1)]) == 2, 'what was captured before is kept')
        tap.run('the collection is sound', check_clean, job.folder)
        job.write('url = %s\ncollection = %s\nalert = exit 3\n%s' % (site.url.replace('http:', 'http:') + 'nowhere', job.folder, FAST))
        run = job.run()
        tap.say(run.code == 8 and 'alert' in run.err, 'an alert that fails is told', run)


def main():
    tap = begin()
    for part in (four_runs, cadence, retention, killed_removal, one_run, configuration, overlap, killed, suspicious):
        part(tap)
    return tap.end()


if __name__ == '__main__':
    raise SystemExit(main())
