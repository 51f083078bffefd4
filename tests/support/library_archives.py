#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""library_archives.py FLONG FOLDER - archives with something for every page of the library; prints what was made

paper: a small paper that was archived twice, with a story edited between; big: 300 stories; parts: a page of whose
parts one is missing. Prints one JSON object: the address of the edited story, and those of big.
"""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from changing_site import ChangingSite  # noqa: E402
from made_archive import MadeArchive  # noqa: E402

EDITED = 'The pilots of the harbour went back to work on Tuesday, and the ferries sailed again in the evening.'
BIG = 300


def make_paper(flong, folder, site):
    """Seven pages, archived twice; the first story reads otherwise the second time."""
    for _ in range(2):
        subprocess.run([flong, 'crawl', site.url, '-o', folder, '--progress', 'never', '--wait', '0',
                        '--allow-private', 'all'], check=True, stdout=subprocess.DEVNULL)
        site.stories[1].text = EDITED


def make_big(flong, folder):
    """A seed that leads to 20 stories, each of which led to others; story 1 names one that is not here."""
    made = MadeArchive(folder, flong)
    urls = ['https://big.example/news/story-of-the-harbour-number-%d' % (7000 + i) for i in range(BIG)]
    for number, url in enumerate(urls):
        date = '2026-%02d-%02dT10:00:00.000Z' % (number % 3 + 6, number % 28 + 1)
        made.add(url, '<h1>Story %d</h1>' % number, date=date)
        parent = None if number == 0 else urls[0] if number <= 20 else urls[number % 20 + 1]
        related = [{'url': url, 'title': 'Story'} for url in urls[1:21]] if number == 0 else []
        if number == 1:
            related.append({'url': 'https://big.example/elsewhere', 'title': 'Told elsewhere', 'reasons': ['slug +2']})
        made.story(url=url, timestamp=date, depth=0 if number == 0 else 1 if number <= 20 else 2,
                   headline='Story %d' % number, kicker='Harbour', description='What story %d is about.' % number,
                   related=related, **({'via': parent} if parent else {}))
    made.write()
    return urls


def make_parts(flong, folder):
    """Of the parts that the metadata names one is here, one was refused by its server, one is missing; nobody misses a
    film, and a picture that only the page's data names."""
    made = MadeArchive(folder, flong)
    url = 'https://p.example/story'
    date = made.add(url, '<h1>Story</h1>')
    links = ['https://p.example/%s %s' % link for link in (
        ('here.css', 'E link/href'), ('gone.png', 'E img/src'), ('lost.png', 'E img/src'), ('film.mp4', 'E source/src'),
        ('large.png', 'E json/state'), ('other', 'L a/href'))]
    made.record('metadata', url, date, 'application/warc-fields',
                ''.join('outlink: %s\r\n' % link for link in links).encode(),
                'WARC-Concurrent-To: <urn:uuid:00000000-0000-0000-0000-000000000001>')
    made.add('https://p.example/here.css', 'a {}', 'text/css')
    made.add('https://p.example/gone.png', 'gone', 'text/plain', '404 Not Found')
    made.story(url=url, timestamp=date, depth=0, headline='Story')
    made.write()
    return url


def main():
    flong, folder = sys.argv[1:]
    with ChangingSite() as site:
        make_paper(flong, os.path.join(folder, 'paper'), site)
        big = make_big(flong, os.path.join(folder, 'big'))
        parts = make_parts(flong, os.path.join(folder, 'parts'))
        json.dump({'edited': site.story_url(1), 'big': big, 'parts': parts}, sys.stdout)


if __name__ == '__main__':
    main()
