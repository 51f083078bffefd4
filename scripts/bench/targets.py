# SPDX-License-Identifier: MIT
"""targets.py - what flong is to reach beside other programs, for the benchmarks."""

PACK_TIMES_WACZ = 5                     # flong pack beside wacz create, seconds
SNAPSHOT_TIMES_CHROMIUM = 1.3           # a snapshot beside a page in Chromium, seconds; at most
STARTUP_MS = {'http': 15, 'https': 60}  # to the first request; at most
BODIES_OF_CURL = {'loopback': 0.3, 'link': 0.95}    # speed of large bodies beside curl --parallel; at least
HOSTS_OF_REPLIES = 0.8                  # speed with 10 hosts of 200 ms beside what their replies allow; at least
SCALE_TIMES = 1.1                       # memory beside that of the smallest size; at most
