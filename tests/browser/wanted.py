#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""wanted.py FOLDER - from the site's ground truth, what replay.mjs has to see; prints JSON.

FOLDER is what tests/support/crawl_site.py has filled.
"""
import json
import os
import sys


def main():
    folder = sys.argv[1]
    with open(os.path.join(folder, 'site', 'truth.json'), encoding='utf-8') as file:
        truth = json.load(file)
    articles = {article['url']: article for article in truth['articles']}
    seed = articles[truth['seed']]
    captured = set(truth['depth']['1'])
    # A story whose link is its own address, is in the archive and has a word that no other has.
    related = next(articles[entry['url']] for entry in seed['related']
                   if entry['url'] in captured and articles.get(entry['url'], {}).get('word'))
    json.dump({'wacz': os.path.join(folder, 'sample.wacz'), 'url': seed['url'], 'headline': seed['headline'],
               'related': related['url'], 'related_headline': related['headline'], 'word': related['word'],
               'images': 1, 'fonts': 1}, sys.stdout, indent=1)


if __name__ == '__main__':
    main()
