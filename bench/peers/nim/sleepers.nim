## Starts many async procs that sleep, and measures their memory. Argument: the number.
import std/[asyncdispatch, monotimes, os, strformat, strutils, times]

proc peakRssMb(): float =
  for line in lines("/proc/self/status"):
    if line.startsWith("VmHWM:"): return parseFloat(line.splitWhitespace()[1]) * 1024 / 1e6

proc sleeper(milliseconds: int) {.async.} =
  await sleepAsync(milliseconds)

let count = parseInt(paramStr(1))
GC_fullCollect()
let before = getOccupiedMem()
let start = getMonoTime()
for i in 0 ..< count: asyncCheck sleeper(3_600_000 + i mod 1_000_000)
let nanos = (getMonoTime() - start).inNanoseconds
GC_fullCollect()
echo &"= sleepers peak_rss_mb {peakRssMb():.1f}"
echo &"= sleepers ns_per_op {float(nanos) / float(count):.1f}"
echo &"= sleepers bytes_per_item {float(getOccupiedMem() - before) / float(count):.1f}"
