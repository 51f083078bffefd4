#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""count_tests.py LABEL TESTLOG.json - one row a test from Meson's JSON log.

A row is RESULT <tab> LABEL: NAME <tab> REASON, with RESULT pass, fail or skip. The points of a TAP
test count one by one; why one failed is the first comment after it. A TAP test that ends badly without a
"not ok" line is a failure as well.
(Meson's JUnit file counts neither a crash nor a timeout as a failure.)
"""
import json
import re
import sys

PLAN = re.compile(r'^1\.\.(\d+)(?:\s*#\s*SKIP\b\s*(.*))?', re.I | re.M)
POINT = re.compile(r'^(not )?ok\b\s*(?:\d+)?\s*(?:-\s*)?([^#\n]*)(?:#\s*SKIP\b\s*(.*))?', re.I | re.M)


def reason_of(text, wanted):
    """The first line that matches `wanted`, else the last one."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    told = [line for line in lines if re.search(wanted, line)]
    return told[0] if told else (lines or [''])[-1]


def why_not(text, point):
    """What a test says of a point that failed."""
    told = re.match(r'[^\n]*\n#[#\s]*([^\n]*)', text[point.start():])
    return told[1][:300] if told else ''


def rows_of(test):
    output = test.get('stdout', '') + '\n' + test.get('stderr', '')
    name, result = test['name'].split(':', 1)[-1], test['result']
    plan = PLAN.search(test.get('stdout', ''))
    points = list(POINT.finditer(test.get('stdout', ''))) if plan else []
    for point in points:
        row = f'{name}: {point[2].strip()}'
        if point[3] is not None:
            yield 'skip', row, point[3] or 'no reason given'
        else:
            yield ('fail', row, why_not(test['stdout'], point)) if point[1] else ('pass', row, '')
    failed = any(point[1] and point[3] is None for point in points)
    if result == 'SKIP':
        if not points:
            why = plan[2] if plan and plan[2] else reason_of(output, 'SKIP')
            yield 'skip', name, re.sub(r'^SKIP:?\s*', '', why) or 'no reason given'
    elif result in ('OK', 'EXPECTEDFAIL'):
        if not points:
            yield 'pass', name, ''
    elif not failed:
        end = {'TIMEOUT': 'took too long'}.get(result, f"exit status {test.get('returncode')}")
        yield 'fail', name, end + ': ' + reason_of(output, r'\bFAIL\b|\berror: |\bwarning: |: style: |Assertion')


def main():
    label, log = sys.argv[1:]
    with open(log, encoding='utf-8', errors='replace') as lines:
        for line in lines:
            for result, name, reason in rows_of(json.loads(line)):
                print(result, f'{label}: {name}', reason.replace('\t', ' '), sep='\t')


if __name__ == '__main__':
    main()
