#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""media - each mode of --media on a story of the fictional site that has films

Taken is what the mode says: no film at all, of each playlist one variant with its segments, or all of them;
what is left out is told with the reason.
"""
import re

from scenario import Archive, Site, Work, begin, crawl, same
import numbers_page

# Variants of each film that a mode takes; without any, its files are left out too.
MODES = {'none': (), 'poster': (), 'smallest': ('low',), 'best': ('high',), 'all': ('low', 'high')}


def variant_of(url):
    """'low' or 'high' for what belongs to one variant, '' for what all share."""
    found = re.search(r'/(low|high)(?:-\d+\.ts|\.m3u8)$', url)
    return found[1] if found else ''


def wanted(story, variants):
    return {each['url'] for each in story['media'] if variants and variant_of(each['url']) in ('',) + variants}


def check_taken(archive, story, variants):
    every = {each['url'] for each in story['media']}
    same(archive.urls(200) & every, wanted(story, variants), 'files of films')


def check_told(archive, story, variants):
    """What the page or a playlist that was read names and the mode leaves out stands in skipped.jsonl."""
    named = {each['url'] for each in story['media'] if each['kind'] != 'segment'}
    if not variants:
        named = {url for url in named if not variant_of(url)}
    told = {url for url, why in archive.skipped().items() if '--media' in str(why)}
    same(told & named, named - wanted(story, variants), 'files left out that are told')
    if told & archive.urls(200):
        raise AssertionError('left out and there: %s' % sorted(told & archive.urls(200))[:3])
    if archive.report()['mediaOverLimit'] != 0:
        raise AssertionError('files over the limit: %s' % archive.report()['mediaOverLimit'])


def films(tap):
    for mode, variants in MODES.items():
        name = '--media %s: ' % mode
        with Work() as work, Site(work('site'), 'http') as site:
            story = max(site.truth['articles'], key=lambda story: len(story['media']))
            run = crawl(site, work('out'), '--depth', '0', '--media', mode, seed=story['url'])
            if not tap.say(run.code == 0, name + 'ends with exit 0', run):
                continue
            archive = Archive(work('out'))
            tap.run(name + 'the files it says and no others', check_taken, archive, story, variants)
            tap.run(name + 'what is left out is told', check_told, archive, story, variants)
            tap.note('%s%d of %d files of films' % (name, len(wanted(story, variants)), len(story['media'])))


def poster(tap):
    """The page of numbers shows one picture as a film's still and nowhere else."""
    for mode in MODES:
        with Work() as work, Site(work('site'), 'http') as site:
            page = site.truth['seed'].split('/en/')[0] + numbers_page.PATH
            crawl(site, work('out'), '--depth', '0', '--media', mode, seed=page).expect(0)
            stills = [url for url in Archive(work('out')).urls(200) if url.endswith('/numbers/poster.png')]
            tap.say(len(stills) == (mode != 'none'), '--media %s: the still of a film' % mode, stills)


def main():
    tap = begin()
    films(tap)
    poster(tap)
    tap.end()


if __name__ == '__main__':
    main()
