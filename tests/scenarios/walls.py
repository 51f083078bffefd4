#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""walls - what comes in the place of a story is kept, marked, and does not count as captured

Every page of tests/site/walls.py: from a page that links them all, and each as a seed.
"""
import sys

from scenario import QUIET, Archive, Site, Work, begin, flong, read_lines, same

CAPTURED = {'article', 'other'}
NEEDS = {'needs-scripts': 'empty'}  # as the report counts it


def crawl_walls(site, work, name, seed, *arguments):
    return flong('crawl', seed, '-o', work(name), '--scope', 'host', '--include', '/walls/|/de/$', '--retries', '0',
                 *QUIET, *site.options(), *arguments)


def ends_of(walls):
    return {wall['end']: wall for wall in walls}


def check_kept(archive, walls):
    """The bytes are there, whatever they are."""
    for wall in walls:
        statuses = [each.status for each in archive.by_url[wall['end']]]
        if wall['status'] not in statuses:
            raise AssertionError('%s: %s' % (wall['end'], statuses))


def check_stories(archive, walls):
    """stories.jsonl and the page lists say what each page is and why; errors are no pages."""
    lines = {line['url']: line for line in read_lines(archive.of('stories', 'stories.jsonl'))}
    pages = {page['url']: page for page in archive.pages()}
    listed = [wall for wall in walls if wall['status'] == 200]
    same(set(lines) - {archive.seed}, [wall['end'] for wall in listed], 'lines')
    for wall in listed:
        line, page = lines[wall['end']], pages[wall['end']]
        captured = wall['class'] in CAPTURED
        if (line['class'], line['captured'], bool(line['reasons'])) != (wall['class'], captured, not captured):
            raise AssertionError('%s: %s %s' % (wall['end'], line['class'], line['reasons']))
        if page.get('class') != (None if captured else wall['class']):
            raise AssertionError('%s: class %s in the list of pages' % (wall['end'], page.get('class')))
    if lines[archive.seed]['class'] != 'article' or not lines[archive.seed]['captured']:
        raise AssertionError(lines[archive.seed])


def check_records(archive, walls):
    """The metadata record says it, also of errors."""
    for wall in walls:
        reply = [each.reply for each in archive.by_url[wall['end']] if each.status == wall['status']][0]
        fields = [record.block.decode() for record in archive.all if record.type == 'metadata'
                  and record.fields.get('warc-refers-to') == reply.fields['warc-record-id']]
        if len(fields) != 1 or 'class: %s\r\n' % wall['class'] not in fields[0] or \
                ('classReason: ' in fields[0]) != (wall['class'] not in CAPTURED):
            raise AssertionError('%s: %s' % (wall['end'], fields))


def check_log(archive, walls):
    notes = {line[3]: line[11] for line in archive.log()}
    for wall in walls:
        note = 'page:%s' % wall['class']
        if (note in notes[wall['end']].split(',')) != (wall['class'] not in CAPTURED):
            raise AssertionError('%s: %s' % (wall['end'], notes[wall['end']]))


def check_report(archive, walls, run):
    report = archive.report()
    counts = {}
    for wall in walls:
        kind = NEEDS.get(wall['class'], wall['class'])
        if wall['class'] not in CAPTURED:
            counts[kind] = counts.get(kind, 0) + 1
    found = {kind: number for kind, number in report['pagesReplaced'].items() if number}
    if found != counts:
        raise AssertionError('%s for %s' % (found, counts))
    whole = [wall for wall in walls if wall['class'] in CAPTURED]
    if (report['pagesCaptured'], report['pagesFailed']) != (1 + len(whole), len(walls) - len(whole)):
        raise AssertionError(report)
    reasons = {entry['url']: entry['reason'] for entry in report['failedPages']}
    same(reasons, [wall['end'] for wall in walls if wall not in whole], 'failed pages')
    for wall in walls:
        word = NEEDS.get(wall['class'], wall['class']).replace('-', ' ')
        if wall not in whole and not reasons[wall['end']].startswith(word + ': '):
            raise AssertionError('%s: %s' % (wall['end'], reasons[wall['end']]))
    if '3 challenge' not in run.out or 'a bot check came instead' not in run.out:
        raise AssertionError('the report for people: %s' % run)


def check_seed(site, work, wall, number):
    """Exit 8 with a line that says what it is; exit 0 for what is there as a whole."""
    run = flong('crawl', wall['url'], '-o', work('seed%d' % number), '--depth', '1', '--retries', '0', *QUIET,
                *site.options())
    captured = wall['class'] in CAPTURED
    run.expect(0 if captured else 8)
    archive = Archive(work('seed%d' % number))
    if not captured and wall['end'] + ': ' + NEEDS.get(wall['class'], wall['class']).replace('-', ' ') not in run.err:
        raise AssertionError('what the seed is: %s' % run)
    if 'a-70900099' in ' '.join(archive.by_url):
        raise AssertionError('what leads away from %s was followed' % wall['end'])
    leads_on = wall['class'] == 'consent-wall' or wall['end'].endswith('/de/')
    if leads_on and 'came instead' not in str(archive.skipped()):
        raise AssertionError('%s: nobody is told why: %s' % (wall['end'], archive.skipped()))


def check_inspect(work, wall):
    """`flong inspect article` of a record judges with its status and fields."""
    run = flong('inspect', 'article', '--json', work('all'), wall['end']).expect(0)
    if '"class":"%s"' % wall['class'] not in run.out:
        raise AssertionError('%s: %s' % (wall['end'], run.out[:300]))
    text = flong('inspect', 'article', '--format', 'text', work('all'), wall['end']).expect(0).out
    if ('beware' in text) != (wall['class'] not in CAPTURED):
        raise AssertionError(text)


def main():
    tap = begin()
    with Work() as work, Site(work('site'), 'http') as site:
        walls, index = site.truth['walls'], site.truth['walls_page']
        run = crawl_walls(site, work, 'all', index, '--depth', '1')
        tap.say(run.code == 0, 'a page that leads to walls is captured', run)
        archive = Archive(work('all'))
        archive.seed = index
        for name, check in (('each is kept', check_kept), ('marked in the list of stories', check_stories),
                            ('in its metadata record', check_records), ('in the crawl log', check_log)):
            tap.run(name, check, archive, walls)
        tap.run('and does not count as captured', check_report, archive, walls, run)
        strict = crawl_walls(site, work, 'strict', index, '--depth', '1', '--strict')
        tap.run('--strict fails', lambda: strict.expect(9))
        for number, wall in enumerate(walls):
            tap.run('as a seed: %s' % wall['url'].split('/')[4], check_seed, site, work, wall, number)
        tap.run('inspect says the same', lambda: [check_inspect(work, wall) for wall in walls
                                                  if wall['end'] == wall['url']])
        tap.run('the collection stands the check', lambda: flong('check', work('all')).expect(0))
    tap.end()


sys.exit(main())
