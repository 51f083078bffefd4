#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""context - what a page needs by what stands outside of its bytes: the charset of what names a style sheet, early hints"""
from scenario import QUIET, Resource, Site, Work, begin, flong


def fetched(work, site, path):
    """Paths that a crawl of one page asked the site's main host for."""
    url = site.pages.urls.www(path)
    flong('crawl', url, '-o', work('out'), '--depth', '0', '--scope', 'page', *QUIET, *site.options()).expect(0)
    return {each.url[len(url) - len(path):] for each in site.wire() if each.url.startswith(url[:len(url) - len(path)])}


def check_charset():
    """A style sheet without a charset is in that of its page, one that it imports in that of the sheet."""
    files = {'/old': ('text/html; charset=windows-1251', b'<title>Old</title><link rel=stylesheet href=/old.css>'),
             '/old.css': ('text/css', b'@import "/own.css";a{background:url(/\xe4.png)}'),
             '/own.css': ('text/css', b'@charset "iso-8859-1";@import "/inner.css";a{background:url(/\xe5.png)}'),
             '/inner.css': ('text/css', b'a{background:url(/\xe6.png)}')}
    with Work() as work, Site(work('site'), 'http') as site:
        for path, (kind, text) in files.items():
            site.pages.resources['www', path] = Resource(kind, text)
        paths = fetched(work, site, '/old')
    wanted = {'/%D0%B4.png', '/%C3%A5.png', '/%C3%A6.png'}
    if {path for path in paths if path.endswith('.png')} != wanted:
        raise AssertionError(sorted(paths))


def check_hints():
    """What a 103 reply links to is needed, though the final one does not say it."""
    with Work() as work, Site(work('site'), 'http') as site:
        paths = fetched(work, site, '/odd/early-hints')
    if '/assets/icons.svg' not in paths:
        raise AssertionError(sorted(paths))


def main():
    tap = begin()
    tap.run('style sheets are read in the charset of what names them', check_charset)
    tap.run('early hints count', check_hints)
    tap.end()


if __name__ == '__main__':
    main()
