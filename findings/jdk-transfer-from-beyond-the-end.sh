#!/usr/bin/env bash
# JDK 25 (Temurin 25.0.3, Linux), jimfs 1.3.2, memoryfilesystem 2.8.1: FileChannel.transferFrom at a position beyond the end.
# Guess: nothing is transferred, as the Javadoc specifies for a position greater than the file's size.
# Seen: the JDK's own channel transfers the bytes and the file grows, with a gap; memoryfilesystem does the same; jimfs keeps to the
# Javadoc and returns 0. A copying loop that adds up the results ends on two of the three and never ends on the third.
. "$(dirname "$0")/lib.sh"
jars com.google.jimfs:jimfs:1.3.2 com.github.marschall:memoryfilesystem:2.8.1
program <<'JAVA'
import com.github.marschall.memoryfilesystem.MemoryFileSystemBuilder;
import com.google.common.jimfs.*;
import java.nio.channels.FileChannel;
import java.nio.file.*;
import static java.nio.file.StandardOpenOption.*;

class Program {
  public static void main(String[] args) throws Exception {
    try (FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix());
        FileSystem memory = MemoryFileSystemBuilder.newLinux().build()) {
      show("default", Files.createTempDirectory("finding"));
      show("jimfs", jimfs.getPath("").toAbsolutePath());
      show("memoryfilesystem", Files.createDirectory(memory.getPath("/d")));
    }
  }

  static void show(String name, Path directory) throws Exception {
    Path source = Files.writeString(directory.resolve("source"), "xyz");
    Path target = Files.writeString(directory.resolve("target"), "abc");
    try (var from = FileChannel.open(source, READ); var to = FileChannel.open(target, WRITE)) {
      System.out.println(name + ": moved " + to.transferFrom(from, 10, 3) + ", size " + to.size());
    }
    Files.delete(source);
    Files.delete(target);
  }
}
JAVA
expect <<'TEXT'
default: moved 3, size 13
jimfs: moved 0, size 3
memoryfilesystem: moved 3, size 13
TEXT
