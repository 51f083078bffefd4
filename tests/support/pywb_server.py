#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pywb_server.py FOLDER - pywb on a free port of loopback, over FOLDER/collections; prints its address.

It is what `wayback` starts, but `wayback` has to be told a port. To be run by the Python of .peers;
it ends with its standard input.
"""
from gevent.monkey import patch_all
patch_all()
import os  # noqa: E402
import sys  # noqa: E402

import gevent  # noqa: E402
from gevent.pywsgi import WSGIServer  # noqa: E402
from gevent.fileobject import FileObject  # noqa: E402


def end_with(stdin):
    stdin.read()
    os._exit(0)


def main():
    os.chdir(sys.argv[1])
    out, sys.stdout = sys.stdout, sys.stderr  # pywb tells what it does not find
    # pywb reads its settings from the current folder as it is imported
    from pywb.apps.frontendapp import FrontEndApp  # pylint: disable=import-outside-toplevel
    from pywb.utils.geventserver import RequestURIWSGIHandler  # pylint: disable=import-outside-toplevel
    server = WSGIServer(('127.0.0.1', 0), FrontEndApp(custom_config={}), handler_class=RequestURIWSGIHandler, log=None)
    server.init_socket()
    print('http://127.0.0.1:%d/' % server.address[1], file=out, flush=True)
    gevent.spawn(end_with, FileObject(sys.stdin.buffer, 'rb'))
    server.serve_forever()


main()
