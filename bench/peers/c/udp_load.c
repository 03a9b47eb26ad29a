// Loads a server that sends datagrams back: keeps 64 datagrams of 100 bytes under way for a time.
// Arguments: the port, the milliseconds. Prints the number of datagrams that came back.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

#define WINDOW 64
#define LENGTH 100

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  int sock = socket(AF_INET, SOCK_DGRAM, 0);
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  struct timeval patience = {.tv_usec = 200000};
  setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect(sock, (struct sockaddr *)&server, sizeof server) < 0) {
    perror("connect");
    return 1;
  }
  static char bytes[WINDOW][LENGTH];
  static struct iovec parts[WINDOW];
  static struct mmsghdr messages[WINDOW];
  for (int i = 0; i < WINDOW; i++) {
    parts[i] = (struct iovec){bytes[i], LENGTH};
    messages[i].msg_hdr = (struct msghdr){NULL, 0, &parts[i], 1, NULL, 0, 0};
  }
  long echoed = 0;
  int due = WINDOW;
  double start = seconds(), until = start + atol(argv[2]) / 1e3;
  while (seconds() < until) {
    int sent = sendmmsg(sock, messages, due, 0);
    if (sent < 0) {
      perror("sendmmsg");
      return 1;
    }
    int came = recvmmsg(sock, messages, WINDOW, MSG_WAITFORONE, NULL);
    due = came < 0 ? WINDOW : came;  // a datagram that is lost is replaced
    echoed += came < 0 ? 0 : came;
  }
  printf("echoed %ld in %.6f s\n", echoed, seconds() - start);
}
