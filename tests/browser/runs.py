#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""runs.py FOLDER - a job run four times over a site that changes; prints what a player has to show

Between the runs a headline is edited, a story goes, another one comes, and at last nothing changes: then
pages are revisits too. Pictures and styles never change. FOLDER gets the collection, its package, that of
the last run alone with the originals of its revisits, and `pywb`, a folder as pywb wants it.
"""
import json
import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
for name in ('scenarios', 'support'):
    sys.path.insert(0, os.path.join(HERE, '..', name))
from changing_site import ChangingSite, Story  # noqa: E402
from scenario import Archive, flong  # noqa: E402

EDITED, GONE, NEW = 2, 3, 7


def next_second(last):
    """Addresses of pywb have seconds: two runs must not share one."""
    while int(time.time()) <= last:
        time.sleep(0.02)


def told(site):
    """What each page shows now: its headlines, and how many pictures."""
    pages = {site.url: (['The Harbour Times'] + [story.headline for story in site.stories.values()], len(site.stories))}
    for number, story in site.stories.items():
        pages[site.story_url(number)] = ([story.headline], 1)
    return pages


class Runs:
    def __init__(self, folder, site):
        self.folder, self.site, self.known = folder, site, set()
        self.collection, self.runs = os.path.join(folder, 'harbour'), []
        with open(os.path.join(folder, 'harbour.conf'), 'w', encoding='utf-8') as file:
            file.write('url = %s\ncollection = %s\nevery = 1ms\nwacz\nprogress = never\nwait = 0\n' % (site.url, self.collection))

    def run(self):
        flong('run', os.path.join(self.folder, 'harbour.conf')).expect(0)
        archive = Archive(self.collection)
        fresh = [exchange for exchange in archive.exchanges if exchange.path not in self.known]
        self.known.update(archive.warcs)
        shown = told(self.site)
        types = {exchange.url: exchange.reply.type for exchange in fresh}
        pages = [{'url': exchange.url, 'stamp': exchange.reply.fields['warc-date'].translate({ord(c): None for c in '-:TZ.'}),
                  'type': exchange.reply.type, 'headlines': shown[exchange.url][0], 'pictures': shown[exchange.url][1]}
                 for exchange in fresh if exchange.url in shown]
        kept = {types[url] for url in types if url.endswith(('.png', '.css'))}
        self.runs.append({'pages': pages, 'others': sorted(kept)})
        next_second(int(time.time()))


def main():
    folder = sys.argv[1]
    with ChangingSite() as site:
        runs = Runs(folder, site)
        runs.run()
        site.stories[EDITED].headline = 'Harbour pilots return to work after six days'
        runs.run()
        gone = site.story_url(GONE)
        del site.stories[GONE]
        site.stories[NEW] = Story(NEW)
        runs.run()
        runs.run()
        edited, new = site.story_url(EDITED), site.story_url(NEW)
    last = os.path.join(folder, 'last.wacz')
    flong('pack', runs.collection, '--run', 'last', '--self-contained', '-o', last).expect(0)
    os.makedirs(os.path.join(folder, 'pywb', 'collections'))
    os.symlink(runs.collection, os.path.join(folder, 'pywb', 'collections', 'harbour'))
    json.dump({'wacz': runs.collection + '.wacz', 'last': last, 'pywb': os.path.join(folder, 'pywb'), 'runs': runs.runs,
               'front': site.url, 'edited': edited, 'new': new, 'gone': gone}, sys.stdout, indent=1)


if __name__ == '__main__':
    main()
