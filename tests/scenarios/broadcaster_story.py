#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""broadcaster_story - a story as an international broadcaster's system writes it: every field, every related story

The page is tests/site/broadcaster.py. It is crawled to depth 1 from the fictional site, and then inspected as it was
captured: "More from ..." and "Go to homepage" are no stories, and what is only in the state is told and not followed.
"""
import json
import re
import sys

from scenario import Archive, Site, Work, begin, crawl, flong, same

import broadcaster as truth

FIELDS = {'headline': truth.HEADLINE, 'kicker': truth.KICKER, 'description': truth.TEASER, 'authors': [], 'agencies': truth.AGENCIES,
          'published': {'value': truth.PUBLISHED, 'source': 'json-ld', 'precision': 'second'},
          'modified': {'value': truth.MODIFIED, 'source': 'json-ld', 'precision': 'second'},
          'language': 'en', 'captions': [truth.CAPTION + ' Image: ' + truth.CREDIT]}


def inspect(what, place, url):
    run = flong('inspect', what, place, url, '--date', '2026-03-18T10:10:00Z').expect(0)
    return [json.loads(line) for line in run.out.splitlines()]


def check_fields(article, urls, image):
    same({name: article[name] for name in FIELDS}, FIELDS, 'fields')
    same(article['canonical'], urls.www(truth.path()), 'canonical')
    same(article['short_url'], urls.short('/p/4SXkg'), 'short link')
    same(article['image'], {'url': image, 'caption': truth.CAPTION, 'credit': truth.CREDIT}, 'picture')


def check_text(article):
    paragraphs = [re.sub('^## ', '', one) for one in truth.PARAGRAPHS]
    text = article['text'].split('\n\n')
    same([one for one in text if one in paragraphs], paragraphs, 'paragraphs')
    rest = [one for one in text if one not in paragraphs]
    if not set(rest) <= {truth.TEASER, 'ss/fb (AFP, Reuters, AP)'}:
        raise AssertionError('in the text: %s' % rest)
    if '\n## What is known about the cause?\n' not in article['markdown']:
        raise AssertionError(article['markdown'])


def check_related(article, urls):
    """Address, title, block, kicker, date and duration of each card, in the order of the page."""
    same([(one['url'], one['title'], one['section'], one['kicker'], one['date'], one['duration'])
          for one in article['related']],
         [(urls.www(one.path), one.title, one.section, one.kicker, one.when, one.duration) for one in truth.teasers()],
         'related stories')
    same({one['section'] for one in article['related']}, {'Top story', *truth.REGIONS}, 'blocks')


def check_others(candidates, urls):
    kinds = {one['url']: (one['kind'], one['accepted']) for one in candidates}
    for name in truth.REGIONS:
        if kinds[urls.www(truth.section_path(name))] not in (('section', False), ('nav', False)):
            raise AssertionError('More from %s: %s' % (name, kinds[urls.www(truth.section_path(name))]))
    if kinds[urls.www(truth.HOME)][1]:
        raise AssertionError('the homepage is taken for a story')
    same({url for url, (_, accepted) in kinds.items() if accepted}, {urls.www(one.path) for one in truth.teasers()}, 'accepted')
    same([one['title'] for one in candidates if one['kind'] == 'state'], [one.title for one in truth.DOSSIER], 'only in the state')


def check_crawl(archive, wire, urls):
    pages = {urls.www(truth.path())} | {urls.www(one.path) for one in truth.teasers()}
    same({page['url'] for page in archive.pages()}, pages, 'pages')
    asked = {each.url for each in wire}
    left = {urls.www(path) for path in [truth.HOME, *map(truth.section_path, truth.REGIONS),
                                        *(one.path for one in truth.DOSSIER)]}
    if asked & left:
        raise AssertionError('followed: %s' % sorted(asked & left))
    if urls.short('/p/4SXkg') not in asked:
        raise AssertionError('the short link is not there')


def main():
    tap = begin()
    with Work() as work, Site(work('site')) as site:
        urls = site.pages.urls
        seed = urls.www(truth.path())
        image = next(iter(site.pages.pages[seed].needs))
        run = crawl(site, work('out'), '--depth', '1', seed=seed)
        if not tap.say(run.code == 0, 'the crawl ends with exit 0', run):
            tap.end()
            return
        wire, archive = site.wire(), Archive(work('out'))
        tap.run('depth 1 has the related stories and nothing else', check_crawl, archive, wire, urls)
        article = inspect('article', work('out'), seed)[0]
        tap.run('every field of the story', check_fields, article, urls, image)
        tap.run('the text, and no card in it', check_text, article)
        tap.run('every related story with its block, kicker, date and duration', check_related, article, urls)
        tap.run('sections, homepage and state are told apart', check_others, inspect('related', work('out'), seed), urls)
    tap.end()


if __name__ == '__main__':
    sys.exit(main())
