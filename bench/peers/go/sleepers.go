// Starts many goroutines that sleep, and measures their memory. Argument: the number.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
)

func used() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc + stats.StackInuse
}

func peakRssMb() float64 {
	status, _ := os.ReadFile("/proc/self/status")
	for _, line := range strings.Split(string(status), "\n") {
		if strings.HasPrefix(line, "VmHWM:") {
			kilobytes, _ := strconv.ParseFloat(strings.Fields(line)[1], 64)
			return kilobytes * 1024 / 1e6
		}
	}
	return 0
}

func main() {
	count, _ := strconv.Atoi(os.Args[1])
	before := used()
	start := time.Now()
	var asleep sync.WaitGroup
	asleep.Add(count)
	for i := 0; i < count; i++ {
		duration := time.Hour + time.Duration(i%1_000_000)*time.Millisecond
		go func() {
			asleep.Done()
			time.Sleep(duration)
		}()
	}
	asleep.Wait()
	nanos := time.Since(start).Nanoseconds()
	fmt.Printf("= sleepers peak_rss_mb %.1f\n", peakRssMb())
	fmt.Printf("= sleepers ns_per_op %.1f\n", float64(nanos)/float64(count))
	fmt.Printf("= sleepers bytes_per_item %.1f\n", float64(used()-before)/float64(count))
}
