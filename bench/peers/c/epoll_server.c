// The example http-hello in C with epoll on one thread: keep-alive, pipelining and the same parsing
// of requests. Argument: the port, 0 for any.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_HEAD_BYTES = 8 * 1024, MAX_EVENTS = 512 };

static const char HELLO[] =
    "HTTP/1.1 200 OK\r\nContent-Length: 13\r\nContent-Type: text/plain\r\n\r\nHello, World!";
static const char CLOSE[] = "connection: close";

struct connection {
  int fd;
  size_t filled;
  char in[MAX_HEAD_BYTES];
};

static void check(int result, const char *what) {
  if (result < 0) {
    perror(what);
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

// Answers complete requests; returns false if the connection must be closed.
static bool answer(struct connection *to) {
  char *start = to->in, *limit = to->in + to->filled, *end;
  while ((end = memmem(start, limit - start, "\r\n\r\n", 4)) != NULL) {
    if (!is_request(start)) return false;
    if (send(to->fd, HELLO, sizeof HELLO - 1, MSG_NOSIGNAL) < 0) return false;
    if (asks_to_close(start, end + 4)) return false;
    start = end + 4;
  }
  to->filled = limit - start;
  memmove(to->in, start, to->filled);
  return to->filled < sizeof to->in;
}

static bool serve(struct connection *from) {
  ssize_t n = recv(from->fd, from->in + from->filled, sizeof from->in - from->filled, 0);
  if (n < 0 && errno == EAGAIN) return true;
  if (n <= 0) return false;
  from->filled += n;
  return answer(from);
}

static void accept_all(int server, int epoll) {
  int one = 1, fd;
  while ((fd = accept4(server, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct connection *client = calloc(1, sizeof *client);
    client->fd = fd;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    check(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
  }
}

static int listen_on(int port) {
  int server = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
  check(server, "socket");
  setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  socklen_t length = sizeof address;
  check(bind(server, (struct sockaddr *)&address, length), "bind");
  check(listen(server, 1024), "listen");
  check(getsockname(server, (struct sockaddr *)&address, &length), "getsockname");
  printf("listening on %d\n", ntohs(address.sin_port));
  fflush(stdout);
  return server;
}

int main(int argc, char **argv) {
  int server = listen_on(argc > 1 ? atoi(argv[1]) : 0), epoll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL}, events[MAX_EVENTS];
  check(epoll_ctl(epoll, EPOLL_CTL_ADD, server, &event), "epoll_ctl");
  for (;;) {
    int ready = epoll_wait(epoll, events, MAX_EVENTS, -1);
    for (int i = 0; i < ready; i++) {
      struct connection *client = events[i].data.ptr;
      if (client == NULL) {
        accept_all(server, epoll);
      } else if (!serve(client)) {
        close(client->fd);
        free(client);
      }
    }
  }
}
