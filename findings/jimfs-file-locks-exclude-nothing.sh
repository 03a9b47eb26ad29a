#!/usr/bin/env bash
# jimfs 1.3.2, memoryfilesystem 2.8.1, JDK 25: a second exclusive lock of a file that this JVM has locked, and the first lock
# after its channel is closed.
# Guess: OverlappingFileLockException and an invalid lock, as the Javadoc of FileChannel and FileLock says.
# Seen: jimfs grants both locks and keeps one valid for good; memoryfilesystem returns null, as if another program held the lock.
. "$(dirname "$0")/lib.sh"
jars com.google.jimfs:jimfs:1.3.2 com.github.marschall:memoryfilesystem:2.8.1
program -Djava.io.tmpdir="$work" <<'JAVA'
import static java.nio.file.StandardOpenOption.WRITE;

import com.github.marschall.memoryfilesystem.MemoryFileSystemBuilder;
import com.google.common.jimfs.*;
import java.nio.channels.*;
import java.nio.file.*;

class Program {
  public static void main(String[] args) throws Exception {
    show("default", Files.createTempDirectory("finding"));
    show("jimfs", Jimfs.newFileSystem(Configuration.unix()).getPath("/"));
    show("memoryfilesystem", MemoryFileSystemBuilder.newLinux().build().getPath("/"));
  }

  static void show(String name, Path directory) throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    FileLock first;
    String second;
    try (var channel = FileChannel.open(file, WRITE); var other = FileChannel.open(file, WRITE)) {
      first = channel.tryLock();
      try {
        second = other.tryLock() == null ? "null" : "granted";
      } catch (OverlappingFileLockException overlap) {
        second = "OverlappingFileLockException";
      }
    }
    System.out.println(name + ": second lock " + second + ", first lock valid after close " + first.isValid());
  }
}
JAVA
expect <<'TEXT'
default: second lock OverlappingFileLockException, first lock valid after close false
jimfs: second lock granted, first lock valid after close true
memoryfilesystem: second lock null, first lock valid after close false
TEXT
