// Counts the words of many small files in concurrent goroutines. Arguments: the case, the
// directory, the concurrency, and the milliseconds to measure.
package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
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

func filesIn(directory string) []string {
	var files []string
	check(filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			files = append(files, path)
		}
		return err
	}))
	return files
}

func words(text []byte) int64 {
	count, inside := int64(0), false
	for _, each := range text {
		isSpace := each == ' ' || each == '\n'
		if !inside && !isSpace {
			count++
		}
		inside = !isSpace
	}
	return count
}

func countAll(files []string, atOnce int) int64 {
	var next, sum int64
	var all sync.WaitGroup
	for i := 0; i < atOnce; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for i := atomic.AddInt64(&next, 1) - 1; i < int64(len(files)); i = atomic.AddInt64(&next, 1) - 1 {
				text, err := os.ReadFile(files[i])
				check(err)
				atomic.AddInt64(&sum, words(text))
			}
		}()
	}
	all.Wait()
	return sum
}

func main() {
	files := filesIn(os.Args[2])
	atOnce, _ := strconv.Atoi(os.Args[3])
	milliseconds, _ := strconv.Atoi(os.Args[4])
	before, start := cpu(), time.Now()
	done, first := 0, int64(0)
	for done == 0 || time.Since(start) < time.Duration(milliseconds)*time.Millisecond {
		counted := countAll(files, atOnce)
		if counted == 0 || done > 0 && counted != first {
			fmt.Fprintln(os.Stderr, counted, "words, and before", first)
			os.Exit(1)
		}
		first, done = counted, done+len(files)
	}
	fmt.Printf("= %s cpu_us_per_op %.3f\n", os.Args[1], float64((cpu()-before).Microseconds())/float64(done))
	fmt.Printf("= %s ops_per_s %.1f\n", os.Args[1], float64(done)/time.Since(start).Seconds())
}
