## Sends short lines back and forth through two pipes, between two async procs. Arguments: the case,
## and the milliseconds to measure.
import std/[asyncdispatch, asyncfile, monotimes, os, posix, strformat, strutils, times]

const
  last = "last"
  maxLine = 64 # one read returns a whole line, since the two procs take turns

type Lines = object
  reader, writer: AsyncFile

proc newLines(): Lines =
  var ends: array[2, cint]
  doAssert pipe(ends) == 0
  for fd in ends: doAssert fcntl(fd, F_SETFL, O_NONBLOCK) == 0
  Lines(reader: newAsyncFile(ends[0].AsyncFD), writer: newAsyncFile(ends[1].AsyncFD))

proc read(lines: Lines): Future[string] {.async.} =
  result = await lines.reader.read(maxLine)
  result.stripLineEnd()

proc ask(there, back: Lines, until: MonoTime): Future[int] {.async.} =
  while getMonoTime() < until:
    let line = "line " & $result
    await there.writer.write(line & "\n")
    let answer = await back.read()
    doAssert answer == line
    inc result
  await there.writer.write(last & "\n")

proc answer(there, back: Lines) {.async.} =
  while true:
    let line = await there.read()
    if line == last: break
    await back.writer.write(line & "\n")

let
  there = newLines()
  back = newLines()
  before = cpuTime()
  start = getMonoTime()
asyncCheck answer(there, back)
let done = waitFor ask(there, back, start + initDuration(milliseconds = parseInt(paramStr(2))))
let seconds = float((getMonoTime() - start).inNanoseconds) / 1e9
echo &"= {paramStr(1)} cpu_us_per_op {(cpuTime() - before) * 1e6 / float(done):.3f}"
echo &"= {paramStr(1)} ops_per_s {float(done) / seconds:.1f}"
