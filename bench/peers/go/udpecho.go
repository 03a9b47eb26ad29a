// Sends each datagram back. Argument: the port, 0 for any.
package main

import (
	"fmt"
	"net"
	"os"
)

func main() {
	address, err := net.ResolveUDPAddr("udp4", "127.0.0.1:"+os.Args[1])
	if err != nil {
		panic(err)
	}
	socket, err := net.ListenUDP("udp4", address)
	if err != nil {
		panic(err)
	}
	fmt.Printf("listening on %d\n", socket.LocalAddr().(*net.UDPAddr).Port)
	bytes := make([]byte, 2048)
	for {
		n, sender, err := socket.ReadFromUDPAddrPort(bytes)
		if err != nil {
			panic(err)
		}
		if _, err = socket.WriteToUDPAddrPort(bytes[:n], sender); err != nil {
			panic(err)
		}
	}
}
