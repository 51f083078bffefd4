# SPDX-License-Identifier: MIT
"""public_net - the public network as a namespace of its own: a DNS server, a web server and a proxy of an attacker

Started as `public_net.py` in a new network namespace; reads one JSON object {"addresses", "listen", "pages",
"zone"} when its interface is there, then answers. `pages`: "HOST PATH" or "PATH" -> [status, {field: value}, body].
For each line of input it prints what came so far as JSON: accepted connections, requests, proxied targets.
"""
import json
import socket
import struct
import subprocess
import sys
import threading

LOCK = threading.Lock()
SEEN = {'accepted': 0, 'requests': [], 'proxied': [], 'asked': []}


def note(name, value):
    with LOCK:
        if name == 'accepted':
            SEEN[name] += value
        else:
            SEEN[name].append(value)


def name_bytes(name):
    return b''.join(bytes([len(label)]) + label.encode() for label in name.rstrip('.').split('.')) + b'\0'


class Zone:
    """Answers of a DNS server (RFC 1035); each kind of question to a name has its own count of lookups."""

    def __init__(self, rows):
        self.rows, self.counts = rows, {}

    def lookup(self, name, kind):
        """The row or the fault that is due; None for an unknown name."""
        lookups = self.rows.get(name)
        if lookups is None:
            return None
        number = self.counts.get((name, kind), 0)
        self.counts[name, kind] = number + 1
        return lookups[min(number, len(lookups) - 1)]

    def records(self, name, kind):
        """(owner, type, data) rows; None when the name does not exist."""
        found = []
        for _ in range(8):
            row = self.lookup(name, kind)
            if row is None or isinstance(row, str):
                return row if row else found or None
            plain, six, alias = row
            if alias:
                found.append((name, 5, name_bytes(alias)))
                name = alias
                continue
            if kind == 1:
                found += [(name, 1, socket.inet_aton(address)) for address in plain]
            elif kind == 28:
                found += [(name, 28, socket.inet_pton(socket.AF_INET6, address)) for address in six]
            break
        return found

    def answer(self, query, room=512):
        """The reply's bytes, at most `room` of them, or None. A fault is given in place of a row: its name."""
        at, labels = 12, []
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode('latin-1').lower())
            at += query[at] + 1
        name, question = '.'.join(labels), query[12:at + 5]
        note('asked', name)
        found = self.records(name, struct.unpack('>H', query[at + 1:at + 3])[0])
        if isinstance(found, str):
            return self.fault(found, query, question)
        head = query[:2] + struct.pack('>HHHHH', 0x8180 | (3 if found is None else 0), 1, len(found or ()), 0, 0)
        rows = b''.join(name_bytes(owner) + struct.pack('>HHIH', kind, 1, 0, len(data)) + data for owner, kind, data in found or ())
        if len(head + question + rows) > room:
            return self.fault('cut', query, question)
        return head + question + rows

    @staticmethod
    def fault(name, query, question):
        def head(flags):
            return query[:2] + struct.pack('>HHHHH', flags, 1, 0, 0, 0) + question

        return {'servfail': head(0x8182), 'refused': head(0x8185), 'cut': head(0x8380), 'garbage': query[:2] + b'\x81\x80' + b'\xff' * 60,
                'wrong-id': bytes([query[0] ^ 1, query[1] ^ 1]) + head(0x8180)[2:]}.get(name)


def serve_dns(sock, zone):
    while True:
        query, peer = sock.recvfrom(4096)
        try:
            answer = zone.answer(query)
            if answer:
                sock.sendto(answer, peer)
        except (IndexError, struct.error):
            pass


def serve_long_dns(listener, zone):
    """The same over TCP, for answers that are too long (RFC 7766); a client asks more than once."""
    while True:
        sock, _ = listener.accept()
        with sock, sock.makefile('rb') as stream:
            try:
                while length := stream.read(2):
                    answer = zone.answer(stream.read(struct.unpack('>H', length)[0]), 65535)
                    sock.sendall(struct.pack('>H', len(answer)) + answer)
            except (IndexError, OSError, TypeError, struct.error):
                pass


def reply(pages, host, path):
    status, fields, body = pages.get('%s %s' % (host, path)) or pages.get(path) or [404, {}, 'no']
    body = body.encode('utf-8')
    early = 'HTTP/1.1 103 Early Hints\r\nLink: %s\r\n\r\n' % fields['early'] if 'early' in fields else ''
    head = ''.join('%s: %s\r\n' % pair for pair in fields.items() if pair[0] != 'early')
    return early.encode() + ('HTTP/1.1 %d X\r\nContent-Length: %d\r\n%s\r\n' % (status, len(body), head)).encode('utf-8') + body


def serve_http(sock, pages, is_proxy):
    pending = b''
    with sock:
        while True:
            while b'\r\n\r\n' not in pending:
                data = sock.recv(65536)
                if not data:
                    return
                pending += data
            head, _, pending = pending.partition(b'\r\n\r\n')
            lines = head.decode('latin-1').split('\r\n')
            target = lines[0].split(' ')[1]
            host = next((line[5:].strip() for line in lines if line.lower().startswith('host:')), '')
            if is_proxy:
                note('proxied', lines[0])
                target = '/' + target.partition('://')[2].partition('/')[2]
            note('requests', '%s %s' % (host, target))
            sock.sendall(reply(pages, host.split(':')[0], target))


def accept(listener, pages, is_proxy):
    def guarded(sock):
        try:
            serve_http(sock, pages, is_proxy)
        except (OSError, IndexError):
            pass

    while True:
        sock, _ = listener.accept()
        note('accepted', 1)
        threading.Thread(target=guarded, args=(sock,), daemon=True).start()


def main():
    print('ready', flush=True)
    order = json.loads(sys.stdin.readline())
    for command in order['commands']:
        subprocess.run(command.split(), check=True)
    dns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    dns.bind((order['listen'], 53))
    zone = Zone(order['zone'])
    threading.Thread(target=serve_dns, args=(dns, zone), daemon=True).start()
    threading.Thread(target=serve_long_dns, args=(socket.create_server((order['listen'], 53)), zone), daemon=True).start()
    for port in (80, 8080, 3128):
        listener = socket.create_server((order['listen'], port), backlog=512)
        threading.Thread(target=accept, args=(listener, order['pages'], port == 3128), daemon=True).start()
    print('serving', flush=True)
    for _ in sys.stdin:
        with LOCK:
            print(json.dumps(SEEN), flush=True)


if __name__ == '__main__':
    main()
