#!/usr/bin/env bash
# memoryfilesystem 2.8.1: a file that is still open is deleted, on the file system of newLinux().
# Guess: as on Linux and on jimfs: the name is gone, and the channel can still write.
# Seen: the delete throws FileSystemException, as on Windows; temporary files that are deleted early, for them to vanish with
# the process, cannot be tested.
. "$(dirname "$0")/lib.sh"
jars com.google.jimfs:jimfs:1.3.2 com.github.marschall:memoryfilesystem:2.8.1
program -Djava.io.tmpdir="$work" <<'JAVA'
import static java.nio.file.StandardOpenOption.*;

import com.github.marschall.memoryfilesystem.MemoryFileSystemBuilder;
import com.google.common.jimfs.*;
import java.nio.ByteBuffer;
import java.nio.file.*;

class Program {
  public static void main(String[] args) throws Exception {
    show("default", Files.createTempDirectory("finding"));
    show("jimfs", Jimfs.newFileSystem(Configuration.unix()).getPath("/"));
    show("memoryfilesystem", MemoryFileSystemBuilder.newLinux().build().getPath("/"));
  }

  static void show(String name, Path directory) throws Exception {
    Path file = directory.resolve("file");
    try (var channel = Files.newByteChannel(file, CREATE_NEW, WRITE)) {
      String result = "deleted";
      try {
        Files.delete(file);
      } catch (FileSystemException refused) {
        result = refused.getReason();
      }
      channel.write(ByteBuffer.allocate(3));
      System.out.println(name + ": " + result + ", size " + channel.size() + ", exists " + Files.exists(file));
    }
  }
}
JAVA
expect <<'TEXT'
default: deleted, size 3, exists false
jimfs: deleted, size 3, exists false
memoryfilesystem: file still open, size 3, exists true
TEXT
