// Starts /bin/true repeatedly in concurrent goroutines. Arguments: the case, the concurrency, and
// the milliseconds to measure.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"time"
)

func cpuOf(target int) time.Duration {
	var used syscall.Rusage
	_ = syscall.Getrusage(target, &used)
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func cpu() time.Duration {
	return cpuOf(syscall.RUSAGE_SELF) + cpuOf(syscall.RUSAGE_CHILDREN)
}

func runUntil(until time.Time) int {
	done := 0
	for ; time.Now().Before(until); done++ {
		command := exec.Command("/bin/true")
		command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
		if err := command.Run(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	return done
}

func main() {
	atOnce, _ := strconv.Atoi(os.Args[2])
	milliseconds, _ := strconv.Atoi(os.Args[3])
	before, start := cpu(), time.Now()
	until := start.Add(time.Duration(milliseconds) * time.Millisecond)
	counts := make([]int, atOnce)
	var all sync.WaitGroup
	for i := range counts {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			counts[i] = runUntil(until)
		}(i)
	}
	all.Wait()
	done := 0
	for _, count := range counts {
		done += count
	}
	fmt.Printf("= %s cpu_us_per_op %.3f\n", os.Args[1], float64((cpu()-before).Microseconds())/float64(done))
	fmt.Printf("= %s ops_per_s %.1f\n", os.Args[1], float64(done)/time.Since(start).Seconds())
}
