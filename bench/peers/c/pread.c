// Reads blocks of a file at random positions, one after another. Arguments: the case, the file, the
// milliseconds to measure, and the call: pread, which may wait for the disk, or preadv2 with
// RWF_NOWAIT.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
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
  int file = argc < 5 ? -1 : open(argv[2], O_RDONLY);
  if (file < 0 || fstat(file, &stat) < 0) {
    perror("open");
    return 1;
  }
  uint64_t blocks = stat.st_size / BLOCK;
  int nowait = strcmp(argv[4], "preadv2") == 0;
  char *buffer = aligned_alloc(BLOCK, BLOCK);
  struct iovec whole = {buffer, BLOCK};
  double start = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
  double until = start + atol(argv[3]) / 1e3;
  long done = 0;
  for (; seconds(CLOCK_MONOTONIC) < until; done++) {
    off_t at = next_random() % blocks * BLOCK;
    ssize_t count =
        nowait ? preadv2(file, &whole, 1, at, RWF_NOWAIT) : pread(file, buffer, BLOCK, at);
    if (count != BLOCK) {
      perror(argv[4]);
      return 1;
    }
  }
  cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  printf("= %s cpu_us_per_op %.3f\n", argv[1], cpu * 1e6 / done);
  printf("= %s ops_per_s %.1f\n", argv[1], done / (seconds(CLOCK_MONOTONIC) - start));
}
