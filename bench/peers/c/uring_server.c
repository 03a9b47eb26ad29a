// The example http-hello in C with io_uring on one thread: keep-alive, pipelining and the same
// parsing of requests. One multishot accept; a send and the receive that follows it are linked, so
// that a request costs one completion. Argument: the port, 0 for any.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <liburing.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_HEAD_BYTES = 8 * 1024, ENTRIES = 4096, MIN_REQUEST_BYTES = 17 };

static const char HELLO[] =
    "HTTP/1.1 200 OK\r\nContent-Length: 13\r\nContent-Type: text/plain\r\n\r\nHello, World!";
static const char CLOSE[] = "connection: close";

enum { HELLO_BYTES = sizeof HELLO - 1, MAX_ANSWERS = MAX_HEAD_BYTES / MIN_REQUEST_BYTES };

// The responses to the maximum number of requests in one receive.
static char answers[MAX_ANSWERS * HELLO_BYTES];

struct connection {
  int fd;
  size_t filled;
  bool closing;
  char in[MAX_HEAD_BYTES];
};

static struct io_uring ring;

static void check(int result, const char *what) {
  if (result < 0) {
    fprintf(stderr, "%s: %s\n", what, strerror(-result));
    exit(1);
  }
}

static bool is_request(const char *head) {
  int spaces = 0;
  const char *c = head;
  for (; *c != '\r'; c++) spaces += *c == ' ';
  return spaces == 2 && c - head > 12;
}

static bool asks_to_close(const char *head, const char *end) {
  for (const char *c = head; (c = memchr(c, '\n', end - c)) != NULL;) {
    c++;
    if (end - c >= (long)sizeof CLOSE && strncasecmp(c, CLOSE, sizeof CLOSE - 1) == 0) return true;
  }
  return false;
}

static struct io_uring_sqe *entry(void) {
  struct io_uring_sqe *sqe;
  while ((sqe = io_uring_get_sqe(&ring)) == NULL) io_uring_submit(&ring);
  return sqe;
}

static struct io_uring_sqe *receive(struct connection *from) {
  struct io_uring_sqe *sqe = entry();
  io_uring_prep_recv(sqe, from->fd, from->in + from->filled, sizeof from->in - from->filled, 0);
  io_uring_sqe_set_data(sqe, from);
  return sqe;
}

// A failed or short send breaks the link: the receive is then cancelled.
static void send_then_receive(struct connection *to, int count) {
  if (io_uring_sq_space_left(&ring) < 2) io_uring_submit(&ring);  // both entries of a link must be in one submission
  struct io_uring_sqe *sqe = entry();
  io_uring_prep_send(sqe, to->fd, answers, count * HELLO_BYTES, MSG_NOSIGNAL | MSG_WAITALL);
  io_uring_sqe_set_flags(sqe, IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS);
  io_uring_sqe_set_data(sqe, NULL);
  if (to->closing) shutdown(to->fd, SHUT_RD);  // the receive then ends the connection
  receive(to)->ioprio = IORING_RECVSEND_POLL_FIRST;  // the next request has usually not arrived yet
}

// Answers complete requests; returns false if the connection must be closed.
static bool answer(struct connection *to) {
  char *start = to->in, *limit = to->in + to->filled, *end;
  int count = 0;
  while (!to->closing && (end = memmem(start, limit - start, "\r\n\r\n", 4)) != NULL) {
    if (!is_request(start)) return false;
    count++;
    to->closing = asks_to_close(start, end + 4);
    start = end + 4;
  }
  to->filled = limit - start;
  memmove(to->in, start, to->filled);
  if (to->filled == sizeof to->in) return false;
  if (count > 0) {
    send_then_receive(to, count);
  } else {
    receive(to);
  }
  return true;
}

static void accept_many(int server) {
  struct io_uring_sqe *sqe = entry();
  io_uring_prep_multishot_accept(sqe, server, NULL, NULL, 0);
  io_uring_sqe_set_data(sqe, &ring);
}

static void accepted(int fd) {
  int one = 1;
  if (fd < 0) return;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  struct connection *client = malloc(sizeof *client);
  client->fd = fd;
  client->filled = 0;
  client->closing = false;
  receive(client);
}

static void received(struct connection *from, int n) {
  if (n > 0) from->filled += n;
  if (n <= 0 || !answer(from)) {
    close(from->fd);
    free(from);
  }
}

static int listen_on(int port) {
  int server = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  socklen_t length = sizeof address;
  if (bind(server, (struct sockaddr *)&address, length) < 0 || listen(server, 1024) < 0 ||
      getsockname(server, (struct sockaddr *)&address, &length) < 0) {
    perror("listen");
    exit(1);
  }
  printf("listening on %d\n", ntohs(address.sin_port));
  fflush(stdout);
  return server;
}

int main(int argc, char **argv) {
  for (int i = 0; i < MAX_ANSWERS; i++) memcpy(answers + i * HELLO_BYTES, HELLO, HELLO_BYTES);
  struct io_uring_params params = {
      .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE,
      .cq_entries = 4 * ENTRIES};
  check(io_uring_queue_init_params(ENTRIES, &ring, &params), "io_uring_queue_init");
  check(io_uring_register_ring_fd(&ring), "io_uring_register_ring_fd");
  int server = listen_on(argc > 1 ? atoi(argv[1]) : 0);
  accept_many(server);
  for (;;) {
    io_uring_submit_and_wait(&ring, 1);
    struct io_uring_cqe *cqe;
    unsigned head, count = 0;
    io_uring_for_each_cqe(&ring, head, cqe) {
      count++;
      void *data = io_uring_cqe_get_data(cqe);
      if (data == &ring) {
        accepted(cqe->res);
        if (!(cqe->flags & IORING_CQE_F_MORE)) accept_many(server);
      } else if (data != NULL) {
        received(data, cqe->res);
      }
    }
    io_uring_cq_advance(&ring, count);
  }
}
