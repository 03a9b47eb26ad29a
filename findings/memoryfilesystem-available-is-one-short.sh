#!/usr/bin/env bash
# memoryfilesystem 2.8.1: InputStream.available() of a file's stream.
# Guess: the number of bytes that are left, as on the default file system.
# Seen: one byte fewer, and for a file of one byte the right number. After all but one byte were read, 1: code that reads
# available() bytes in a loop still gets everything, code that sizes a buffer once by it loses the last byte.
. "$(dirname "$0")/lib.sh"
jars com.github.marschall:memoryfilesystem:2.8.1
program <<'JAVA'
import com.github.marschall.memoryfilesystem.MemoryFileSystemBuilder;
import java.nio.file.*;

class Program {
  public static void main(String[] args) throws Exception {
    try (FileSystem memory = MemoryFileSystemBuilder.newLinux().build()) {
      for (int size : new int[] {1, 2, 3, 5_000}) {
        System.out.println(size + ": " + available(memory.getPath("/file"), size) + ", default "
            + available(Files.createTempFile("finding", ""), size));
      }
    }
  }

  static int available(Path file, int size) throws Exception {
    Files.write(file, new byte[size]);
    try (var input = Files.newInputStream(file)) {
      return input.available();
    }
  }
}
JAVA
expect <<'TEXT'
1: 1, default 1
2: 1, default 2
3: 2, default 3
5000: 4999, default 5000
TEXT
