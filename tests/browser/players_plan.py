#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""players_plan.py FOLDER WORK FLONG PYTHON - what players.mjs has to look at; prints JSON.

FOLDER is what tests/support/crawl_site.py has filled, WORK/collections/kept the same as a collection.
"""
import json
import os
import sys

STORIES = 3  # related ones beside the seed


def main():
    folder, work, flong, python = sys.argv[1:]
    with open(os.path.join(folder, 'site', 'truth.json'), encoding='utf-8') as file:
        truth = json.load(file)
    articles = {article['url']: article for article in truth['articles']}
    seed, captured = articles[truth['seed']], set(truth['depth']['1'])
    related = [articles[entry['url']] for entry in seed['related']
               if entry['url'] in captured and articles.get(entry['url'], {}).get('headline')]
    pages = [{'url': story['url'], 'shown': story['url'], 'headline': story['headline']} for story in [seed, *related[:STORIES]]]
    pages.append({'url': seed['short_link']['url'], 'shown': seed['url'], 'headline': seed['headline']})
    json.dump({'site': os.path.join(work, 'site'), 'wacz': os.path.join(folder, 'sample.wacz'), 'collections': work,
               'name': 'kept', 'folder': os.path.join(work, 'a folder'), 'flong': flong, 'python': python, 'pages': pages}, sys.stdout, indent=1)


if __name__ == '__main__':
    main()
