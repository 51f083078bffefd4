# SPDX-License-Identifier: MIT
"""A throw-away certificate authority and one server certificate for all names, made with the openssl command."""

import os
import ssl
import subprocess

CA_DAYS = "3650"


def _openssl(*args):
    subprocess.run(["openssl", *args], check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def _new_key(path):
    _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path)


def make_certificates(folder, names):
    """Write ca.pem, server.pem and server.key for `names` into `folder`; returns the three paths.

    Existing files are kept, so that a second start in the same folder keeps its CA.
    """
    ca_key, ca = os.path.join(folder, "ca.key"), os.path.join(folder, "ca.pem")
    key, cert = os.path.join(folder, "server.key"), os.path.join(folder, "server.pem")
    if all(os.path.exists(path) for path in (ca, cert, key)):
        return ca, cert, key
    request, extensions = os.path.join(folder, "server.csr"), os.path.join(folder, "server.ext")
    _new_key(ca_key)
    _openssl("req", "-x509", "-new", "-key", ca_key, "-days", CA_DAYS, "-sha256",
             "-subj", "/O=Harbour Courier test/CN=Harbour Courier test CA", "-out", ca,
             "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    _new_key(key)
    _openssl("req", "-new", "-key", key, "-subj", f"/CN={names[0]}", "-out", request)
    with open(extensions, "w", encoding="ascii") as out:
        out.write("basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\n"
                  "extendedKeyUsage=serverAuth\n"
                  f"subjectAltName={','.join('DNS:' + name for name in names)}\n")
    # 398 days is the longest life that browsers accept.
    _openssl("x509", "-req", "-in", request, "-CA", ca, "-CAkey", ca_key, "-set_serial", "4711",
             "-days", "398", "-sha256", "-extfile", extensions, "-out", cert)
    for path in (request, extensions):
        os.remove(path)
    return ca, cert, key


def server_context(cert, key):
    """The TLS context of the server: TLS 1.2 and 1.3, ALPN http/1.1 only."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    context.set_alpn_protocols(["http/1.1"])
    return context
