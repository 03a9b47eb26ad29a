"""The example http-hello with gevent: one greenlet for each connection, keep-alive, pipelining and
the same parsing of requests. Argument: the port, 0 for any."""

import socket
import sys

from gevent.server import StreamServer

HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\nContent-Type: text/plain\r\n\r\nHello, World!"
MAX_HEAD_BYTES = 8 * 1024


def serve(client, _):
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    rest = b""
    closing = False
    try:
        while not closing and len(rest) < MAX_HEAD_BYTES and (data := client.recv(MAX_HEAD_BYTES)):
            data = rest + data
            answers = 0
            while not closing and (end := data.find(b"\r\n\r\n")) >= 0:
                head, data = data[:end], data[end + 4 :]
                line = head.partition(b"\r\n")[0]
                closing = line.count(b" ") != 2 or len(line) <= 12
                if not closing:
                    answers += 1
                    closing = b"\nconnection: close" in head.lower()
            rest = data
            if answers:
                client.sendall(HELLO * answers)
    except OSError:
        pass  # the client closed the connection
    finally:
        client.close()


server = StreamServer(("127.0.0.1", int(sys.argv[1])), serve, backlog=1024)
server.start()
print("listening on", server.server_port, flush=True)
server.serve_forever()
