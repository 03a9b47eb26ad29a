"""Measures a step of many operations in stretches of 0.1 s: the wall time of the fastest stretch
and the processor time of all."""

import time

OPERATIONS = 10_000
AT_ONCE = 100


def measure(case, stretches, step):
    best, all_done, cpu = float("inf"), 0, time.process_time()
    for _ in range(stretches):
        start, done = time.perf_counter(), 0
        while time.perf_counter() - start < 0.1:
            step()
            done += OPERATIONS
        best = min(best, (time.perf_counter() - start) / done)
        all_done += done
    cpu = (time.process_time() - cpu) / all_done
    print(f"= {case} ns_per_op {best * 1e9:.3f}")
    print(f"= {case} cpu_ns_per_op {cpu * 1e9:.3f}")


def generator_steps():
    total = 0
    for number in (i & 0x7F for i in range(OPERATIONS)):
        total += number
    return total
