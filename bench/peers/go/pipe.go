// Sends bytes through a pipe from one goroutine to another. Arguments: the case, the size of a
// chunk, and the milliseconds to measure.
package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"syscall"
	"time"
)

func cpu() time.Duration {
	var used syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func main() {
	size, _ := strconv.Atoi(os.Args[2])
	milliseconds, _ := strconv.Atoi(os.Args[3])
	reader, writer, err := os.Pipe()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	before, start := cpu(), time.Now()
	until := start.Add(time.Duration(milliseconds) * time.Millisecond)
	go func() {
		chunk := make([]byte, size)
		for time.Now().Before(until) {
			_, _ = writer.Write(chunk)
		}
		_ = writer.Close()
	}()
	chunk, done := make([]byte, size), 0
	for {
		if _, err := io.ReadFull(reader, chunk); err != nil {
			break
		}
		done++
	}
	fmt.Printf("= %s cpu_us_per_op %.3f\n", os.Args[1], float64((cpu()-before).Microseconds())/float64(done))
	fmt.Printf("= %s ops_per_s %.1f\n", os.Args[1], float64(done)/time.Since(start).Seconds())
}
