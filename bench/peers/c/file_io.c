// Reads and appends with io_uring on one thread, with many operations at a time. Arguments: the
// case, the file, the concurrency, and the length: milliseconds to read, or the number of appends.
#define _GNU_SOURCE
#include <fcntl.h>
#include <liburing.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 4096, CHUNK = 64 * 1024 };

static struct io_uring ring;
static int file;
static uint64_t seed = 88172645463325252ULL;

static double seconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

static void check(int result, const char *what) {
  if (result < 0) {
    fprintf(stderr, "%s: %s\n", what, strerror(-result));
    exit(1);
  }
}

static uint64_t next_random(void) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  return seed ^= seed << 17;
}

static void read_block(char *buffer, uint64_t blocks) {
  struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);
  io_uring_prep_read(sqe, file, buffer, BLOCK, next_random() % blocks * BLOCK);
  io_uring_sqe_set_data(sqe, buffer);
}

static long read_random(char *buffers, int at_once, uint64_t blocks, double until) {
  long done = 0;
  for (int i = 0; i < at_once; i++) read_block(buffers + i * BLOCK, blocks);
  for (int in_flight = at_once; in_flight > 0;) {
    check(io_uring_submit_and_wait(&ring, 1), "submit");
    int more = seconds(CLOCK_MONOTONIC) < until;
    struct io_uring_cqe *cqe;
    unsigned head, count = 0;
    io_uring_for_each_cqe(&ring, head, cqe) {
      check(cqe->res, "read");
      count++;
      if (more) {
        read_block(io_uring_cqe_get_data(cqe), blocks);
      } else {
        in_flight--;
      }
    }
    io_uring_cq_advance(&ring, count);
    done += count;
  }
  return done;
}

// Submits the one entry that is ready, and waits for it.
static int submit_one(void) {
  struct io_uring_cqe *cqe;
  check(io_uring_submit_and_wait(&ring, 1), "submit");
  check(io_uring_peek_cqe(&ring, &cqe), "peek");
  int result = cqe->res;
  check(result, "operation");
  io_uring_cqe_seen(&ring, cqe);
  return result;
}

static long read_on(char *buffer, double until) {
  long done = 0;
  for (uint64_t at = 0; seconds(CLOCK_MONOTONIC) < until; done++) {
    struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);
    io_uring_prep_read(sqe, file, buffer, CHUNK, at);
    int n = submit_one();
    at = n < CHUNK ? 0 : at + n;
  }
  return done;
}

static long append(char *buffer, long times) {
  for (long i = 0; i < times; i++) {
    struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);
    io_uring_prep_write(sqe, file, buffer, BLOCK, -1);
    submit_one();
  }
  return times;
}

int main(int argc, char **argv) {
  const char *name = argv[1];
  int at_once = atoi(argv[3]), appends = strcmp(name, "append") == 0;
  long length = atol(argv[4]);
  int direct = strncmp(name, "random-direct", 13) == 0 ? O_DIRECT : 0;
  file = open(argv[2], appends ? O_WRONLY | O_CREAT | O_APPEND : O_RDONLY | direct, 0600);
  struct stat stat;
  if (argc < 5 || file < 0 || fstat(file, &stat) < 0) {
    perror("open");
    return 1;
  }
  struct io_uring_params params = {.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN};
  check(io_uring_queue_init_params(256, &ring, &params), "io_uring_queue_init");
  char *buffers = aligned_alloc(BLOCK, at_once * BLOCK > CHUNK ? at_once * BLOCK : CHUNK);
  memset(buffers, 'x', CHUNK);
  if (appends) append(buffers, length);  // as peers with a JIT do, for the same file size
  double start = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
  double until = start + length / 1e3;
  long done = appends ? append(buffers, length)
              : strcmp(name, "sequential") == 0
                  ? read_on(buffers, until)
                  : read_random(buffers, at_once, stat.st_size / BLOCK, until);
  cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  printf("= %s cpu_us_per_op %.3f\n", name, cpu * 1e6 / done);
  printf("= %s ops_per_s %.1f\n", name, done / (seconds(CLOCK_MONOTONIC) - start));
}
