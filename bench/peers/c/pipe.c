// Sends bytes through a pipe from one thread to another. Arguments: the case, the size of a chunk,
// and the milliseconds to measure.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int ends[2];
static size_t size;
static double until;

static double seconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

static void *write_all(void *unused) {
  char *chunk = calloc(1, size);
  while (seconds(CLOCK_MONOTONIC) < until) {
    for (size_t sent = 0; sent < size;) sent += write(ends[1], chunk + sent, size - sent);
  }
  close(ends[1]);
  return unused;
}

int main(int argc, char **argv) {
  if (argc < 4 || pipe(ends) < 0) return 1;
  size = atol(argv[2]);
  double start = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
  until = start + atol(argv[3]) / 1e3;
  pthread_t writer;
  if (pthread_create(&writer, NULL, write_all, NULL) != 0) return 1;
  char *chunk = malloc(size);
  size_t received = 0;
  for (ssize_t n; (n = read(ends[0], chunk, size)) > 0;) received += n;
  double done = (double)received / size;
  cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  printf("= %s cpu_us_per_op %.3f\n", argv[1], cpu * 1e6 / done);
  printf("= %s ops_per_s %.1f\n", argv[1], done / (seconds(CLOCK_MONOTONIC) - start));
}
