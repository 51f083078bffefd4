# SPDX-License-Identifier: MIT
"""serving - flong serve as a child of a test, on free ports"""
import http.client
import re
import socket


class Server:
    """flong serve on free ports; answers as (status, fields, body). `start` is scenario.Flong."""

    def __init__(self, start, *what, **more):
        self.child = start('serve', '--port', '0', '--replay-port', '0', *what, **more)
        line = self.child.child.stdout.readline().decode()
        self.port = int(re.fullmatch(r'http://127\.0\.0\.1:(\d+)/\n', line)[1])
        policy = self.get('/')[1]['content-security-policy']
        self.captures = int(re.search(r'frame-src http://127\.0\.0\.1:(\d+)', policy)[1])

    def get(self, target, port=None, method='GET', **fields):
        connection = http.client.HTTPConnection('127.0.0.1', port or self.port, timeout=60)
        fields = {name.replace('_', '-'): value for name, value in fields.items()}
        connection.request(method, target, headers=fields)
        reply = connection.getresponse()
        body = reply.read()
        connection.close()
        return reply.status, {name.lower(): value for name, value in reply.getheaders()}, body

    def capture(self, target, **fields):
        return self.get(target, self.captures, **fields)

    def raw(self, data, port=None):
        with socket.create_connection(('127.0.0.1', port or self.port), timeout=60) as connection:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            return b''.join(iter(lambda: connection.recv(65536), b''))

    def answer_to(self, data, wait):
        """What comes back of a request that may be none; one that is not whole is left after `wait` seconds."""
        with socket.create_connection(('127.0.0.1', self.port), timeout=60) as connection:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(wait)
            answer = b''
            try:
                for part in iter(lambda: connection.recv(65536), b''):
                    answer += part
            except socket.timeout:
                pass
            return answer

    def end(self):
        self.child.signal(15)
        return self.child.end()
