#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_command - flong check as a user meets it: inputs of every kind, what is printed, exit codes

A crawl of the fictional site is the good collection; each fault is put into a copy of it. The odd
records are made by the generators of the shared vectors, when they are at hand.
"""
import html.parser
import json
import os
import re
import shutil
import subprocess
import sys
import threading

from scenario import FLONG, ROOT, Site, Work, begin, crawl, flong

VECTORS = os.path.join(ROOT, '..', 'shared', 'vectors')
# What is to be said of each odd record: exit code and rules, without those that the frame of all
# files earns (no warcinfo, one id twice). Numbers P-.. are those of the list of pitfalls.
ODD = {
    '01_chunk_pd_dechunked_sha1b32': (0, ''), '02_chunk_pd_raw_sha1b32': (0, 'W-13'),  # P-02, P-01
    '03_chunk_pd_dechunked_sha256hex': (0, ''), '04_plain_sha256hex': (0, ''),
    '05_plain_sha256HEXUPPER': (0, ''), '06_plain_sha256b32pad': (0, ''),  # P-06
    '07_plain_sha256b32nopad': (0, ''), '08_plain_sha1_lower_b32': (0, ''),  # P-05, P-04
    '09_plain_sha1_hex': (0, ''), '10_plain_sha-256_label': (0, ''), '11_SHA1_upper_label': (0, ''),  # P-07
    '12_blake3_label': (0, 'W-13'),  # P-08: not verifiable
    '13_trailer_pd_dechunked': (0, 'W-58'), '14_chunkext_pd_dechunked': (0, 'W-58'),  # P-12, P-11
    '15_TE_header_but_dechunked_body': (0, 'W-58'), '16_chunk_truncated': (0, 'W-13'),  # P-14, P-15
    '17_head_response_CL_mismatch': (0, 'W-16'), '18_head_response_no_pd': (0, 'W-16'),  # P-17
    '19_HTTP2_statusline': (0, ''), '20_HTTP11_no_reason_no_space': (0, ''), '21_HTTP11_no_reason_space': (0, ''),
    '22_multi_WARC-Protocol': (0, ''), '23_angle_target': (0, 'W-06'), '24_unicode_target': (0, 'W-06'),
    '25_space_target': (0, 'W-06'), '26_CL_bigger_than_body': (0, 'W-16'), '27_CL_smaller_than_body': (0, 'W-58'),
    '28_LF_only_http': (0, 'W-58'), '29_gzip_pd_encoded': (0, ''), '30_gzip_pd_decoded': (16, 'W-13'),  # P-23, P-03
    '31_1xx_then_200': (16, 'W-13 W-10'), '32_revisit_ipd_headers': (0, 'W-56'), '33_revisit_empty_block': (0, ''),
    '34_date_nanos': (0, ''), '35_date_no_Z': (16, 'W-05'), '36_date_minute': (0, 'W-05'),  # P-31, P-29
    '37_folded_header': (0, 'W-16 W-19'), '38_no_ctype': (0, 'W-54'), '39_ctype_space': (0, ''),
    '40_bad_pd': (16, 'W-13'), '41_bad_bd': (16, 'W-12'), '42_TE_gzip_chunked': (0, ''),
    '43_TE_Chunked_case': (0, ''), '44_204': (0, ''), '45_http09_nohdr': (0, 'W-58'),  # P-24
    '46_lower_recid_noangle': (0, 'W-04'), '47_trailing_single_crlf': (16, 'W-01'), '48_dup_target': (16, 'W-18'),
    '49_lowercase_names': (0, ''), '50_warc_lf_only': (16, 'W-01'), '51_version_1.2': (16, 'W-50 W-05'),
    '60_one_member_all': (16, 'W-20'), '61_record_split_two_members': (16, 'W-20'),
    '62_trailing_zeros': (16, 'W-20'), '63_truncated_member': (16, 'W-51'), '64_empty_member': (0, 'W-20'),
    '65_crlf_extra_after': (16, 'W-01'), '66_gzip_extra_sl': (0, ''), '67_bad_crc': (16, 'W-52 W-51'),
    '68_gzip_fname': (0, ''), '69_uncompressed': (0, ''), '70_bgzf_like_stored': (0, ''),
}


def same(found, expected, what):
    if found != expected:
        raise AssertionError('%s: %r, expected %r' % (what, found, expected))


def findings(run):
    """(findings, summary) of a run with --json."""
    lines = [json.loads(line) for line in run.out.splitlines()]
    assert lines and lines[-1].get('summary'), run
    for line in lines[:-1]:
        assert {'file', 'severity', 'rule', 'source', 'text'} <= set(line) and ('offset' in line) != ('line' in line), line
    return lines[:-1], lines[-1]


def rules_of(found, severity='error'):
    return sorted(line['rule'] for line in found if line['severity'] == severity)


def edit(path, change):
    with open(path, 'rb') as file:
        before = file.read()
    after = change(before)
    assert after != before, 'nothing changed in ' + path
    with open(path, 'wb') as file:
        file.write(after)


class Collection:
    """A finished crawl, of which each test gets a copy."""

    def __init__(self, work):
        self.work, self.count = work, 0
        self.good = work('good')
        with Site(work('site')) as site:
            crawl(site, self.good, '--depth', '1').expect(0)

    def copy(self):
        self.count += 1
        path = self.work('copy-%d' % self.count)
        shutil.copytree(self.good, path)
        return path

    def warc(self, path):
        (name,) = os.listdir(os.path.join(path, 'archive'))
        return os.path.join(path, 'archive', name)


def good(collection):
    run = flong('check', collection.good, '--json').expect(0)
    found, summary = findings(run)
    same(rules_of(found) + rules_of(found, 'warning'), [], 'findings')
    assert summary['records'] > 100 and summary['rows'] > 50 and summary['pages'] > 5, summary
    same(summary['record_digests'], summary['rows'], 'rows whose stored bytes were compared')
    same(summary['resolved'], summary['revisits'], 'revisits that find their original')
    for kind in ('blocks', 'payloads'):
        assert summary[kind]['wrong'] == 0 and summary[kind]['verified'] > 50, summary
    same(summary['payloads']['unverifiable'], summary['revisits'], 'payload digests of other records')
    text = flong('check', collection.good).expect(0).out
    assert re.search(r'0 errors, 0 warnings', text), text


def in_copy(collection, rule, where, change, severity='error'):
    """A fault in a copy is found by its rule, in the file that has it."""
    path = collection.copy()
    change(path)
    run = flong('check', path, '--json').expect(16 if severity == 'error' else 0)
    found = [line for line in findings(run)[0] if line['severity'] == severity]
    assert any(line['rule'] == rule and where in line['file'] for line in found), run
    return found


def collection_faults(collection, tap):
    index, pages = os.path.join('indexes', 'index.cdx'), os.path.join('pages', 'pages.jsonl')
    faults = {
        'a row with another offset': ('W-34', 'index.cdx', lambda path: edit(
            os.path.join(path, index), lambda b: re.sub(rb'"offset": "(\d+)1"', rb'"offset": "\g<1>2"', b, count=1))),
        'a row with another length': ('W-34', 'index.cdx', lambda path: edit(
            os.path.join(path, index), lambda b: re.sub(rb'"length": "(\d+)"', rb'"length": "1\1"', b, count=1))),
        'a row with another URL': ('W-34', 'index.cdx', lambda path: edit(
            os.path.join(path, index), lambda b: re.sub(rb'"url": "https', b'"url": "http', b, count=1))),
        'a row of another second': ('W-31', 'index.cdx', lambda path: edit(
            os.path.join(path, index), lambda b: re.sub(rb' 20(\d{15}) ', rb' 19\1 ', b, count=1))),
        'a row with another digest': ('W-34', 'index.cdx', lambda path: edit(
            os.path.join(path, index), lambda b: re.sub(rb'"digest": "sha256:.', b'"digest": "sha256:x', b, count=1))),
        'a row with another recordDigest': ('W-34', 'index.cdx', lambda path: edit(
            os.path.join(path, index), lambda b: re.sub(rb'"recordDigest": "sha256:.', b'"recordDigest": "sha256:x', b, count=1))),
        'a row whose file is elsewhere': ('W-61', 'index.cdx', lambda path: edit(
            os.path.join(path, index), lambda b: b.replace(b'"filename": "', b'"filename": "../', 1))),
        'a row too few': ('W-60', '.warc.gz', lambda path: edit(
            os.path.join(path, index), lambda b: b[b.index(b'\n') + 1:])),
        'rows out of order': ('W-32', 'index.cdx', lambda path: edit(
            os.path.join(path, index), lambda b: b''.join(reversed(b.splitlines(True))))),
        'no index': ('W-40', 'index.cdx', lambda path: os.unlink(os.path.join(path, index))),
        'a page that was not captured': ('W-41', 'pages.jsonl', lambda path: edit(
            os.path.join(path, pages), lambda b: b + b'{"url":"http://x.example/","ts":"2026-01-01T00:00:00Z"}\n')),
        'pages without header': ('W-41', 'pages.jsonl', lambda path: edit(
            os.path.join(path, pages), lambda b: b[b.index(b'\n') + 1:])),
        'a WARC file that was cut': ('W-51', '.warc.gz', lambda path: edit(
            collection.warc(path), lambda b: b[:-100])),
    }
    for claim, (rule, where, change) in faults.items():
        tap.run('in a collection: ' + claim, in_copy, collection, rule, where, change)


def unfinished(collection):
    """What is being written is named; its captures need no rows yet."""
    def change(path):
        warc = collection.warc(path)
        os.rename(warc, warc + '.open')
        os.unlink(os.path.join(path, 'indexes', 'index.cdx'))
    found = in_copy(collection, 'W-62', '.open', change, 'warning')
    same(sorted({line['rule'] for line in found}), ['W-40', 'W-62'], 'warnings')


def not_waited_for(collection):
    """A pipe among the files of a collection is not opened."""
    path = collection.copy()
    os.mkfifo(os.path.join(path, 'archive', 'pipe.warc.gz'))
    flong('check', path).expect(0)


def cut(collection, work):
    """One finding with the offset of the cut record, and all whole records before it."""
    with open(collection.warc(collection.good), 'rb') as file:
        data = file.read()
    path = work('cut.warc.gz')
    for length in (len(data) - 1, len(data) - 1000, len(data) // 2, 100):
        with open(path, 'wb') as file:
            file.write(data[:length])
        found, summary = findings(flong('check', path, '--json').expect(16))
        assert len(rules_of(found)) == 1, found
        (error,) = [line for line in found if line['severity'] == 'error']
        assert summary['bytes'] == error['offset'] and 'from %d' % error['offset'] in error['text'], error


def inputs(collection, work):
    """Standard input, pipes, several files, empty files, what is not there, what is no archive."""
    warc = collection.warc(collection.good)
    with open(warc, 'rb') as file:
        data = file.read()
    done = subprocess.run([FLONG, 'check', '-'], input=data, stdout=subprocess.PIPE, check=False)
    same(done.returncode, 0, 'exit code of standard input')
    with open(os.path.join(collection.good, 'indexes', 'index.cdx'), 'rb') as file:
        index = file.read()
    done = subprocess.run([FLONG, 'check', '-'], input=index, stdout=subprocess.PIPE, check=False)
    same((done.returncode, b'lines' in done.stdout), (0, True), 'an index on standard input')
    pipe = work('pipe')
    os.mkfifo(pipe)

    def feed():
        with open(pipe, 'wb') as file:
            file.write(data)
    thread = threading.Thread(target=feed)
    thread.start()
    flong('check', pipe).expect(0)
    thread.join()
    empty = work('empty.warc.gz')
    with open(empty, 'wb'):
        pass
    run = flong('check', empty, warc).expect(16)
    assert 'no records' in run.out and '2 files: 1 error' in run.out, run
    run = flong('check', work('absent'), warc).expect(1)
    assert 'absent' in run.err and '1 file' in run.out, run
    run = flong('check', work('site')).expect(1)
    assert 'no collection' in run.err, run
    noise = work('noise')
    with open(noise, 'wb') as file:
        file.write(bytes(range(256)) * 100)
    flong('check', noise).expect(16)
    run = flong('check').expect(2)
    assert 'check needs' in run.err, run


def printing(collection, work):
    """--quiet, --warnings and --max-findings."""
    path = work('many.cdxj')
    with open(path, 'w', encoding='utf-8') as file:
        file.write('com,example)/ 20260101000000 {}\n' * 2000)
    run = flong('check', path, '--max-findings', '3').expect(16)
    assert 'and 1,997 more of W-30' in run.out and len(run.out.splitlines()) < 15, run
    found, summary = findings(flong('check', path, '--max-findings', '3', '--json').expect(16))
    same(len(found), 6, 'findings printed')
    same(summary['more'], {'W-30': 1997, 'W-32': 1996}, 'findings left out')
    same(summary['errors'], 2000, 'errors counted')
    found, _ = findings(flong('check', path, '--max-findings', '0', '--json').expect(16))
    same(len(found), 3999, 'all findings')
    same(flong('check', path, '-q').expect(16).out, '', 'what --quiet prints')
    path = work('warning.warc')
    with open(path, 'wb') as file:
        file.write(b'WARC/1.1\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: urn:x:y\r\n'
                   b'WARC-Date: 2026-01-01T00:00:00Z\r\nContent-Length: 0\r\n\r\n\r\n\r\n')
    flong('check', path).expect(0)
    flong('check', path, '--warnings').expect(17)
    flong('check', collection.good, '--warnings').expect(0)


class Page(html.parser.HTMLParser):
    """What a report is made of."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text, self.attributes = set(), '', []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


def report(collection, work):
    """The page stands by itself, escapes what is not ours, and is not written over another."""
    path = work('report.html')
    flong('check', collection.good, '--report', path).expect(0)
    with open(path, encoding='utf-8') as file:
        text = file.read()
    page = Page(text)
    assert not page.tags & {'script', 'img', 'link', 'iframe', 'a'}, page.tags
    assert not [value for name, value in page.attributes if name.startswith('on') or name in ('src', 'href')]
    for words in ('No errors', 'tls/1.3', 'TLS_', '127.0.0.1', 'verified', 'harbour-courier.example', 'sha256:'):
        assert words in page.text, words
    run = flong('check', collection.good, '--report', path).expect(2)
    assert 'is there already' in run.err, run
    with open(path, encoding='utf-8') as file:
        same(file.read(), text, 'the report of before')
    hostile = work('hostile.warc')
    with open(hostile, 'wb') as file:
        file.write(b'WARC/1.1\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:x:"><script>alert(1)</script>\r\n'
                   b'WARC-Target-URI: http://a/<img src=x onerror=alert(1)>\r\nWARC-IP-Address: <b>\r\n'
                   b'WARC-Date: 2026-01-01T00:00:00Z\r\nContent-Length: 0\r\n\r\n\r\n\r\n')
    flong('check', hostile, '--report', work('hostile.html')).expect(16)
    with open(work('hostile.html'), encoding='utf-8') as file:
        page = Page(file.read())
    assert not page.tags & {'script', 'img', 'b'} and '<img src=x' in page.text, page.tags
    assert not os.path.exists(work('hostile.html.partial'))


def many_captures(work):
    """The lists of a report are cut, and it says so."""
    record = (b'WARC/1.1\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:x:%d>\r\nWARC-Target-URI: http://a/%d\r\n'
              b'WARC-Date: 2026-01-01T00:00:00Z\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\nx\r\n\r\n')
    with open(work('many.warc'), 'wb') as file:
        for number in range(3000):
            file.write(record % (number, number))
    flong('check', work('many.warc'), '--report', work('many.html')).expect(0)
    assert os.path.getsize(work('many.html')) < 3_000_000
    with open(work('many.html'), encoding='utf-8') as file:
        text = Page(file.read()).text
    assert '1,000 more are not listed here' in text and '2,001 more are not listed here' in text, text[-2000:]


def odd_record(work, name):
    code, rules = ODD[name]
    (path,) = [os.path.join(work('vectors', 'out'), file) for file in os.listdir(work('vectors', 'out'))
               if file.startswith(name + '.warc')]
    found, summary = findings(flong('check', path, '--json').expect(code))
    frame = [line for line in found if line['rule'] == 'W-03' or 'used before' in line['text']]
    same(' '.join(dict.fromkeys(line['rule'] for line in found if line not in frame)), rules, 'rules')
    same(summary['payloads']['wrong'] + summary['blocks']['wrong'] > 0, 'W-13' in rules and code == 16 or 'W-12' in rules,
         'a digest is wrong')
    if name == '12_blake3_label':
        same(summary['payloads']['unverifiable'], 1, 'digests that cannot be verified')


def odd_records(work, tap):
    if not os.path.isdir(VECTORS):
        tap.note('SKIP odd records: the shared vectors are not at hand')
        return
    folder = work.folder('vectors')
    for name in ('gen.py', 'mk.py'):
        shutil.copy(os.path.join(VECTORS, name), folder)
    os.mkdir(os.path.join(folder, 'out'))
    subprocess.run([sys.executable, 'gen.py'], cwd=folder, check=True)
    made = {file.split('.warc')[0] for file in os.listdir(os.path.join(folder, 'out')) if '.warc' in file}
    tap.run('there is a judgement of every odd record', same, sorted(ODD), sorted(made), 'odd records')
    for name in ODD:
        tap.run('odd record ' + name, odd_record, work, name)


def main():
    tap = begin()
    with Work() as work:
        collection = Collection(work)
        tap.run('a finished crawl has nothing to find', good, collection)
        collection_faults(collection, tap)
        tap.run('an unfinished file is named', unfinished, collection)
        tap.run('a pipe in a collection is passed by', not_waited_for, collection)
        tap.run('a cut file has one error', cut, collection, work)
        tap.run('inputs of every kind', inputs, collection, work)
        tap.run('what is printed, and how much', printing, collection, work)
        tap.run('the report', report, collection, work)
        tap.run('the report of a large file', many_captures, work)
        odd_records(work, tap)
    tap.end()


main()
