# SPDX-License-Identifier: MIT
"""private_forms - the ways in which a page can name an address that must not be reached

forms() gives the spellings of addresses in URLs, names() what a DNS server of the attacker answers,
routes() what a machine needs to hold all of these addresses itself.
"""
import ipaddress

V4 = ('127.0.0.1', '127.1.2.3', '10.0.0.1', '10.255.255.254', '172.16.0.1', '172.31.255.254', '192.168.0.1',
      '192.168.255.254', '169.254.169.254', '169.254.170.2', '100.64.0.1', '100.100.100.200', '192.0.0.192', '192.0.2.1',
      '192.88.99.1', '198.18.0.1', '198.19.255.254', '198.51.100.1', '203.0.113.1', '168.63.129.16', '240.0.0.1',
      '0.0.0.0', '0.1.2.3', '224.0.0.1', '255.255.255.255')
V6 = ('::1', '::', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:169.254.169.254', '::127.0.0.1', '::10.0.0.1',
      '64:ff9b::127.0.0.1', '64:ff9b::10.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::10.0.0.1', '2002:7f00:1::1',
      '2002:a00:1::1', '2001::1', '2001:0:5ef5:79fd:0:1234:f5ff:fffe', '2001:10::1', '2001:db8::1', '3fff::1', '5f00::1',
      '100::1', 'fc00::1', 'fd00::1', 'fd00:ec2::254', 'fec0::1', 'fe80::1', 'ff02::1', 'ff05::2')
# What routing can give to lo: blocks whose addresses then accept connections.
BLOCKS = ('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '100.64.0.0/10', '192.0.0.0/24', '192.0.2.0/24',
          '192.88.99.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '168.63.129.16/32', '240.0.0.0/5',
          '64:ff9b::/96', '64:ff9b:1::/48', '2002::/16', '2001::/23', '2001:db8::/32', '3fff::/20', '5f00::/16', '100::/64',
          'fc00::/7', 'fec0::/10')
LOCAL_NAMES = ('localhost', 'LOCALHOST', 'localhost.', 'a.localhost', 'a.b.localhost.', 'localhost.localdomain',
               'metadata.google.internal', 'metadata.google.internal.', 'Metadata', 'instance-data', 'kubernetes.default.svc')
OTHER_SCHEMES = ('file:///etc/passwd', 'ftp://127.0.0.1/', 'gopher://127.0.0.1:6379/_INFO', 'dict://127.0.0.1:11211/stats',
                 'ldap://127.0.0.1/', 'ws://127.0.0.1/', 'view-source:http://127.0.0.1/', 'jar:http://127.0.0.1/!/',
                 'blob:http://127.0.0.1/1', 'javascript:fetch("http://127.0.0.1/")', 'data:text/html,<img src=http://127.0.0.1/>')
PORTS = (22, 25, 110, 143, 6000, 6667, 5060, 2049)  # of other services


def wide(text, zero):
    """Digits and dots in another script, which host names are mapped back from."""
    return ''.join(chr(ord(zero) + int(c)) if c.isdigit() else '\u3002' if c == '.' else c for c in text)


def spellings(address):
    """The hosts that mean an IPv4 address to a URL parser."""
    a, b, c, d = (int(part) for part in address.split('.'))
    number = int(ipaddress.IPv4Address(address))
    return (address, str(number), hex(number), hex(number).upper(), '0%o' % number, '0x%x.0x%x.0x%x.0x%x' % (a, b, c, d),
            '0%o.0%o.0%o.0%o' % (a, b, c, d), '000%o.00%o.%d.0x%x' % (a, b, c, d), '%d.%d' % (a, number & 0xffffff),
            '%d.%d.%d' % (a, b, number & 0xffff), '0x%x.%d' % (a, number & 0xffffff), address + '.',
            wide(address, '\uff10'), wide(address, '0'), address.replace('.', '\uff0e'), address.replace('.', '%2e'),
            ''.join('%%%02x' % ord(each) for each in address), address.replace('.', '\u00ad.'), address.replace('.', '\t.'))


def odd_urls(address):
    """Whole URLs that a sloppy reader takes for another host."""
    return ('http://%s:80/' % address, 'http://%s:8080/x' % address, 'https://%s/' % address, 'http://%s:9200/_cat' % address,
            'http://pub.example@%s/' % address, 'http://pub.example:80@%s/' % address, 'http://pub.example%%40%s/' % address,
            'http://a:b@%s:8080/' % address, 'http:\\\\%s\\x' % address, 'http:/\\%s/' % address, 'http:%s/' % address,
            '//%s/' % address, '\\\\%s/' % address, ' http://%s/ ' % address, 'HTTP://%s/' % address, 'ht\ntp://%s/' % address,
            'http://%s#@pub.example/' % address, 'http://%s?@pub.example/' % address, 'http://%s\\@pub.example/' % address,
            'http://;@%s/' % address)


def forms():
    """Every URL that a page on the public network names."""
    found = ['http://%s/' % address for address in V4]
    for address in ('127.0.0.1', '10.0.0.1', '169.254.169.254', '192.168.0.1'):
        found += ['http://%s/form%d' % (host, number) for number, host in enumerate(spellings(address))]
        found += odd_urls(address)
    for number, address in enumerate(V6):
        found += ['http://[%s]/' % address, 'http://[%s]:8080/%d' % (ipaddress.IPv6Address(address).exploded, number)]
    found += ['http://[fe80::1%25lo]/', 'http://[::1%25lo]/', 'http://[::ffff:0x7f.1]/']
    found += ['http://%s/' % name for name in LOCAL_NAMES]
    found += ['http://pub.example:%d/' % port for port in PORTS]
    return found + list(OTHER_SCHEMES)


def names(public, dead):
    """Host name -> list of lookups, each (A addresses, AAAA addresses, alias); the last one stays. `public` answers
    on the public network, `dead` refuses connections there."""
    zone = {}
    for number, address in enumerate(V4):
        zone['a%d.evil.example' % number] = [((address,), (), None)]
        zone['both%d.evil.example' % number] = [((dead, address), (), None)]
    for number, address in enumerate(V6):
        zone['aaaa%d.evil.example' % number] = [((), (address,), None)]
    for number in range(0, len(V4), 3):
        zone['alias%d.evil.example' % number] = [((), (), 'far%d.evil.example' % number)]
        zone['far%d.evil.example' % number] = [((), (), 'a%d.evil.example' % number)]
    for number in range(8):
        # The first lookup is for port 80, the next for another one: libcurl remembers answers by port.
        zone['turn%d.evil.example' % number] = [((public,), (), None), ((V4[number],), (), None)]
    return zone
