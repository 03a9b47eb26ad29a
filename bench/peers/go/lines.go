// Sends short lines back and forth through two pipes, between two goroutines. Arguments: the case,
// and the milliseconds to measure.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"
)

const last = "last\n"

type lines struct {
	reader *bufio.Reader
	writer *os.File
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func newLines() lines {
	reader, writer, err := os.Pipe()
	check(err)
	return lines{bufio.NewReader(reader), writer}
}

func (l lines) read() string {
	line, err := l.reader.ReadString('\n')
	check(err)
	return line
}

func (l lines) write(line string) {
	_, err := l.writer.WriteString(line)
	check(err)
}

func cpu() time.Duration {
	var used syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func main() {
	milliseconds, _ := strconv.Atoi(os.Args[2])
	there, back := newLines(), newLines()
	before, start := cpu(), time.Now()
	go func() {
		for line := there.read(); line != last; line = there.read() {
			back.write(line)
		}
	}()
	done := 0
	for until := start.Add(time.Duration(milliseconds) * time.Millisecond); time.Now().Before(until); done++ {
		line := "line " + strconv.Itoa(done) + "\n"
		there.write(line)
		if answer := back.read(); answer != line {
			fmt.Fprintln(os.Stderr, line, "came back as", answer)
			os.Exit(1)
		}
	}
	there.write(last)
	fmt.Printf("= %s cpu_us_per_op %.3f\n", os.Args[1], float64((cpu()-before).Microseconds())/float64(done))
	fmt.Printf("= %s ops_per_s %.1f\n", os.Args[1], float64(done)/time.Since(start).Seconds())
}
