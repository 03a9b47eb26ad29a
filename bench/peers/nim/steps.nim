## Single steps of asyncdispatch. Arguments: the case, and the number of stretches of 0.1 s to
## measure. Prints the wall time of the fastest stretch and the processor time of all.
import std/[asyncdispatch, monotimes, os, strformat, strutils, times]

const
  operations = 10_000
  atOnce = 100

var count = 0

proc turn(): Future[void] =
  ## Completes at the dispatcher's next turn.
  let done = newFuture[void]("turn")
  callSoon(proc () = done.complete())
  done

proc increment(): Future[int] {.async.} =
  inc count
  return count

proc spawnAwait() {.async.} =
  for i in 0 ..< operations: discard await increment()

proc spawn100Await() {.async.} =
  for i in 0 ..< operations div 100:
    var tasks: seq[Future[int]]
    for k in 0 ..< 100: tasks.add increment()
    discard await all(tasks)

proc yieldOften(times: int) {.async.} =
  for i in 0 ..< times: await turn()

proc yieldToOther() {.async.} =
  await all(yieldOften(operations div 2), yieldOften(operations div 2))

proc generatorStep() {.async.} =
  iterator numbers(): int {.closure.} =
    for i in 0 ..< operations: yield i and 0x7F
  let next = numbers
  while true:
    let number = next()
    if finished(next): break
    count += number

proc step(input: int): Future[int] {.async.} =
  await turn()
  return input + 1

proc chain(input: int): Future[int] {.async.} =
  return await step(await step(await step(input)))

proc below(levels, input: int): Future[int] {.async.} =
  if levels == 0: return await step(input)
  return await(below(levels - 1, input)) + 1

proc deep(input: int): Future[int] = below(10, input)

type Request = proc (input: int): Future[int]

proc client(request: Request) {.async.} =
  for i in 0 ..< operations div atOnce: count += await request(i)

proc serve(request: Request) {.async.} =
  var clients: seq[Future[void]]
  for i in 0 ..< atOnce: clients.add client(request)
  await all(clients)

proc measure(name: string): Future[void] =
  case name
  of "spawn-await": spawnAwait()
  of "spawn-100-await": spawn100Await()
  of "yield": yieldToOther()
  of "generator-step": generatorStep()
  of "chain-3": serve(chain)
  of "depth-10": serve(deep)
  else: raise newException(ValueError, "no case " & name)

var
  best = Inf
  allDone = 0
let before = cpuTime()
for stretch in 1 .. parseInt(paramStr(2)):
  let start = getMonoTime()
  var done = 0
  while getMonoTime() - start < initDuration(milliseconds = 100):
    waitFor measure(paramStr(1))
    done += operations
  best = min(best, float((getMonoTime() - start).inNanoseconds) / float(done))
  allDone += done
let cpu = (cpuTime() - before) * 1e9 / float(allDone)
echo &"= {paramStr(1)} ns_per_op {best:.3f}"
echo &"= {paramStr(1)} cpu_ns_per_op {cpu:.3f}"
