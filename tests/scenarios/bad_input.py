#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""bad_input - what people get wrong, and what the network does to them: a clear line, the right exit code, no debris

Each row: the command, its exit code, and words that the error must name.
"""
import os
import socket
import sys

from scenario import QUIET, Archive, Authority, FaultServer, Flong, Resource, Site, Work, begin, crawl, flong, same, server_context

SEED = 'https://www.harbour-courier.example/'
# name: arguments ({dir} is the folder of the test), words on stderr. Nothing may be touched, exit 2.
USAGE = {
    'no arguments': ([], ['usage']),
    'no URL': (['crawl', '-o', '{dir}/out'], ['URL']),
    'an unparsable URL': (['crawl', 'http://[::1', '-o', '{dir}/out'], ['http://[::1']),
    'a port that is none': (['crawl', 'http://a.example:99999/', '-o', '{dir}/out'], ['99999']),
    'an empty URL': (['crawl', '', '-o', '{dir}/out'], ["''"]),
    'an unknown scheme': (['crawl', 'gopher://a.example/', '-o', '{dir}/out'], ['gopher']),
    'a mailto: address': (['crawl', 'mailto:a@b.example', '-o', '{dir}/out'], ['mailto']),
    'one bad URL of two': (['crawl', SEED, 'ftp://a.example/', '-o', '{dir}/out'], ['ftp']),
    'the bare form with a bad URL': (['gopher://a.example/'], ['gopher']),
    'an unknown command': (['craw', SEED], ['craw']),
    'an unknown option': (['crawl', SEED, '--dept', '1'], ['--dept']),
    'an unknown letter': (['crawl', SEED, '-Z'], ['-Z']),
    'a missing value': (['crawl', SEED, '--depth'], ['--depth']),
    'a missing value of a letter': (['crawl', SEED, '-o'], ['-o']),
    'a value for a flag': (['crawl', SEED, '--strict=yes'], ['--strict']),
    'a number that is none': (['crawl', SEED, '--depth', 'deep'], ['--depth', 'deep']),
    'a negative number': (['crawl', SEED, '--depth', '-1'], ['--depth', '-1']),
    'a number out of range': (['crawl', SEED, '--jobs', '0'], ['--jobs', '0']),
    'a sandbox that is none': (['crawl', SEED, '--sandbox', 'half'], ['--sandbox', 'half']),
    'an unknown scope': (['crawl', SEED, '--scope', 'world'], ['--scope', 'world', 'related']),
    'a size that is none': (['crawl', SEED, '--max-bytes', '5X'], ['--max-bytes', '5X']),
    'a duration that is none': (['crawl', SEED, '--timeout', 'soon'], ['--timeout', 'soon']),
    'a pattern that is none': (['crawl', SEED, '--include', '(', '-o', '{dir}/out'], ['(']),
    'a header that is none': (['crawl', SEED, '--header', 'nothing', '-o', '{dir}/out'], ['nothing']),
    'a network that is none': (['crawl', SEED, '--allow-private', '10.0.0.0/99', '-o', '{dir}/out'], ['10.0.0.0/99']),
    'a mapping that is none': (['crawl', SEED, '--connect-to', 'nothing', '-o', '{dir}/out'], ['nothing']),
    'a missing CA file': (['crawl', SEED, '--cacert', '{dir}/absent.pem', '-o', '{dir}/out'], ['absent.pem']),
    'a CA file without certificates': (['crawl', SEED, '--cacert', '{dir}/given', '-o', '{dir}/out'], ['given']),
    'a missing cookie file': (['crawl', SEED, '--cookies', '{dir}/absent.txt', '-o', '{dir}/out'], ['absent.txt']),
    'a missing list of URLs': (['crawl', '--input', '{dir}/absent.txt', '-o', '{dir}/out'], ['absent.txt']),
    'a missing option file': (['crawl', SEED, '--config', '{dir}/absent.conf'], ['absent.conf']),
    'an output that is a file': (['crawl', SEED, '-o', '{dir}/given'], ['given']),
    'an output that is a folder of something else': (['crawl', SEED, '-o', '{dir}/full'], ['full']),
    'an existing WACZ': (['crawl', SEED, '-o', '{dir}/given.wacz'], ['given.wacz']),
    'an existing WARC': (['crawl', SEED, '-o', '{dir}/given.warc.gz'], ['given.warc.gz']),
    'resume without a folder': (['resume'], ['resume']),
    'resume of nothing': (['resume', '{dir}/absent'], ['absent']),
    'resume of what is no crawl': (['resume', '{dir}/full'], ['full']),
    'help for an unknown command': (['help', 'craw'], ['craw']),
}
GIVEN = ('given', 'given.wacz', 'given.warc.gz', os.path.join('full', 'letter.txt'))


def state_of(folder):
    """Every file below a folder with its content."""
    found = {}
    for path, folders, names in os.walk(folder):
        for name in folders:
            found[os.path.relpath(os.path.join(path, name), folder) + '/'] = b''
        for name in names:
            with open(os.path.join(path, name), 'rb') as file:
                found[os.path.relpath(os.path.join(path, name), folder)] = file.read()
    return found


def clear_line(run, words, hint=False):
    """One line that says what is wrong, with the hint of where help is at most below it."""
    lines = [line for line in run.err.splitlines() if line.strip()]
    if hint and len(lines) > 1 and lines[-1].startswith('Try '):
        lines = lines[:-1]
    if len(lines) != 1 or not lines[0].startswith('flong: '):
        raise AssertionError('not one line of flong: %s' % run)
    for word in words:
        if word not in lines[0]:
            raise AssertionError('"%s" is not named: %s' % (word, run))


def check_usage(arguments, words):
    with Work() as work:
        for name in GIVEN:
            os.makedirs(os.path.dirname(work(name)), exist_ok=True)
            with open(work(name), 'wb') as file:
                file.write(b'ours\n')
        before = state_of(work.path)
        run = flong(*[argument.replace('{dir}', work.path) for argument in arguments], cwd=work.path)
        run.expect(2)
        if words == ['usage']:
            if 'usage' not in run.err or run.out:
                raise AssertionError(str(run))
        else:
            clear_line(run, words, hint=True)
            if run.out:
                raise AssertionError('something on standard output: %s' % run)
        if state_of(work.path) != before:
            raise AssertionError('something was touched: %s' % sorted(state_of(work.path)))


def check_seed_failure(code, words, start, seed, *options):
    """A seed that can't be had: exit code, one line that names it, no file that looks finished."""
    with Work() as work:
        start(work)
        work.folder('one')
        run = flong('crawl', seed, '-o', work('one', 'x.wacz'), '--retries', '0', *QUIET, *options)
        run.expect(code)
        clear_line(run, words)
        left = [name for name in os.listdir(work('one')) if not name.endswith('.partial')]
        if left:
            raise AssertionError('left over: %s' % left)


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(('127.0.0.1', 0))
        return sock.getsockname()[1]


def unreachable(tap):
    port = free_port()
    rows = (
        ('a name that does not resolve', 4, ['nowhere.invalid'], 'http://nowhere.invalid/story'),
        ('a refused connection', 4, ['127.0.0.1'], 'http://127.0.0.1:%d/story' % port),
    )
    for name, code, words, seed in rows:
        tap.run(name, check_seed_failure, code, words, lambda work: None, seed)


def replies(tap):
    """Servers that answer, but not with a story."""
    page = b'HTTP/1.1 %s\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nsorry'
    loop = b'HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n'
    script = {
        '/404': [[('send', page % b'404 Not Found')]],
        '/500': [[('send', page % b'500 Internal Server Error')]],
        '/loop': [[('send', loop % b'/pool')]],
        '/pool': [[('send', loop % b'/loop')]],
        '/self': [[('send', loop % b'/self')]],
        '/mail': [[('send', loop % b'mailto:a@b.example')]],
        '/banner': [[('send', b'SSH-2.0-OpenSSH_9.2\r\n'), ('close',)]],
        '/nothing': [[('close',)]],
    }
    rows = (('404', 8, ['404']), ('500', 8, ['500']), ('loop', 8, ['loop']), ('self', 8, ['loop']),
            ('mail', 8, ['redirect']), ('banner', 8, ['HTTP']), ('nothing', 4, ['127.0.0.1']))
    for path, code, words in rows:
        with FaultServer(script) as server:
            tap.run('a seed that answers with /%s' % path, check_reply, code, words, server.url('/' + path))


def check_reply(code, words, seed):
    """The reply is an archive, but not a success: there may be a file, with the reason told."""
    with Work() as work:
        run = flong('crawl', seed, '-o', work('out'), '--retries', '0', *QUIET)
        run.expect(code)
        clear_line(run, words + [seed.rsplit(':', 1)[0]])
        left = [name for folder, _, names in os.walk(work.path) for name in names if name.endswith(('.open', '.partial'))]
        if left:
            raise AssertionError('left over: %s' % left)


def certificates(tap):
    with Work() as work, Site(work('site')) as site:
        ports = site.facts['hosts']['www.harbour-courier.example']
        to = '%s:443:127.0.0.1:%d'
        tap.run('a certificate of an unknown authority', check_seed_failure, 5, ['www.harbour-courier.example', 'certificate'],
                lambda _: None, SEED, '--connect-to', to % ('www.harbour-courier.example', ports['https_port']))
        tap.run('a certificate of another host', check_seed_failure, 5, ['wrong.example', 'certificate'], lambda _: None,
                'https://wrong.example/', '--cacert', site.facts['cacert'],
                '--connect-to', to % ('wrong.example', ports['https_port']))
        authority = Authority(work.folder('ca'))
        expired = authority.issue('old', ['DNS:old.example'], '20200101000000Z', '20210101000000Z')
        with FaultServer({}, server_context(*expired)) as server:
            tap.run('an expired certificate', check_seed_failure, 5, ['old.example', 'expired'], lambda _: None,
                    'https://old.example/', '--cacert', authority.ca, '--connect-to', to % ('old.example', server.port))
        with FaultServer({'': [[('send', b'220 mail.example ESMTP\r\n'), ('close',)]]}) as server:
            tap.run('a server without TLS', check_seed_failure, 5, ['127.0.0.1'], lambda _: None,
                    'https://127.0.0.1:%d/' % server.port)


def check_authority_files():
    """A file of authorities is whole or refused before anything is sent; what is not a certificate may stand beside them."""
    with Work() as work:
        authority = Authority(work.folder('ca'))
        with open(authority.ca, encoding='ascii') as file:
            whole = file.read()
        with open(authority.issue('a', ['DNS:a.example'])[1], encoding='ascii') as file:
            key = file.read()
        lines = whole.splitlines(keepends=True)
        files = {'cut': whole[:len(whole) // 2], 'line': ''.join(lines[:3] + lines[4:]),
                 'second': whole + whole.replace(lines[1], lines[1][:-9] + '!!!\n'), 'key': key, 'text': whole.replace(lines[0], 'BEGIN\n'),
                 'beside': key + 'A note.\n' + whole * 2}
        with FaultServer({'': [[('close',)]]}) as server:
            for name, text in files.items():
                with open(work(name), 'w', encoding='ascii') as file:
                    file.write(text)
                run = flong('crawl', server.url('/'), '-o', work('out-' + name), '--cacert', work(name), '--retries', '0', *QUIET)
                if name == 'beside':
                    run.expect(4)
                else:
                    run.expect(2)
                    clear_line(run, ['--cacert', work(name)])
                    same(server.plays, [], 'requests')


def check_unwritable():
    """A folder that can't be made: exit 3 (or 2), named, nothing made."""
    with Work() as work:
        with open(work('file'), 'wb') as file:
            file.write(b'ours\n')
        for output in ('file/out', 'file/x.wacz', 'absent/deeper/x.warc.gz'):
            run = flong('crawl', SEED, '-o', work(output), *QUIET)
            if run.code not in (2, 3):
                raise AssertionError(str(run))
            clear_line(run, [output.split('/', maxsplit=1)[0]])
        same(os.listdir(work.path), ['file'], 'files')
    if os.path.isdir('/proc/self'):
        run = flong('crawl', SEED, '-o', '/proc/out', *QUIET)
        if run.code not in (2, 3):
            raise AssertionError(str(run))
        clear_line(run, ['/proc/out'])


def check_second_crawler():
    """The second crawler on a collection ends with 10 and names the first, which goes on unharmed."""
    results = []

    def on_request(_, number):
        if number == 2:
            results.append(crawl(site, work('out'), '--depth', '0'))
            results.append(flong('resume', work('out'), *QUIET))

    with Work() as work, Site(work('site'), 'http', on_request) as site:
        first = Flong('crawl', site.facts['seed'], '-o', work('out'), '--depth', '0', *QUIET, *site.options())
        first.end().expect(0)
        if len(results) != 2:
            raise AssertionError('the second crawlers did not run')
        for run in results:
            run.expect(10)
            clear_line(run, [str(first.pid), work('out')])


def check_limits():
    """What the limits left out of a document is told, for people and for programs."""
    texts = {'/many': '<p>'.join('<a href="/many/%d">x</a>' % number for number in range(20050)),
             '/long': '<title>Long</title><p>' + 'A line of a page that does not end. ' * 380000}
    with Work() as work, Site(work('site'), 'http') as site:
        for path, text in texts.items():
            site.pages.resources['www', path] = Resource('text/html', text.encode())
        urls = [site.pages.urls.www(path) for path in texts]
        run = flong('crawl', *urls, '-o', work('out'), '--depth', '0', '--scope', 'page', *QUIET, *site.options()).expect(0)
        report = Archive(work('out')).report()
    if '2 documents are over the limits' not in run.out or not all(url in run.out for url in urls):
        raise AssertionError(str(run))
    listed = {entry['url']: entry['reason'] for entry in report['readInPart']}
    if report['documentsReadInPart'] != 2 or sorted(listed) != sorted(urls):
        raise AssertionError(str(report))
    if '50 links' not in listed[urls[0]] or 'too long' not in listed[urls[1]]:
        raise AssertionError(str(listed))


def check_help():
    """Every command explains itself on standard output, at most 80 columns wide."""
    overview = flong('--help').expect(0)
    commands = flong('--list-commands').expect(0).out.split()
    if 'crawl' not in commands:
        raise AssertionError(str(commands))
    runs = [overview, flong('help'), flong('-h')]
    for command in commands:
        if command not in overview.out:
            raise AssertionError('%s is not in the overview' % command)
        if command != 'version':  # its help is the long list of libraries
            runs.append(flong('help', command))
        if command not in ('help', 'version'):
            runs.append(flong(command, '--help'))
    for run in runs:
        run.expect(0)
        if not run.out or run.err:
            raise AssertionError(str(run))
        wide = [line for line in run.out.splitlines() if len(line) > 80]
        if wide:
            raise AssertionError('over 80 columns in "flong %s": %s' % (' '.join(run.arguments), wide))
    if '--connect-to' not in flong('help', 'crawl').out:
        raise AssertionError('help crawl does not name --connect-to')
    version = flong('--version').expect(0)
    if not version.out.startswith('flong '):
        raise AssertionError(str(version))


def main():
    tap = begin()
    for name, (arguments, words) in USAGE.items():
        tap.run('usage: ' + name, check_usage, arguments, words)
    tap.run('a file of authorities that is damaged', check_authority_files)
    tap.run('an output that cannot be written', check_unwritable)
    unreachable(tap)
    replies(tap)
    certificates(tap)
    tap.run('a second crawler is refused with the pid of the first', check_second_crawler)
    tap.run('documents over the limits are in the report', check_limits)
    tap.run('help of every command', check_help)
    tap.end()


if __name__ == '__main__':
    sys.exit(main())
