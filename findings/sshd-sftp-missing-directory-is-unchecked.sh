#!/usr/bin/env bash
# Apache MINA SSHD 2.20.0, SFTP file system: the exceptions of a missing directory and of a file that exists.
# Guess: NoSuchFileException and FileAlreadyExistsException, as from Files.size and Files.createDirectory of the same file system.
# Seen: the listing throws UncheckedIOException, which a handler of IOException does not catch; CREATE_NEW, as for a lock
# file, throws SftpException, whose type is that of every other refusal of the server.
. "$(dirname "$0")/lib.sh"
jars org.apache.sshd:sshd-sftp:2.20.0 org.slf4j:slf4j-nop:1.7.36
cp "$(dirname "$0")/SftpCase.java" "$work"
program -Djava.io.tmpdir="$work" <<'JAVA'
import java.nio.file.*;
import java.util.concurrent.Callable;

class Program {
  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("finding");
    Path remote = SftpCase.open(directory).getPath("/");
    Files.createDirectory(directory.resolve("directory"));
    Files.createFile(directory.resolve("file"));
    for (Path root : new Path[] {directory, remote}) {
      String name = root == remote ? "SFTP" : "default";
      show(name + ", size of a missing file", () -> Files.size(root.resolve("missing")));
      show(name + ", list of a missing directory", () -> Files.list(root.resolve("missing")));
      show(name + ", list of a file", () -> Files.newDirectoryStream(root.resolve("file")));
      show(name + ", createDirectory", () -> Files.createDirectory(root.resolve("directory")));
      show(name + ", createFile", () -> Files.createFile(root.resolve("file")));
    }
    System.exit(0);
  }

  static void show(String name, Callable<?> code) {
    String result = "returned";
    try {
      code.call();
    } catch (Exception thrown) {
      result = thrown.getClass().getSimpleName();
    }
    System.out.println(name + ": " + result);
  }
}
JAVA
expect <<'TEXT'
default, size of a missing file: NoSuchFileException
default, list of a missing directory: NoSuchFileException
default, list of a file: NotDirectoryException
default, createDirectory: FileAlreadyExistsException
default, createFile: FileAlreadyExistsException
SFTP, size of a missing file: NoSuchFileException
SFTP, list of a missing directory: UncheckedIOException
SFTP, list of a file: UncheckedIOException
SFTP, createDirectory: FileAlreadyExistsException
SFTP, createFile: SftpException
TEXT
