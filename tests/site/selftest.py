#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests of the site itself: what the truth promises is served, the log is exact, the formats are sound."""

import base64
import math
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import unittest
import unittest.mock
import zlib
from urllib.parse import urljoin

os.environ.pop("FLONG_PICTURES", None)  # pictures are made here, not read

import assets
import brotli_stored
import font
import images
import jpeg
import stories
from testkit import Client, Running, dechunk

class SiteTest(unittest.TestCase):
    """One running server for all tests that only read."""

    @classmethod
    def setUpClass(cls):
        cls.running = Running()
        cls.truth = cls.running.truth
        cls.addClassCleanup(cls.running.remove)

    def setUp(self):
        self.client = Client(self.running)
        self.addCleanup(self.client.close)

    def test_only_the_stated_duplicates_have_equal_bytes(self):
        seen = {}
        for url in self.truth["resources"]:
            status, _, body = self.client.get(url, Cookie="edition=morning")
            self.assertEqual(status, 200, url)
            seen.setdefault(body, []).append(url)
        self.assertEqual(sorted(urls for urls in seen.values() if len(urls) > 1), sorted(self.truth["duplicates"]))

    def test_redirects_lead_where_the_truth_says(self):
        for entry in self.truth["redirects"]:
            status, head, _ = self.client.get(entry["url"])
            self.assertEqual(status, entry["status"], entry["url"])
            place = re.search(r"\r\nLocation: (\S+)", head)[1]
            self.assertTrue(entry["location"].endswith(place), entry["url"])

    def test_odd_replies_have_the_stated_status_and_then_the_other(self):
        for entry in self.truth["odd"]:
            status, head, body = self.client.get(entry["url"])
            self.assertEqual(status, entry["status"], entry["url"])
            if entry["outcome"] == "retry":
                self.assertEqual(self.client.get(entry["url"])[0], entry["then"])
            if entry.get("cookie"):
                self.assertEqual(self.client.get(entry["url"])[0], 302)
                self.assertEqual(self.client.get(entry["url"], Cookie="desk=harbor")[0], entry["then"])
            if "location" in entry:
                self.assertTrue(entry["location"].endswith(re.search(r"\r\nLocation: (\S+)", head)[1]))
            length = re.search(r"Content-Length: (\d+)", head)
            cut = len(body) < int(length[1]) if length else "chunked" in head and not body.endswith(b"\r\n\r\n")
            self.assertEqual(cut, entry["outcome"] == "truncated", entry["url"])
            self.assertEqual(bool(self.client.exchanges[-1][1]), "interim" in entry, entry["url"])

    def test_gone_and_unknown_pages(self):
        for url in self.truth["gone"]:
            self.assertEqual(self.client.get(url)[0], 410)
        self.assertEqual(self.client.get(self.truth["seed"] + "-no")[0], 404)
        self.assertEqual(self.client.get(self.truth["seed"], "POST")[0], 405)

    def test_every_requisite_and_followed_link_is_answered_by_the_site(self):
        known = set(self.truth["resources"]) | set(self.truth["gone"])
        known |= {entry["url"] for entry in self.truth["redirects"]}
        for entry in self.truth["articles"] + self.truth["pages"]:
            for kind in ("requisites", "media", "related", "inline", "pagination", "section"):
                for item in entry[kind]:
                    self.assertTrue(item["url"] in known or "/odd/" in item["url"], item["url"])

    def test_every_link_of_a_page_is_in_the_truth(self):
        for entry in self.truth["articles"] + self.truth["pages"]:
            text = self.text(entry["url"])
            listed = {item["url"] for kind in ("related", "inline", "pagination", "section", "links")
                      for item in entry[kind]}
            for href in re.findall(r'<a [^>]*href="([^"]+)"', text):
                href = href.replace("&amp;", "&")
                if not href.startswith("#") and href != entry["url"]:
                    self.assertIn(href, listed)

    def test_sources_of_a_page_are_its_requisites_and_the_reverse(self):
        for entry in self.truth["articles"] + self.truth["pages"]:
            text = self.text(entry["url"])
            listed = {item["url"] for item in entry["requisites"] + entry["media"]}
            named = re.findall(r'(?:<link rel="stylesheet" href|src|data-posterurl)="([^"]+)"', text)
            for value in re.findall(r'srcset="([^"]+)"', text):
                named += [part.split()[0] for part in value.split(",")]
            for template in re.findall(r'"staticUrl": "([^"]+)"', text):
                named += [template.replace("${formatId}", code) for code in re.findall(r"_(60\d)\.jpg \d+w", text)]
            base = re.search(r'<base href="([^"]+)"', text)
            named = [urljoin(base[1] if base else entry["url"], name) for name in named if name]
            self.assertLessEqual(set(named), listed)
            for item in entry["requisites"]:
                if item["via"] == entry["url"] and item["how"] not in (["state"], ["module"]):
                    self.assertIn(item["url"].removeprefix(base[1]) if base else item["url"], text)

    def test_no_document_spells_what_scripts_compute(self):
        for entry in self.truth["articles"] + self.truth["pages"]:
            text = self.text(entry["url"])
            for url in entry["computed"]:
                self.assertNotIn(url.rpartition("/")[2], text)
                self.assertIn(url, self.truth["resources"])

    def test_nested_requisites_are_named_by_their_file(self):
        for (role, path), inner in assets.NESTED.items():
            text = assets.read(assets.FILES[role, path]).decode()
            for _, name, _ in inner:
                self.assertIn(os.path.basename(name), text)
            count = len(set(re.findall(r'[\w./-]+\.(?:css|png|svg|woff|ttf|mjs|js|json)\b', text)))
            self.assertGreaterEqual(count, len(inner))

    def text(self, url):
        """The document at a URL."""
        _, head, body = self.client.get(url, Cookie="edition=morning")
        return (dechunk(body) if "Transfer-Encoding: chunked" in head else body).decode()

    def test_each_story_has_its_word_alone_and_is_long_enough(self):
        loaded = stories.load()
        self.assertGreaterEqual(sum(story.kind == "a" for story in loaded.values()), 16)
        texts = {key: " ".join([s.headline, s.teaser, *s.body]) for key, s in loaded.items()}
        for key, story in loaded.items():
            self.assertEqual([name for name, text in texts.items() if story.word in text], [key])
            if story.kind == "a":
                self.assertGreaterEqual(len(texts[key].split()), 250, key)

    def test_depth_sets_grow_and_leave_out_what_robots_refuse(self):
        depth = self.truth["depth"]
        self.assertEqual(depth["0"], [self.truth["seed"]])
        for low, high in (("0", "1"), ("1", "2")):
            self.assertLess(set(depth[low]), set(depth[high]))
        self.assertFalse(set(depth["3"]) & set(self.truth["robots_disallowed"]))
        for name, level in (("depth_hops", "1"), ("depth_dead", "2"), ("depth_refused", "1")):
            self.assertTrue(self.truth[name][level], name)

    def test_codings_come_only_when_asked_for(self):
        by_reply = {entry["reply"]: entry["url"] for entry in self.truth["articles"]}
        for coding, unpack in (("gzip", lambda data: zlib.decompress(data, 31)), ("br", brotli_stored.decompress)):
            _, plain_head, plain = self.client.get(by_reply[coding])
            _, head, packed = self.client.get(by_reply[coding], Accept_Encoding="gzip, br")
            self.assertNotIn("Content-Encoding", plain_head)
            self.assertIn(f"Content-Encoding: {coding}", head)
            self.assertEqual(unpack(packed), plain)

    def test_etag_gives_304(self):
        url = self.truth["articles"][0]["image"]["formats"]["600"]
        _, head, _ = self.client.get(url)
        status, _, body = self.client.get(url, If_None_Match=re.search(r"ETag: (\S+)", head)[1])
        self.assertEqual((status, body), (304, b""))

    def test_duplicates_are_the_same_bytes_at_two_addresses(self):
        for first, second in self.truth["duplicates"]:
            one, two = self.client.get(first)[2], self.client.get(second)[2]
            self.assertEqual(one, two)
            self.assertGreater(len(one), 2048)

    def test_a_browser_loads_only_what_the_truth_lists(self):
        browser = shutil.which("chromium")
        if not browser:
            self.skipTest("chromium is not installed")
        seed = next(entry for entry in self.truth["articles"] if entry["url"] == self.truth["seed"])
        before = len(self.running.log())
        with tempfile.TemporaryDirectory() as profile:
            subprocess.run([browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                            "--disable-background-networking", "--disable-component-update", "--disable-sync",
                            f"--user-data-dir={profile}", "--ignore-certificate-errors", "--virtual-time-budget=8000",
                            f"--host-resolver-rules={self.running.facts['chromium_rules']}", "--dump-dom", seed["url"]],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        loaded = {f"https://{row['host']}{row['target']}" for row in self.running.log()[before:]}
        self.assertIn(seed["url"], loaded)
        allowed = {item["url"] for item in seed["requisites"] + seed["media"]} | {seed["url"], *seed["computed"]}
        self.assertLessEqual(loaded, allowed)
        kinds = {item["kind"] for item in seed["requisites"] if item["url"] in loaded}
        self.assertLessEqual({"style", "script", "font", "image", "frame"}, kinds)


    def test_walls_have_the_stated_status_where_they_end(self):
        for entry in self.truth["walls"]:
            status, head, body = self.client.get(entry["url"])
            if entry["end"] != entry["url"]:
                self.assertEqual(status // 100, 3, entry["url"])
                self.assertTrue(entry["end"].endswith(re.search(r"\r\nLocation: (\S+)", head)[1]), entry["url"])
                status, head, body = self.client.get(entry["end"])
            self.assertEqual(status, entry["status"], entry["url"])
            self.assertEqual(body == b"", entry["class"] == "empty", entry["url"])
        self.assertIn(self.truth["walls"][0]["url"].rpartition("/")[2], self.text(self.truth["walls_page"]))


class LogTest(unittest.TestCase):
    """The log is what the client saw."""

    def test_log_holds_exactly_the_bytes_of_each_exchange(self):
        for tls in (True, False):
            running = Running("--https" if tls else "--http")
            self.addCleanup(running.remove)
            client = Client(running, tls)
            urls = [entry["url"] for entry in running.truth["odd"]] + running.truth["depth"]["1"]
            for url in urls + [running.truth["seed_short"]]:
                client.get(url, Accept_Encoding="gzip, br")
            client.get(running.truth["seed"], "HEAD")
            client.close()
            self.assertEqual(running.stop(), 0)
            rows = {base64.b64decode(row["request"]): row for row in running.log()}
            self.assertEqual(len(rows), len(client.exchanges))
            for request, interim, response in client.exchanges:
                row = rows[request]
                self.assertEqual(base64.b64decode(row["response"]), response, row["target"])
                self.assertEqual(base64.b64decode(row["interim"]), interim)
                self.assertEqual((row["tls"], row["complete"]), (tls, "/odd/cut" not in row["target"]))
            self.assertTrue(any(row["n"] > 1 for row in rows.values()))

    def test_bytes_that_never_became_a_request_are_logged_too(self):
        running = Running()
        self.addCleanup(running.remove)
        client = Client(running, tls=False)
        for data in (b"GET /half HTTP/1.1\r\nHost:", b"what is this?\r\n\r\n"):
            with client.connect("www.harbour-courier.example") as sock:
                sock.sendall(data)
                sock.shutdown(socket.SHUT_WR)
                self.assertEqual(sock.recv(1), b"")
        running.stop()
        self.assertEqual([(base64.b64decode(row["request"]), row["n"], row["status"]) for row in running.log()],
                         [(b"GET /half HTTP/1.1\r\nHost:", 0, 0), (b"what is this?\r\n\r\n", 0, 0)])

    def test_sigterm_ends_it_and_closes_the_ports(self):
        running = Running("--with-ports", "--stories", "3")
        self.addCleanup(running.remove)
        client = Client(running)
        self.addCleanup(client.close)
        self.assertEqual(client.get(running.truth["seed"])[0], 200)
        self.assertEqual(len([u for u in running.truth["resources"] if "/report-" in u]), 3)
        os.kill(running.facts["pid"], signal.SIGTERM)
        self.assertEqual(running.child.wait(30), 0)
        for ports in running.facts["hosts"].values():
            for port in (ports["http_port"], ports["https_port"]):
                with self.assertRaises(OSError):
                    socket.create_connection(("127.0.0.1", port))
        running.child.stdin.close()

    def test_two_starts_give_the_same_pages(self):
        seen = []
        for _ in range(2):
            running = Running()
            self.addCleanup(running.remove)
            client = Client(running)
            bodies = {url: client.get(url, Cookie="edition=morning") for url in running.truth["resources"]
                      if "/image/" not in url or url.endswith("_600.jpg")}
            client.close()
            running.stop()
            seen.append((running.truth, bodies))
        self.assertEqual(seen[0], seen[1])


class FormatTest(unittest.TestCase):
    """What we write ourselves is well-formed."""

    def test_png_chunks_and_pixels(self):
        data = images.badge(32)
        self.assertEqual(data[:8], b"\x89PNG\r\n\x1a\n")
        at, pixels = 8, b""
        while at < len(data):
            length, kind = struct.unpack(">I4s", data[at:at + 8])
            body = data[at + 8:at + 8 + length]
            self.assertEqual(struct.unpack(">I", data[at + 8 + length:at + 12 + length])[0], zlib.crc32(kind + body))
            pixels += body if kind == b"IDAT" else b""
            at += 12 + length
        self.assertEqual(len(zlib.decompress(pixels)), 32 * (1 + 4 * 32))

    def test_every_code_of_a_jpeg_decodes(self):
        for subject in images.SUBJECTS:
            width, height, blocks = decode_jpeg(images.photo(70114006, subject, 78))
            self.assertEqual((width, height), (78, 44))
            self.assertEqual(blocks, (80 // 16) * (48 // 16) * 6)

    def test_a_kept_picture_is_read_and_not_made(self):
        made = []

        def make(number):
            made.append(number)
            return b"%d" % number

        with tempfile.TemporaryDirectory() as folder, unittest.mock.patch.dict(os.environ, FLONG_PICTURES=folder):
            for _ in range(2):  # as two processes
                self.assertEqual([images.kept(make)(number) for number in (1, 2)], [b"1", b"2"])
            self.assertEqual(len(os.listdir(folder)), 2)
        self.assertEqual(made, [1, 2])

    def test_the_quick_transform_is_the_definition(self):
        for samples in (range(8), (255, 0, 13, 200, 7, 7, 90, 1)):
            for u, value in enumerate(jpeg.dct(*samples)):
                scale = math.sqrt(0.125) if u == 0 else 0.5
                wanted = sum(s * math.cos((2 * x + 1) * u * math.pi / 16) for x, s in enumerate(samples)) * scale
                self.assertAlmostEqual(value, wanted)

    def test_font_checksums(self):
        data = font.truetype()
        self.assertEqual(sum(struct.unpack(f">{len(data) // 4}I", data)) & 0xffffffff, 0xb1b0afba)
        packed = font.woff()
        count = struct.unpack(">H", packed[12:14])[0]
        for i in range(count):
            tag, offset, stored, length, _ = struct.unpack(">4sIIII", packed[44 + 20 * i:64 + 20 * i])
            table = packed[offset:offset + stored]
            table = zlib.decompress(table) if stored < length else table
            place, size = struct.unpack(">II", data[12 + 16 * i + 8:28 + 16 * i])
            self.assertEqual(table, data[place:place + size], tag)

    def test_brotli_round_trip(self):
        for size in (0, 1, 100, 65536, 65537, 200000):
            data = bytes(i * 7 & 255 for i in range(size))
            packed = brotli_stored.compress(data)
            self.assertEqual(brotli_stored.decompress(packed), data)
            self.assertLess(len(packed), size + 40)
        with self.assertRaises(ValueError):
            brotli_stored.decompress(b"\x8b\x00")


def decode_jpeg(data):
    """(width, height, number of coded blocks): parses all segments and decodes every Huffman code of the scan."""
    at, tables, size = 2, {}, (0, 0)
    while True:
        marker, length = struct.unpack(">HH", data[at:at + 4])
        body = data[at + 4:at + 2 + length]
        at += 2 + length
        if marker == 0xffc0:
            size = struct.unpack(">HH", body[1:5])[::-1]
        if marker == 0xffc4:
            code, place, table = 0, 17, {}
            for width in range(1, 17):
                for _ in range(body[width]):
                    table[width, code] = body[place]
                    code, place = code + 1, place + 1
                code <<= 1
            tables[body[0] >> 4] = table
        if marker == 0xffda:
            break
    scan = data[at:-2].replace(b"\xff\x00", b"\xff")
    if data[-2:] != b"\xff\xd9":
        raise ValueError("no end of image")
    bits = "".join(f"{byte:08b}" for byte in scan)
    position = blocks = 0

    def symbol(table):
        nonlocal position
        for width in range(1, 17):
            value = table.get((width, int(bits[position:position + width], 2)))
            if value is not None:
                position += width
                return value
        raise ValueError("no such code")

    while len(bits) - position >= 8 or "0" in bits[position:]:
        extra = symbol(tables[0])
        position += extra
        filled = 1
        while filled < 64:
            value = symbol(tables[1])
            if value == 0:
                break
            filled += (value >> 4) + 1
            position += value & 15
        blocks += 1
    return *size, blocks


if __name__ == "__main__":
    unittest.main()
