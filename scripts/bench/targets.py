# SPDX-License-Identifier: MIT
"""targets.py - how many times as fast as a peer, or as slow, flong is to be; issue 8 and 2 say so.

The test `bench` fails below half of one of these.
"""

PACK_TIMES_WACZ = 5                     # flong pack beside wacz create, seconds
SNAPSHOT_TIMES_CHROMIUM = 1.3   # a snapshot beside a page in Chromium, seconds; at most
STARTUP_MS = {'http': 15, 'https': 60}  # at most
