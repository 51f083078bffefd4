#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_wacz - flong check on WACZ files: right ones of any maker, and one file for each fault

The packages are made by wacz_faults.
"""
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zlib

from scenario import ROOT, Site, Work, begin, crawl, flong
from wacz_faults import (BODY, FAULTS, FILES, FIRST, GOOD, LINES, PAGES, URL, WARC, blocks, in_blocks, info, of_pywb, package,
                         resources, row, signed, without)
from wacz_make import DATE, files_of, members, pack, response, sha256

SHARED = os.path.join(ROOT, '..', 'shared')
PEERS = os.path.join(os.environ.get('FLONG_PEERS') or os.path.join(ROOT, '.peers'), 'python', 'bin')
def put(path, content):
    with open(path, 'wb') as file:
        file.write(content)
    return path


def check(path, *arguments):
    """(exit code, findings, packages, summary)"""
    run = flong('check', path, '--json', *arguments)
    lines = [json.loads(line) for line in run.out.splitlines()]
    if not lines or not lines[-1].get('summary'):
        raise AssertionError(run)
    found = [line for line in lines[:-1] if 'severity' in line]
    return run.code, found, [line['package'] for line in lines if 'package' in line], lines[-1]


def grave(found):
    return [(line['file'].split(': ')[-1], line['rule'], line['text']) for line in found if line['severity'] != 'advice']


def is_sound(path, **wanted):
    """Nothing is wrong, every hash was computed, every stored record compared; returns the package."""
    code, found, packages, summary = check(path)
    if code != 0 or grave(found):
        raise AssertionError('%s: exit %d, %r' % (path, code, grave(found)))
    (said,) = packages
    if said['hashes'] != {'verified': said['files'] - 2, 'wrong': 0, 'unlisted': 0} or said['digest'] != 'verified':
        raise AssertionError(said)
    if summary['record_digests'] != summary['rows'] or summary['resolved'] != summary['revisits'] or not summary['rows']:
        raise AssertionError(summary)
    for name, value in wanted.items():
        if said.get(name) != value:
            raise AssertionError('%s: %r' % (name, said))
    return summary


def is_found(work, fault):
    content, rule, where, words, severity = fault
    path = put(work('fault.wacz'), content if isinstance(content, bytes) else pack(content).bytes())
    code, found, packages, _ = check(path)
    if code != (16 if any(line['severity'] == 'error' for line in found) else 0):
        raise AssertionError('exit %d: %r' % (code, found))
    if not [line for line in found if (line['rule'], line['severity']) == (rule, severity) and line['file'].endswith(where)
            and words in line['text']]:
        raise AssertionError('not found: %r in %r' % (fault[1:], [list(line.values()) for line in found]))
    if (rule == 'W-66' and where == '.wacz') != (not packages) and 'no WACZ' not in words:
        raise AssertionError('a package that was refused has no summary: %r' % packages)
    if bool([line for line in found if line['severity'] == 'error']) != (severity == 'error') and severity != 'warning':
        raise AssertionError('more than advice: %r' % grave(found))


def md5(content):
    return 'md5:' + hashlib.md5(content).hexdigest()


def other_forms(work):
    """Right packages that are made in other ways: nothing is said of them."""
    data, places = blocks(LINES)
    for name, files, options in (
            ('deflated', without(GOOD, 'archive/data.warc.gz'), {'deflate': True}),
            ('blocks', package(in_blocks(data, places)), {}),
            ('one block', package(in_blocks(*blocks(LINES, 2))), {}),
            ('tabs', package(of_pywb(data, places)), {}),
            ('md5', resources(lambda one: {**one, 'hash': md5(FILES[one['path']])}), {}),
            ('marked', GOOD, {'flags': 0x800}),
            ('extra fields in both headers', GOOD, {'extra': b'\xff\xff\x04\x00abcd'})):
        made = pack({}, **options)
        for path, content in files.items():
            made.add(path, content, **options)
        if name == 'deflated':
            made.add('archive/data.warc.gz', WARC).add('archive/', b'')
        is_sound(put(work('form.wacz'), made.bytes()))


def made_by_flong(work):
    """A crawl that is packed, and a long index, which is packed in blocks."""
    with Site(work('site')) as site:
        crawl(site, work('small'), '--depth', '1').expect(0)
    flong('pack', work('small'), '-o', work('small.wacz')).expect(0)
    is_sound(work('small.wacz'), signature='none')
    many = work.folder('many')
    for folder in ('archive', 'indexes', 'pages'):
        os.mkdir(os.path.join(many, folder))
    urls = ['http://news.example/stories-of-the-year/%05d/' % number for number in range(15000)]
    put(os.path.join(many, 'archive', 'data.warc.gz'), members([info()] + [response(url, BODY) for url in urls]))
    put(os.path.join(many, 'pages', 'pages.jsonl'), files_of(b'', [], [{'url': urls[0], 'ts': DATE}])['pages/pages.jsonl'])
    index = flong('index', os.path.join(many, 'archive', 'data.warc.gz'), '--ms', '--record-digest')
    if index.code != 0:
        raise AssertionError(index)
    put(os.path.join(many, 'indexes', 'index.cdx'), index.out.encode())
    flong('pack', many, '-o', work('many.wacz')).expect(0)
    summary = is_sound(work('many.wacz'))
    if summary['rows'] <= 15000:
        raise AssertionError('the index is not in two dialects: %r' % summary)
    if b'indexes/index.idx' not in open(work('many.wacz'), 'rb').read()[-4096:]:
        raise AssertionError('the index is not in blocks')


def made_by_peers(work, tap):
    program = os.path.join(PEERS, 'wacz')
    if not os.path.exists(program):
        tap.note('SKIP packages of py-wacz: it is not at hand')
        return
    put(work('data.warc.gz'), WARC)
    put(work('pages.jsonl'), FILES['pages/pages.jsonl'])
    for kind in ('sha256', 'md5'):
        subprocess.run([program, 'create', '-o', work('peer.wacz'), '-p', work('pages.jsonl'), '--hash-type', kind,
                        work('data.warc.gz')], check=True, capture_output=True)
        code, found, packages, summary = check(work('peer.wacz'))
        # Its index has seconds, and the revisit refers to milliseconds.
        if code != 0 or [rule for _, rule, _ in grave(found)] != ['W-31']:
            raise AssertionError(grave(found))
        if packages[0]['hashes'] != {'verified': 4, 'wrong': 0, 'unlisted': 0} or summary['record_digests'] != 2:
            raise AssertionError(packages)
        os.unlink(work('peer.wacz'))


def same_content(work):
    """A bit that only says the same content in another way is found by recordDigest."""
    for count in range(4, 100):
        body = b'ab' * count + b'xyz' + b'ab' * count
        whole = response(URL, body)
        member = gzip.compress(whole, 1, mtime=0)
        twin = next((other for other in flipped(member) if inflates_to(other, whole)), None)
        if twin is not None:
            break
    else:
        raise AssertionError('no such bit')
    index = row('example,news)/story', URL, member, len(FIRST), digest=sha256(body))
    collection = work.folder('twin')
    for claim, content, code in (('as written', member, 0), ('changed', twin, 16)):
        files = files_of(FIRST + content, [index], PAGES)
        for name, text in files.items():
            os.makedirs(os.path.join(collection, os.path.dirname(name)), exist_ok=True)
            put(os.path.join(collection, name), text)
        put(work('twin.wacz'), pack(package(files)).bytes())
        for path in (collection, work('twin.wacz')):
            found_code, found, _, _ = check(path)
            if found_code != code or (code and ['W-34'] != [one['rule'] for one in found if 'recordDigest' in one['text']]):
                raise AssertionError('%s, %s: exit %d, %r' % (claim, path, found_code, found))


def flipped(member):
    for bit in range(80, (len(member) - 9) * 8):
        other = bytearray(member)
        other[bit // 8] ^= 1 << bit % 8
        yield bytes(other)


def inflates_to(member, whole):
    try:
        inflater = zlib.decompressobj(31)
        return inflater.decompress(member) + inflater.flush() == whole and inflater.eof and not inflater.unused_data
    except zlib.error:
        return False


def signature_counts(work):
    """An anonymous signature is verified; one of a domain never counts as verified."""
    is_sound(put(work('signed.wacz'), pack(signed()).bytes()), signature='verified')
    text = flong('check', work('signed.wacz')).expect(0).out
    if 'signed anonymously, verified' not in text:
        raise AssertionError(text)


def printing(work):
    """What people see: the package, its files under their names; the report has them too."""
    path = put(work('named.wacz'), pack(package(FILES, title='A <b>\x1b[31m\x9btitle', mainPageUrl=URL)).bytes())
    text = flong('check', path, '--report', work('named.html')).expect(0).out
    for words in ('named.wacz: archive/data.warc.gz\n', '"A <b>?[31m?title", WACZ 1.1.1, created 2026-11-23T19:00:00Z by test',
                  '3 hashes verified; datapackage.json has the right hash; not signed', '4 files: 0 errors'):
        if words not in text:
            raise AssertionError('"%s" is not in %s' % (words, text))
    with open(work('named.html'), encoding='utf-8') as file:
        page = file.read()
    for words in ('A &lt;b&gt;?[31m', '<dt>Created</dt><dd>2026-11-23T19:00:00Z', 'archive/data.warc.gz', sha256(WARC),
                  'datapackage.json has the right hash', sha256(open(path, 'rb').read())):
        if words not in page:
            raise AssertionError('"%s" is not in the report' % words)
    broken = put(work('broken.wacz'), b'x')
    run = flong('check', broken, path, put(work('plain.warc.gz'), WARC))
    if run.code != 16 or run.err or 'broken.wacz\n  error    no ZIP file' not in run.out or 'plain.warc.gz' not in run.out:
        raise AssertionError(run)
    if flong('check', broken, '-q').out:
        raise AssertionError('--quiet prints')
    if flong('check', work('absent.wacz')).code != 1:
        raise AssertionError('what is absent is no finding')


# Files of the suite that are called valid and have errors all the same, with the rules of these.
UNSOUND = {
    # datapackage.json has another hash of the WARC file than it has: js-wacz 0.0.6 made it.
    'afe1cfc0-example.wacz': {'W-37', 'W-55'},
    # Scoop 0.0.1: an index that is not sorted, a field that responses must not have.
    '140e2c5b-noarchive.netlify.app.wacz': {'W-32', 'W-55'},
    '37b547fb-example.com.wacz': {'W-32', 'W-55'},
}
# Called invalid for a certificate that no browser trusts; certificates are not judged.
UNJUDGED = {'ecd111d8-invalid_signed_example_1.wacz'}


def verdict(path, expected):
    name = os.path.basename(path)
    code, found, packages, _ = check(path)
    rules = {line['rule'] for line in found if line['severity'] == 'error'}
    if name in UNJUDGED:
        if packages[0]['signature'] != 'not verified' or 'btrix-sign-test' not in packages[0]['domain']:
            raise AssertionError(packages)
    elif name in UNSOUND:
        if rules != UNSOUND[name]:
            raise AssertionError(rules)
    elif (code == 0) != (expected == 'valid'):
        raise AssertionError('%s: exit %d, %r' % (expected, code, grave(found)))


def suite(tap):
    folder = os.path.join(SHARED, 'suites', 'wacz')
    if not os.path.isdir(folder):
        tap.note('SKIP suite wacz: it is not at hand')
        return
    with open(os.path.join(folder, 'manifest.jsonl'), encoding='utf-8') as file:
        for one in map(json.loads, file):
            path = os.path.join(folder, one['file'])
            why = ' (its errors are real)' if os.path.basename(path) in UNSOUND else ''
            why = ' (certificates are not judged)' if os.path.basename(path) in UNJUDGED else why
            tap.run('suite: %s is %s%s' % (os.path.basename(path), one['expect'], why), verdict, path, one['expect'])


# Vectors: rules of errors and warnings; the others have none.
VECTORS = {
    'cdx_rounded': 'W-31', 'd_mismatch': 'W-34', 'idx_dup': 'W-35', 'idx_tab': 'W-37', 'prof_wacz': 'W-36', 'rd_future': 'W-25',
    'rd_only_refersto': 'W-24 W-56', 'rd_sec_orig_ms17': 'W-25', 'rd_wrongdate': 'W-25', 'rv_14': 'W-31', 'samesec14': 'W-31',
    'te_mismatch': 'W-25', 'u_pct': 'W-65', 'url_frag': 'W-34 W-65', 'z_cdxjgz': 'W-35 W-37', 'z_cdxname': 'W-37',
    'z_deflate_arch': 'W-39', 'z_dotslash': 'W-66', 'z_force64': 'W-39', 'z_nested': 'W-34 W-36 W-37 W-60', 'z_nodigest': 'W-38',
    'z_nodp': 'W-36', 'z_noidx': 'W-35 W-37', 'z_nopages': 'W-37 W-41', 'z_pageshdr': 'W-37 W-41',
}


def vector(path):
    name = os.path.basename(path)[:-len('.wacz')]
    rules = ' '.join(sorted({rule for _, rule, _ in grave(check(path)[1])}))
    if rules != VECTORS.get(name, ''):
        raise AssertionError('%s: %s' % (rules, grave(check(path)[1])))


def vectors(work, tap):
    folder = os.path.join(SHARED, 'vectors')
    if not os.path.isdir(folder):
        tap.note('SKIP odd packages: the shared vectors are not at hand')
        return
    shutil.copytree(folder, work('vectors'))
    os.chmod(work('vectors'), 0o755)
    os.mkdir(work('vectors', 'out'))
    for script in ('cases.py', 'cases2.py', 'cases4.py', 'cases5.py'):
        subprocess.run([sys.executable, script], cwd=work('vectors'), check=True)
    made = sorted(name for name in os.listdir(work('vectors', 'out')) if name.endswith('.wacz'))
    if not set(VECTORS) <= {name[:-len('.wacz')] for name in made}:
        raise AssertionError('vectors are missing')
    for name in made:
        tap.run('vector: ' + name, vector, work('vectors', 'out', name))


def main():
    tap = begin()
    with Work() as work:
        tap.run('a right package has nothing to find', is_sound, put(work('good.wacz'), pack(GOOD).bytes()))
        tap.run('right packages of other forms', other_forms, work)
        tap.run('packages of flong, small and with blocks', made_by_flong, work)
        tap.run('packages of py-wacz', made_by_peers, work, tap)
        for claim, fault in FAULTS.items():
            tap.run('found: ' + claim, is_found, work, fault)
        tap.run('the same content said in other bits is found', same_content, work)
        tap.run('signatures', signature_counts, work)
        tap.run('what is printed', printing, work)
        suite(tap)
        vectors(work, tap)
    tap.end()


if __name__ == '__main__':
    sys.exit(main())
