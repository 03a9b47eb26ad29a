// Reads blocks of a file at random places with pread, one after the other. Arguments: the case, the file,
// and how many milliseconds to measure.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 4096 };

static uint64_t seed = 88172645463325252ULL;

static double seconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

static uint64_t next_random(void) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  return seed ^= seed << 17;
}

int main(int argc, char **argv) {
  struct stat stat;
  int file = argc < 4 ? -1 : open(argv[2], O_RDONLY);
  if (file < 0 || fstat(file, &stat) < 0) {
    perror("open");
    return 1;
  }
  uint64_t blocks = stat.st_size / BLOCK;
  char *buffer = aligned_alloc(BLOCK, BLOCK);
  double start = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
  double until = start + atol(argv[3]) / 1e3;
  long done = 0;
  for (; seconds(CLOCK_MONOTONIC) < until; done++) {
    if (pread(file, buffer, BLOCK, next_random() % blocks * BLOCK) != BLOCK) {
      perror("pread");
      return 1;
    }
  }
  cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  printf("= %s cpu_us_per_op %.3f\n", argv[1], cpu * 1e6 / done);
  printf("= %s ops_per_s %.1f\n", argv[1], done / (seconds(CLOCK_MONOTONIC) - start));
}
