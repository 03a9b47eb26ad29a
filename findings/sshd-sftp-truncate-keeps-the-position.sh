#!/usr/bin/env bash
# Apache MINA SSHD 2.20.0, SFTP file system: truncate and transferTo of a FileChannel.
# Guess: as the Javadoc of FileChannel says: truncate moves a position beyond the new size to it, and transferTo from beyond
# the end returns 0.
# Seen: the position stays, so the next write leaves a gap of zeros; transferTo returns -1, which a sum of the transferred
# bytes counts backwards.
. "$(dirname "$0")/lib.sh"
jars org.apache.sshd:sshd-sftp:2.20.0 org.slf4j:slf4j-nop:1.7.36
cp "$(dirname "$0")/SftpCase.java" "$work"
program -Djava.io.tmpdir="$work" <<'JAVA'
import static java.nio.file.StandardOpenOption.*;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.*;
import java.nio.file.*;
import java.util.Arrays;

class Program {
  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("finding");
    show("default", directory.resolve("file"));
    show("SFTP", SftpCase.open(directory).getPath("/file"));
    System.exit(0);
  }

  static void show(String name, Path file) throws Exception {
    Files.writeString(file, "hello");
    try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
      System.out.println(
          name + ": transferTo from beyond the end " + channel.transferTo(10, 1, Channels.newChannel(OutputStream.nullOutputStream())));
      channel.position(4);
      channel.truncate(2);
      long position = channel.position();
      channel.write(ByteBuffer.wrap(new byte[] {'!'}));
      System.out.println(
          name + ": position after truncate " + position + ", after a write " + Arrays.toString(Files.readAllBytes(file)));
    }
  }
}
JAVA
expect <<'TEXT'
default: transferTo from beyond the end 0
default: position after truncate 2, after a write [104, 101, 33]
SFTP: transferTo from beyond the end -1
SFTP: position after truncate 4, after a write [104, 101, 0, 0, 33]
TEXT
