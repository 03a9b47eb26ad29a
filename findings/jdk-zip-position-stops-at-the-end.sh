#!/usr/bin/env bash
# JDK 25: the position of a channel of a file in a zip file system, set beyond the end.
# Guess: as the Javadoc of SeekableByteChannel says: it is legal, and a write there grows the file to reach it.
# Seen: the position becomes the end of the file, so the bytes are written at another place than asked for; a FileChannel of
# the same file does as the Javadoc says.
. "$(dirname "$0")/lib.sh"
program -Djava.io.tmpdir="$work" <<'JAVA'
import static java.nio.file.StandardOpenOption.*;

import java.nio.ByteBuffer;
import java.nio.channels.*;
import java.nio.file.*;
import java.util.Map;

class Program {
  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("finding");
    try (FileSystem zip = FileSystems.newFileSystem(directory.resolve("file.zip"), Map.of("create", "true"))) {
      show("zip", Files.newByteChannel(zip.getPath("/file"), CREATE, WRITE));
      show("zip, FileChannel", FileChannel.open(zip.getPath("/other"), CREATE, WRITE));
    }
    show("default", Files.newByteChannel(directory.resolve("file"), CREATE, WRITE));
  }

  static void show(String name, SeekableByteChannel opened) throws Exception {
    try (SeekableByteChannel channel = opened) {
      channel.write(ByteBuffer.allocate(3));
      channel.position(10);
      long position = channel.position();
      channel.write(ByteBuffer.allocate(1));
      System.out.println(name + ": position " + position + ", size " + channel.size());
    }
  }
}
JAVA
expect <<'TEXT'
zip: position 3, size 4
zip, FileChannel: position 10, size 11
default: position 10, size 11
TEXT
