## The example http-hello with Nim's asyncdispatch: one async proc for each connection, keep-alive,
## pipelining and the same parsing of requests. Argument: the port, 0 for any.
import std/[asyncdispatch, asyncnet, nativesockets, os, strutils]

const
  hello = "HTTP/1.1 200 OK\r\nContent-Length: 13\r\nContent-Type: text/plain\r\n\r\nHello, World!"
  maxHeadBytes = 8 * 1024

proc isRequest(data: string, start: int): bool =
  var spaces = 0
  var i = start
  while data[i] != '\r':
    if data[i] == ' ': inc spaces
    inc i
  spaces == 2 and i - start > 12

proc asksToClose(head: string): bool =
  for line in head.splitLines:
    if cmpIgnoreCase(line, "Connection: close") == 0: return true

proc serve(client: AsyncSocket) {.async.} =
  try:
    client.setSockOpt(OptNoDelay, true, level = 6) # IPPROTO_TCP
    var data = ""
    var closing = false
    while not closing and data.len < maxHeadBytes:
      let chunk = await client.recv(maxHeadBytes)
      if chunk.len == 0: break
      data.add chunk
      var answers = ""
      var start = 0
      while not closing:
        let last = data.find("\r\n\r\n", start)
        if last < 0: break
        closing = not data.isRequest(start)
        if not closing:
          answers.add hello
          closing = asksToClose(data[start ..< last])
        start = last + 4
      data = data.substr(start)
      if answers.len > 0: await client.send(answers)
  except OSError:
    discard # the client closed the connection
  finally:
    client.close()

proc main() {.async.} =
  let server = newAsyncSocket(buffered = false)
  server.setSockOpt(OptReuseAddr, true)
  server.bindAddr(Port(parseInt(paramStr(1))), "127.0.0.1")
  server.listen(1024)
  echo "listening on ", server.getLocalAddr()[1]
  flushFile(stdout)
  while true:
    asyncCheck serve(await server.accept())

waitFor main()
