// Opens, reads and closes a file again and again. Arguments: the case, the file, the milliseconds.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define AT_ONCE 1000

static double seconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  static char bytes[1024];
  long done = 0;
  double start = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
  double until = start + atol(argv[3]) / 1e3;
  do {
    for (int i = 0; i < AT_ONCE; i++) {
      int file = open(argv[2], O_RDONLY | O_CLOEXEC);
      if (file < 0 || read(file, bytes, sizeof bytes) <= 0 || close(file) < 0) {
        perror(argv[2]);
        return 1;
      }
    }
    done += AT_ONCE;
  } while (seconds(CLOCK_MONOTONIC) < until);
  cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  printf("= %s cpu_us_per_op %.3f\n", argv[1], cpu * 1e6 / done);
  printf("= %s ops_per_s %.1f\n", argv[1], done / (seconds(CLOCK_MONOTONIC) - start));
}
