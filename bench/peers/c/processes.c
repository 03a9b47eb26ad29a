// Starts many /bin/true at a time and waits for each with its pidfd, on one thread. Arguments: the
// case, the concurrency, and the milliseconds to measure.
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_EVENTS = 64 };

extern char **environ;

static int epoll;

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

static double cpu_of(int target) {
  struct rusage used;
  getrusage(target, &used);
  return used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static double cpu(void) { return cpu_of(RUSAGE_SELF) + cpu_of(RUSAGE_CHILDREN); }

static void check(int failed, const char *what) {
  if (failed) {
    perror(what);
    exit(1);
  }
}

static void start(void) {
  char *argv[] = {"/bin/true", NULL};
  pid_t child;
  check(posix_spawn(&child, argv[0], NULL, NULL, argv, environ) != 0, "posix_spawn");
  int pidfd = syscall(SYS_pidfd_open, child, 0);
  check(pidfd < 0, "pidfd_open");
  struct epoll_event event = {.events = EPOLLIN, .data.fd = pidfd};
  check(epoll_ctl(epoll, EPOLL_CTL_ADD, pidfd, &event) < 0, "epoll_ctl");
}

static void reap(int pidfd) {
  siginfo_t ended;
  check(waitid(P_PIDFD, pidfd, &ended, WEXITED) < 0 || ended.si_status != 0, "waitid");
  // Closing is not enough: a child may have the descriptor open until it runs its program.
  check(epoll_ctl(epoll, EPOLL_CTL_DEL, pidfd, NULL) < 0, "epoll_ctl");
  close(pidfd);
}

static long run(int at_once, double until) {
  struct epoll_event events[MAX_EVENTS];
  for (int i = 0; i < at_once; i++) start();
  long done = 0;
  while (at_once > 0) {
    int ready = epoll_wait(epoll, events, MAX_EVENTS, -1);
    for (int i = 0; i < ready; i++, done++) {
      reap(events[i].data.fd);
      if (seconds() < until) {
        start();
      } else {
        at_once--;
      }
    }
  }
  return done;
}

int main(int argc, char **argv) {
  if (argc < 4) return 1;
  epoll = epoll_create1(EPOLL_CLOEXEC);
  double begin = seconds(), before = cpu();
  long done = run(atoi(argv[2]), begin + atol(argv[3]) / 1e3);
  printf("= %s cpu_us_per_op %.3f\n", argv[1], (cpu() - before) * 1e6 / done);
  printf("= %s ops_per_s %.1f\n", argv[1], done / (seconds() - begin));
}
