# SPDX-License-Identifier: MIT
"""two_networks - a test in a network namespace of its own, with another one that plays the public network"""
import json
import os
import subprocess
import sys

from tap import skip_all

OURS, PUBLIC, DEAD = '45.0.0.1', '45.0.0.2', '45.0.0.3'  # DEAD refuses connections
OURS6, PUBLIC6 = '2a00:45::1', '2a00:45::2'
HERE = os.path.dirname(os.path.abspath(__file__))


def run(command):
    subprocess.run(command.split(), check=True)


class World:
    """The public side (public_net), with this process's interface and DNS pointing at it."""

    def __init__(self, work, pages, zone, dns_options='timeout:5 attempts:3'):
        self.public = subprocess.Popen(['unshare', '-n', sys.executable, os.path.join(HERE, 'public_net.py')],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.public.stdout.readline()
        run('ip link add ours type veth peer name theirs netns %d' % self.public.pid)
        for command in ('link set lo up', 'link set ours up', 'addr add %s/24 dev ours' % OURS,
                        '-6 addr add %s/64 dev ours nodad' % OURS6, 'route add default via ' + PUBLIC):
            run('ip ' + command)
        commands = ['ip link set lo up', 'ip link set theirs up', 'ip addr add %s/24 dev theirs' % PUBLIC,
                    'ip addr add %s/24 dev theirs' % DEAD, 'ip -6 addr add %s/64 dev theirs nodad' % PUBLIC6,
                    'ip route add local default dev lo table main']  # all other addresses are its own, without listeners
        # The public side is whole before anything is asked of it.
        self.tell({'commands': commands, 'listen': PUBLIC, 'pages': pages, 'zone': zone})
        with open(work('resolv.conf'), 'w', encoding='ascii') as file:
            file.write('nameserver %s\noptions %s\n' % (PUBLIC, dns_options))
        run('mount --bind %s /etc/resolv.conf' % work('resolv.conf'))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.public.stdin.close()
        self.public.wait()
        self.public.stdout.close()
        run('umount /etc/resolv.conf')

    def tell(self, order):
        self.public.stdin.write(json.dumps(order) + '\n')
        self.public.stdin.flush()
        return self.public.stdout.readline()

    def seen(self):
        """What the public side saw so far."""
        return json.loads(self.tell({}))


def in_namespace(script):
    """Runs `script inside` in namespaces of its own; skips where that is not allowed."""
    probe = 'mount --bind /etc/hosts /etc/resolv.conf && ip link add ours type veth peer name theirs && ip link set lo up'
    try:
        done = subprocess.run(['unshare', '-n', '-m', 'sh', '-c', probe], capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        skip_all(str(error))
    if done.returncode != 0:
        skip_all('no namespaces of networks and mounts here: %s' % done.stderr.strip().replace('\n', ' '))
    os.execvp('unshare', ['unshare', '-n', '-m', sys.executable, os.path.abspath(script), 'inside'])
