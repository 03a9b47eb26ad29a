// The example http-hello with goroutines and plain TCP: one goroutine for each connection,
// keep-alive, pipelining and the same parsing of requests. Argument: the port, 0 for any.
package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
)

var hello = []byte("HTTP/1.1 200 OK\r\nContent-Length: 13\r\nContent-Type: text/plain\r\n\r\nHello, World!")

func asksToClose(head []byte) bool {
	name := []byte("connection: close")
	for {
		i := bytes.IndexByte(head, '\n')
		if i < 0 {
			return false
		}
		head = head[i+1:]
		if len(head) >= len(name) && bytes.EqualFold(head[:len(name)], name) {
			return true
		}
	}
}

func serve(client net.Conn) {
	defer client.Close()
	in, filled := make([]byte, 8*1024), 0
	for filled < len(in) {
		n, err := client.Read(in[filled:])
		if err != nil {
			return
		}
		filled += n
		rest := in[:filled]
		for {
			end := bytes.Index(rest, []byte("\r\n\r\n"))
			if end < 0 {
				break
			}
			head := rest[:end+4]
			line := head[:bytes.IndexByte(head, '\r')]
			if bytes.Count(line, []byte(" ")) != 2 || len(line) <= 12 {
				return
			}
			if _, err := client.Write(hello); err != nil || asksToClose(head) {
				return
			}
			rest = rest[end+4:]
		}
		filled = copy(in, rest)
	}
}

func main() {
	server, err := net.Listen("tcp", ":"+os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("listening on", server.Addr().(*net.TCPAddr).Port)
	for {
		if client, err := server.Accept(); err == nil {
			go serve(client)
		}
	}
}
