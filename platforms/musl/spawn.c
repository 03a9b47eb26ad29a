/* What internal.sys.Spawn expects of a C library, compiled against musl: sizes and constants, and functions by their use. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

_Static_assert(sizeof(posix_spawn_file_actions_t) <= 512, "Spawn.ACTIONS_BYTES");
_Static_assert(sizeof(posix_spawnattr_t) <= 1024, "Spawn.ATTRIBUTES_BYTES");
_Static_assert(sizeof(sigset_t) <= 128, "Spawn.SIGNAL_SET_BYTES");
_Static_assert(POSIX_SPAWN_SETPGROUP == 2, "Spawn.SETPGROUP");
_Static_assert(POSIX_SPAWN_SETSIGDEF == 4, "Spawn.SETSIGDEF");
_Static_assert(POSIX_SPAWN_SETSIGMASK == 8, "Spawn.SETSIGMASK");
_Static_assert(POSIX_SPAWN_SETSID == 0x80, "Spawn.SETSID");

int main(void) {
  const char *required[] = {"syscall", "posix_spawn", "posix_spawn_file_actions_init",
      "posix_spawn_file_actions_destroy", "posix_spawn_file_actions_addopen",
      "posix_spawn_file_actions_adddup2", "posix_spawnattr_init", "posix_spawnattr_destroy",
      "posix_spawnattr_setflags", "posix_spawnattr_setsigmask", "posix_spawnattr_setsigdefault"};
  const char *optional[] = {
      "posix_spawn_file_actions_addchdir_np", "posix_spawn_file_actions_addclosefrom_np"};
  void *libc = dlopen(NULL, RTLD_NOW);
  int missing = 0;
  for (unsigned i = 0; i < sizeof required / sizeof *required; i++) {
    if (!dlsym(libc, required[i])) {
      printf("missing: %s\n", required[i]);
      missing++;
    }
  }
  for (unsigned i = 0; i < sizeof optional / sizeof *optional; i++) {
    printf("%s: %s\n", optional[i], dlsym(libc, optional[i]) ? "there" : "not there");
  }
  /* The child gets a new session and descriptors of its own, as Spawn asks for. */
  int ends[2];
  if (pipe(ends)) {
    return 1;
  }
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  char *arguments[] = {"sh", "-c", "echo a child of musl", NULL};
  char *environment[] = {NULL};
  pid_t child;
  if (posix_spawn(&child, "/bin/sh", &actions, &attributes, arguments, environment)) {
    return 1;
  }
  close(ends[1]);
  char text[64];
  ssize_t count = read(ends[0], text, sizeof text);
  int status;
  waitpid(child, &status, 0);
  printf("%.*s", (int) count, text);
  return missing || !WIFEXITED(status) || WEXITSTATUS(status);
}
