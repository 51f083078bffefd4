#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pywb_serve.py FOLDER - pywb, as `wayback` starts it, over FOLDER/collections, on a free loopback port

Prints its address. It ends when its standard input does.
"""
import os
import sys

from gevent import monkey
monkey.patch_all()

import gevent  # noqa: E402
from gevent.pywsgi import WSGIServer  # noqa: E402
from pywb.apps.frontendapp import FrontEndApp  # noqa: E402
from pywb.utils.geventserver import RequestURIWSGIHandler  # noqa: E402


def main():
    os.chdir(sys.argv[1])
    server = WSGIServer(('127.0.0.1', 0), FrontEndApp(), handler_class=RequestURIWSGIHandler, log=None)
    server.start()
    print('http://127.0.0.1:%d/' % server.server_port, flush=True)
    gevent.get_hub().threadpool.apply(sys.stdin.buffer.read)
    server.stop()


if __name__ == '__main__':
    main()
