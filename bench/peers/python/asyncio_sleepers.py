"""Starts many tasks of asyncio that sleep, and measures their memory. Argument: the number."""

import asyncio
import os
import sys
import time

from resident import resident


async def main():
    count = int(sys.argv[1])
    before, start = resident(), time.perf_counter()
    tasks = [asyncio.create_task(asyncio.sleep(3600 + i % 1_000_000 / 1000)) for i in range(count)]
    await asyncio.sleep(0)  # returns after all tasks have run
    seconds = time.perf_counter() - start
    print(f"= sleepers ns_per_op {seconds * 1e9 / count:.1f}")
    print(f"= sleepers bytes_per_item {(resident() - before) / len(tasks):.1f}", flush=True)
    os._exit(0)


asyncio.run(main())
