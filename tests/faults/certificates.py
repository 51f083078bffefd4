# SPDX-License-Identifier: MIT
"""certificates - a certificate authority for one test, made with the openssl command"""
import os
import subprocess

CONFIG = '''[ca]
default_ca = ours
[ours]
dir = %(folder)s
database = %(folder)s/index
new_certs_dir = %(folder)s
serial = %(folder)s/serial
default_md = sha256
policy = any
unique_subject = no
copy_extensions = copy
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
'''


def _openssl(*args):
    done = subprocess.run(('openssl',) + args, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError('openssl %s: %s' % (args[0], done.stderr))


class Authority:
    """Makes certificates in a folder; `ca` is the file to trust."""

    def __init__(self, folder):
        self.folder = folder
        self.config = os.path.join(folder, 'ca.cnf')
        for name, text in (('ca.cnf', CONFIG % {'folder': folder}), ('index', ''),
                           ('serial', '1000\n')):
            with open(os.path.join(folder, name), 'w', encoding='ascii') as file:
                file.write(text)
        self.ca = self._path('ca.pem')
        self.ca_key = self._path('ca.key')
        self._key(self.ca_key)
        _openssl('req', '-x509', '-new', '-config', self.config, '-key', self.ca_key, '-out', self.ca,
                 '-subj', '/CN=Test Authority', '-days', '3650',
                 '-addext', 'basicConstraints=critical,CA:TRUE')

    def _path(self, name):
        return os.path.join(self.folder, name)

    @staticmethod
    def _key(path):
        _openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', path)

    def issue(self, name, alternatives, start='20200101000000Z', end='20491231000000Z'):
        """(certificate, key) for subjectAltName entries such as "DNS:a.example"."""
        key, request, cert = (self._path(name + end) for end in ('.key', '.csr', '.pem'))
        self._key(key)
        _openssl('req', '-new', '-config', self.config, '-key', key, '-out', request,
                 '-subj', '/CN=' + name, '-addext', 'subjectAltName=' + ','.join(alternatives))
        _openssl('ca', '-batch', '-notext', '-config', self.config, '-in', request, '-out', cert,
                 '-cert', self.ca, '-keyfile', self.ca_key, '-startdate', start, '-enddate', end)
        return cert, key

    def self_signed(self, name, alternatives):
        key, cert = self._path(name + '.key'), self._path(name + '.pem')
        self._key(key)
        _openssl('req', '-x509', '-new', '-config', self.config, '-key', key, '-out', cert,
                 '-subj', '/CN=' + name, '-days', '3650',
                 '-addext', 'subjectAltName=' + ','.join(alternatives))
        return cert, key
