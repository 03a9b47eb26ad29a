"""The example http-hello with a protocol of asyncio: keep-alive, pipelining and the same parsing of
requests. Argument: the port, 0 for any."""

import asyncio
import sys

HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\nContent-Type: text/plain\r\n\r\nHello, World!"
MAX_HEAD_BYTES = 8 * 1024


class Hello(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.rest = b""

    def data_received(self, data):
        data = self.rest + data
        answers = 0
        closing = False
        while not closing and (end := data.find(b"\r\n\r\n")) >= 0:
            head, data = data[:end], data[end + 4 :]
            line = head.partition(b"\r\n")[0]
            closing = line.count(b" ") != 2 or len(line) <= 12
            if not closing:
                answers += 1
                closing = b"\nconnection: close" in head.lower()
        self.rest = data
        if answers:
            self.transport.write(HELLO * answers)
        if closing or len(data) >= MAX_HEAD_BYTES:
            self.transport.close()


async def main():
    server = await asyncio.get_running_loop().create_server(
        Hello, "127.0.0.1", int(sys.argv[1]), backlog=1024
    )
    print("listening on", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
