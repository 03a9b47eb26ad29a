// Sends each datagram back, up to 64 with one system call. Argument: the port, 0 for any.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define BATCH 64
#define LONGEST 2048

static char bytes[BATCH][LONGEST];
static struct sockaddr_in senders[BATCH];
static struct iovec parts[BATCH];
static struct mmsghdr messages[BATCH];

int main(int argc, char **argv) {
  int sock = socket(AF_INET, SOCK_DGRAM, 0);
  struct sockaddr_in local = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[argc - 1]))};
  local.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof local;
  if (bind(sock, (struct sockaddr *)&local, length) < 0 || getsockname(sock, (struct sockaddr *)&local, &length) < 0) {
    perror("bind");
    return 1;
  }
  printf("listening on %d\n", ntohs(local.sin_port));
  fflush(stdout);
  while (1) {
    for (int i = 0; i < BATCH; i++) {
      parts[i] = (struct iovec){bytes[i], LONGEST};
      messages[i].msg_hdr = (struct msghdr){&senders[i], sizeof senders[i], &parts[i], 1, NULL, 0, 0};
    }
    int count = recvmmsg(sock, messages, BATCH, MSG_WAITFORONE, NULL);
    if (count < 0) {
      perror("recvmmsg");
      return 1;
    }
    for (int i = 0; i < count; i++) parts[i].iov_len = messages[i].msg_len;
    for (int sent = 0; sent < count;) {
      int now = sendmmsg(sock, messages + sent, count - sent, 0);
      if (now < 0) {
        perror("sendmmsg");
        return 1;
      }
      sent += now;
    }
  }
}
