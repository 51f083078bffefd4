#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Starts the fictional news site on loopback and writes DIR/site.json when it is ready, then the line "ready"."""

import argparse
import json
import os
import signal
import sys
import threading

import tls
import truth
from hosts import DEFAULT_PORTS, ROLES, Urls
from server import Server
from site_pages import Site


def write_json(path, value):
    """Write a file so that it is either absent or whole."""
    with open(path + ".tmp", "w", encoding="utf-8") as out:
        json.dump(value, out, ensure_ascii=False, indent=1)
        out.write("\n")
    os.rename(path + ".tmp", path)


def arguments(argv):
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dir", required=True, help="folder for site.json, truth.json, wire.jsonl and certificates")
    scheme = parser.add_mutually_exclusive_group()
    scheme.add_argument("--https", dest="scheme", action="store_const", const="https", help="links use https (default)")
    scheme.add_argument("--http", dest="scheme", action="store_const", const="http", help="links use http")
    parser.add_argument("--with-ports", action="store_true", help="links carry the real ports")
    parser.add_argument("--stories", type=int, default=0, metavar="N", help="that many extra simple stories")
    parser.add_argument("--until-eof", action="store_true", help="stop when standard input ends")
    parser.set_defaults(scheme="https")
    return parser.parse_args(argv)


def describe(server, urls, folder, ca, seed):
    """The contents of site.json."""
    hosts, connect, resolve, rules = {}, [], [], []
    for role, name in ROLES.items():
        ports = {"http": server.port(role, False), "https": server.port(role, True)}
        hosts[name] = {"role": role, "http_port": ports["http"], "https_port": ports["https"]}
        for scheme, port in ports.items():
            connect.append(f"{name}:{DEFAULT_PORTS[scheme]}:127.0.0.1:{port}")
            resolve.append(f"{name}:{port}:127.0.0.1")
            rules.append(f"MAP {name}:{DEFAULT_PORTS[scheme]} 127.0.0.1:{port}")
        rules.append(f"MAP {name} 127.0.0.1")
    return {"pid": os.getpid(), "scheme": urls.scheme, "with_ports": bool(urls.ports), "hosts": hosts,
            "connect_to": connect, "resolve": resolve, "chromium_rules": ",".join(rules),
            "cacert": ca, "seed": seed, "log": os.path.join(folder, "wire.jsonl"),
            "truth": os.path.join(folder, "truth.json")}


def main(argv=None):
    """Run until SIGTERM, SIGINT or, with --until-eof, the end of standard input."""
    options = arguments(argv)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    folder = os.path.abspath(options.dir)
    os.makedirs(folder, exist_ok=True)
    ca, cert, key = tls.make_certificates(folder, list(ROLES.values()))
    server = Server(ROLES, tls.server_context(cert, key), os.path.join(folder, "wire.jsonl"))
    ports = {role: server.port(role, options.scheme == "https") for role in ROLES} if options.with_ports else None
    urls = Urls(options.scheme, ports)
    site = Site(urls, options.stories)
    facts = truth.build(site)
    server.start(site.answer)
    write_json(os.path.join(folder, "truth.json"), facts)
    write_json(os.path.join(folder, "site.json"), describe(server, urls, folder, ca, facts["seed"]))
    print("ready", flush=True)
    if options.until_eof:
        def watch():
            while os.read(0, 4096):
                pass
            stop.set()
        threading.Thread(target=watch, daemon=True).start()
    stop.wait()
    server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
