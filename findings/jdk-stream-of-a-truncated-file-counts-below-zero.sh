#!/usr/bin/env bash
# JDK 25: available() and skip() of Files.newInputStream after the file was cut to less than was read, as a log file is.
# Guess: 0 from both, as the Javadoc of available says for the end, and as FileInputStream returns from available.
# Seen: available() is negative; skip(1) returns a negative number and moves the stream back.
. "$(dirname "$0")/lib.sh"
program -Djava.io.tmpdir="$work" <<'JAVA'
import java.io.*;
import java.nio.channels.FileChannel;
import java.nio.file.*;

class Program {
  public static void main(String[] args) throws Exception {
    Path file = Files.createTempFile("finding", "");
    Files.write(file, new byte[10]);
    try (InputStream old = new FileInputStream(file.toFile()); InputStream input = Files.newInputStream(file)) {
      old.readNBytes(10);
      input.readNBytes(10);
      try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(3);
      }
      System.out.println("FileInputStream: available " + old.available());
      System.out.println("Files.newInputStream: available " + input.available() + ", skip " + input.skip(1));
      Files.write(file, new byte[6]);
      System.out.println("after 3 more bytes: read " + old.readAllBytes().length + " and " + input.readAllBytes().length);
    }
  }
}
JAVA
expect <<'TEXT'
FileInputStream: available 0
Files.newInputStream: available -7, skip -7
after 3 more bytes: read 0 and 3
TEXT
