#!/usr/bin/env bash
# jimfs 1.3.2: Files.move with ATOMIC_MOVE of a file onto an empty directory.
# Guess: an exception, as rename(2) gives EISDIR and the default file system a FileSystemException.
# Seen: the directory is replaced by the file.
. "$(dirname "$0")/lib.sh"
jars com.google.jimfs:jimfs:1.3.2
program <<'JAVA'
import com.google.common.jimfs.*;
import java.nio.file.*;

class Program {
  public static void main(String[] args) throws Exception {
    try (FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix())) {
      show("jimfs", jimfs.getPath("").toAbsolutePath());
      show("default", Files.createTempDirectory("finding"));
    }
  }

  static void show(String name, Path parent) throws Exception {
    Path file = Files.writeString(parent.resolve("file"), "text");
    Path directory = Files.createDirectory(parent.resolve("directory"));
    String result;
    try {
      Files.move(file, directory, StandardCopyOption.ATOMIC_MOVE);
      result = "moved";
    } catch (FileSystemException refused) {
      result = refused.getReason();
    }
    System.out.println(name + ": " + result + ", still a directory: " + Files.isDirectory(directory));
  }
}
JAVA
expect <<'TEXT'
jimfs: moved, still a directory: false
default: Is a directory, still a directory: true
TEXT
