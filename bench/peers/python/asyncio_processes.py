"""Starts /bin/true repeatedly in concurrent tasks. Arguments: the case, the concurrency, and the
milliseconds to measure."""

import asyncio
import resource
import sys
import time


def cpu():
    used = [resource.getrusage(target) for target in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


async def run_until(until):
    done = 0
    while time.perf_counter() < until:
        child = await asyncio.create_subprocess_exec("/bin/true")
        if await child.wait() != 0:
            raise OSError("/bin/true failed")
        done += 1
    return done


async def main():
    case, at_once, milliseconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    before, start = cpu(), time.perf_counter()
    until = start + milliseconds / 1000
    done = sum(await asyncio.gather(*(run_until(until) for _ in range(at_once))))
    seconds = time.perf_counter() - start
    print(f"= {case} cpu_us_per_op {(cpu() - before) * 1e6 / done:.3f}")
    print(f"= {case} ops_per_s {done / seconds:.1f}")


asyncio.run(main())
