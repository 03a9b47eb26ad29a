"""Starts many greenlets of gevent that sleep, and measures their memory. Argument: the number."""

import os
import sys
import time

import gevent
from resident import resident

count = int(sys.argv[1])
before, start = resident(), time.perf_counter()
greenlets = [gevent.spawn(gevent.sleep, 3600 + i % 1_000_000 / 1000) for i in range(count)]
gevent.sleep(0)  # returns after all greenlets have run
seconds = time.perf_counter() - start
print(f"= sleepers ns_per_op {seconds * 1e9 / count:.1f}")
print(f"= sleepers bytes_per_item {(resident() - before) / len(greenlets):.1f}", flush=True)
os._exit(0)
