#!/usr/bin/env bash
# Apache MINA SSHD 2.20.0, SFTP file system: Files.copy and Files.move of a file onto itself with REPLACE_EXISTING.
# Guess: as the Javadoc of both says, nothing happens if source and target are the same file.
# Seen: the file is deleted as the existing target, then the source is not found, and an exception is thrown: the file is lost.
. "$(dirname "$0")/lib.sh"
jars org.apache.sshd:sshd-sftp:2.20.0 org.slf4j:slf4j-nop:1.7.36
cp "$(dirname "$0")/SftpCase.java" "$work"
program -Djava.io.tmpdir="$work" <<'JAVA'
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.*;

class Program {
  interface Operation {
    void on(Path file) throws IOException;
  }

  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("finding");
    Path remote = SftpCase.open(directory).getPath("/");
    for (Path root : new Path[] {directory, remote}) {
      String name = root == remote ? "SFTP" : "default";
      show(name + ", copy", root.resolve("file"), file -> Files.copy(file, file, REPLACE_EXISTING));
      show(name + ", move", root.resolve("file"), file -> Files.move(file, file, REPLACE_EXISTING));
    }
    System.exit(0);
  }

  static void show(String name, Path file, Operation operation) throws IOException {
    Files.writeString(file, "content");
    String result = "returned";
    try {
      operation.on(file);
    } catch (IOException thrown) {
      result = "threw";
    }
    System.out.println(name + ": " + result + ", file exists " + Files.exists(file));
  }
}
JAVA
expect <<'TEXT'
default, copy: returned, file exists true
default, move: returned, file exists true
SFTP, copy: threw, file exists false
SFTP, move: threw, file exists false
TEXT
