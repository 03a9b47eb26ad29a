#!/usr/bin/env bash
# JDK 25 on Linux: ProcessHandle.of with the id of a thread that is no process id.
# Guess: empty, which the Javadoc specifies for a process that does not exist.
# Seen: a handle that is alive and has the command of the thread's process; allProcesses() does not have it. A stored
# process id that the system has given to a thread since looks like a process that is still there.
. "$(dirname "$0")/lib.sh"
program <<'JAVA'
import java.nio.file.*;
import java.util.*;

class Program {
  public static void main(String[] args) throws Exception {
    ProcessHandle self = ProcessHandle.current();
    long thread;
    try (var tasks = Files.list(Path.of("/proc/self/task"))) {
      thread =
          tasks.mapToLong(task -> Long.parseLong(task.getFileName().toString()))
              .filter(id -> id != self.pid())
              .min()
              .getAsLong();
    }
    Optional<ProcessHandle> handle = ProcessHandle.of(thread);
    System.out.println("present: " + handle.isPresent());
    System.out.println("alive: " + handle.get().isAlive());
    System.out.println("command of this process: " + handle.get().info().command().equals(self.info().command()));
    System.out.println("equal to this process: " + handle.get().equals(self));
    System.out.println("in allProcesses: " + ProcessHandle.allProcesses().anyMatch(process -> process.pid() == thread));
  }
}
JAVA
expect <<'TEXT'
present: true
alive: true
command of this process: true
equal to this process: false
in allProcesses: false
TEXT
