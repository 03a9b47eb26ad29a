#!/usr/bin/env bash
# jimfs 1.3.2, memoryfilesystem 2.8.1, JDK 25: an interrupted thread reads a file.
# Guess: as on the default file system: a FileChannel is closed, as its Javadoc says; Files.readString reads the file.
# Seen: on jimfs readString throws ClosedByInterruptException too, on memoryfilesystem the channel reads and stays open. Code
# that stops at an interrupt behaves in three ways.
. "$(dirname "$0")/lib.sh"
jars com.google.jimfs:jimfs:1.3.2 com.github.marschall:memoryfilesystem:2.8.1
program -Djava.io.tmpdir="$work" <<'JAVA'
import com.github.marschall.memoryfilesystem.MemoryFileSystemBuilder;
import com.google.common.jimfs.*;
import java.nio.ByteBuffer;
import java.nio.channels.*;
import java.nio.file.*;
import java.util.concurrent.Callable;

class Program {
  public static void main(String[] args) throws Exception {
    show("default", Files.createTempDirectory("finding"));
    show("jimfs", Jimfs.newFileSystem(Configuration.unix()).getPath("/"));
    show("memoryfilesystem", MemoryFileSystemBuilder.newLinux().build().getPath("/"));
  }

  static void show(String name, Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "text");
    String text = interrupted(() -> Files.readString(file));
    try (var channel = FileChannel.open(file)) {
      String read = interrupted(() -> "read " + channel.read(ByteBuffer.allocate(10)));
      System.out.println(name + ": readString " + text + ", channel " + read + ", open " + channel.isOpen());
    }
  }

  static String interrupted(Callable<String> code) {
    Thread.currentThread().interrupt();
    try {
      return code.call();
    } catch (Exception thrown) {
      return thrown.getClass().getSimpleName();
    } finally {
      Thread.interrupted();
    }
  }
}
JAVA
expect <<'TEXT'
default: readString text, channel ClosedByInterruptException, open false
jimfs: readString ClosedByInterruptException, channel ClosedByInterruptException, open false
memoryfilesystem: readString text, channel read 4, open true
TEXT
