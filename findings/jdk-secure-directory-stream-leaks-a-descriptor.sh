#!/usr/bin/env bash
# JDK 25: SecureDirectoryStream.newDirectoryStream on a name that is a regular file.
# Guess: NotDirectoryException, as of Files.newDirectoryStream, and nothing is left open.
# Seen: the exception, but each call leaves a descriptor open. Files.newDirectoryStream leaves none.
. "$(dirname "$0")/lib.sh"
mkdir "$work/lib"
program <<'JAVA'
import java.nio.file.*;

class Program {
  interface Opening {
    AutoCloseable open() throws Exception;
  }

  static long descriptors() throws Exception {
    try (var all = Files.list(Path.of("/proc/self/fd"))) {
      return all.count();
    }
  }

  static void count(String name, Opening opening) throws Exception {
    String thrown = "nothing";
    long before = 0;
    for (int i = 0; i <= 100; i++) {
      if (i == 1) {
        before = descriptors(); // the first call loads classes
      }
      try (var opened = opening.open()) {
      } catch (NotDirectoryException refused) {
        thrown = refused.getClass().getSimpleName();
      }
    }
    System.out.println(name + ": " + thrown + ", left open by 100 calls: " + (descriptors() - before));
  }

  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("finding");
    Path file = Files.createFile(directory.resolve("file"));
    count("Files.newDirectoryStream", () -> Files.newDirectoryStream(file));
    try (var opened = (SecureDirectoryStream<Path>) Files.newDirectoryStream(directory)) {
      count("SecureDirectoryStream.newDirectoryStream", () -> opened.newDirectoryStream(file.getFileName()));
    }
    Files.delete(file);
    Files.delete(directory);
  }
}
JAVA
expect <<'TEXT'
Files.newDirectoryStream: NotDirectoryException, left open by 100 calls: 0
SecureDirectoryStream.newDirectoryStream: NotDirectoryException, left open by 100 calls: 100
TEXT
