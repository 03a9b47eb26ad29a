// Single steps of goroutines: start and wait, yield, hand over. Arguments: GOMAXPROCS (0 for Go's
// default), the case, and the number of stretches of 0.1 s to measure. Prints the wall time of the
// fastest stretch and the processor time of all.
package main

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"
)

const operations = 10_000

var count int

func spawnAwait() {
	var wg sync.WaitGroup
	for i := 0; i < operations; i++ {
		wg.Add(1)
		go func() {
			count++
			wg.Done()
		}()
		wg.Wait()
	}
}

func spawnManyAwait() {
	var wg sync.WaitGroup
	for i := 0; i < operations; i += 100 {
		wg.Add(100)
		for k := 0; k < 100; k++ {
			go wg.Done()
		}
		wg.Wait()
	}
}

func yield() {
	var wg sync.WaitGroup
	wg.Add(2)
	for i := 0; i < 2; i++ {
		go func() {
			for k := 0; k < operations/2; k++ {
				runtime.Gosched()
			}
			wg.Done()
		}()
	}
	wg.Wait()
}

// A hand-over in each direction on two unbuffered channels; counts as two operations.
func handOver() {
	ping, pong := make(chan struct{}), make(chan struct{})
	go func() {
		for i := 0; i < operations/2; i++ {
			<-ping
			pong <- struct{}{}
		}
	}()
	for i := 0; i < operations/2; i++ {
		ping <- struct{}{}
		<-pong
	}
}

func pass(items chan int) {
	go func() {
		for i := 0; i < operations; i++ {
			items <- i
		}
	}()
	for i := 0; i < operations; i++ {
		count += <-items
	}
}

// One goroutine sends on two channels in turn, another selects the channel that is ready.
func selectOfTwo() {
	left, right := make(chan int, 64), make(chan int, 64)
	go func() {
		for i := 0; i < operations/2; i++ {
			left <- i
			right <- i
		}
	}()
	for i := 0; i < operations; i++ {
		select {
		case item := <-left:
			count += item
		case item := <-right:
			count -= item
		}
	}
}

var mutex sync.Mutex

func lockAndUnlock() {
	for i := 0; i < operations; i++ {
		mutex.Lock()
		count++
		mutex.Unlock()
	}
}

func cpu() int64 {
	var used syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return used.Utime.Nano() + used.Stime.Nano()
}

func main() {
	processors, _ := strconv.Atoi(os.Args[1])
	runtime.GOMAXPROCS(processors)
	steps := map[string]func(){
		"spawn-await": spawnAwait, "spawn-100-await": spawnManyAwait,
		"yield": yield, "park-unpark": handOver,
		"rendezvous": func() { pass(make(chan int)) },
		"channel-64": func() { pass(make(chan int, 64)) },
		"select":     selectOfTwo,
		"mutex":      lockAndUnlock,
	}
	step := steps[os.Args[2]]
	best, allDone, before := math.Inf(1), 0, cpu()
	stretches, _ := strconv.Atoi(os.Args[3])
	for stretch := 0; stretch < stretches; stretch++ {
		start, done := time.Now(), 0
		for time.Since(start) < 100*time.Millisecond {
			step()
			done += operations
		}
		best = math.Min(best, float64(time.Since(start).Nanoseconds())/float64(done))
		allDone += done
	}
	fmt.Printf("= %s ns_per_op %.3f\n", os.Args[2], best)
	fmt.Printf("= %s cpu_ns_per_op %.3f\n", os.Args[2], float64(cpu()-before)/float64(allDone))
}
