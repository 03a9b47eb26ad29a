// Reads and appends with os.File in concurrent goroutines. Arguments: the case, the file, the
// concurrency, and the length: milliseconds to read, or the number of appends.
package main

import (
	"fmt"
	"math/rand"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

const (
	block = 4096
	chunk = 64 * 1024
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func cpu() time.Duration {
	var used syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// Allocates memory with the alignment that O_DIRECT requires.
func aligned() []byte {
	memory := make([]byte, 2*block)
	offset := block - int(uintptr(unsafe.Pointer(&memory[0]))%block)
	return memory[offset : offset+block]
}

func readRandom(file *os.File, readers int, until time.Time) int {
	stat, err := file.Stat()
	check(err)
	blocks := stat.Size() / block
	counts := make([]int, readers)
	var all sync.WaitGroup
	for i := range counts {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			buffer, random := aligned(), rand.New(rand.NewSource(int64(i)))
			for ; time.Now().Before(until); counts[i]++ {
				_, err := file.ReadAt(buffer, random.Int63n(blocks)*block)
				check(err)
			}
		}(i)
	}
	all.Wait()
	done := 0
	for _, count := range counts {
		done += count
	}
	return done
}

func readOn(file *os.File, until time.Time) int {
	buffer, done := make([]byte, chunk), 0
	for ; time.Now().Before(until); done++ {
		if n, _ := file.Read(buffer); n < chunk {
			_, err := file.Seek(0, 0)
			check(err)
		}
	}
	return done
}

func appendBlocks(file *os.File, times int) int {
	buffer := make([]byte, block)
	for i := 0; i < times; i++ {
		_, err := file.Write(buffer)
		check(err)
	}
	return times
}

func main() {
	name := os.Args[1]
	readers, _ := strconv.Atoi(os.Args[3])
	length, _ := strconv.Atoi(os.Args[4])
	flags := os.O_RDONLY
	if name == "append" {
		flags = os.O_WRONLY | os.O_CREATE | os.O_APPEND
	} else if strings.HasPrefix(name, "random-direct") {
		flags |= syscall.O_DIRECT
	}
	file, err := os.OpenFile(os.Args[2], flags, 0600)
	check(err)
	if name == "append" {
		appendBlocks(file, length) // as peers with a JIT do, for the same file size
	}
	before, start := cpu(), time.Now()
	until := start.Add(time.Duration(length) * time.Millisecond)
	done := 0
	switch name {
	case "append":
		done = appendBlocks(file, length)
	case "sequential":
		done = readOn(file, until)
	default:
		done = readRandom(file, readers, until)
	}
	fmt.Printf("= %s cpu_us_per_op %.3f\n", name, float64((cpu()-before).Microseconds())/float64(done))
	fmt.Printf("= %s ops_per_s %.1f\n", name, float64(done)/time.Since(start).Seconds())
}
