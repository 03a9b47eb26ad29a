#!/usr/bin/env bash
# JDK 25: Files.move of a directory with content in a zip file system.
# Guess: the content moves along; or, as the Javadoc says where entries would have to be moved, an IOException.
# Seen: the move succeeds, the target is an empty directory, and the source and its content are still there.
. "$(dirname "$0")/lib.sh"
program -Djava.io.tmpdir="$work" <<'JAVA'
import java.nio.file.*;
import java.util.Map;

class Program {
  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("finding");
    try (FileSystem zip = FileSystems.newFileSystem(directory.resolve("file.zip"), Map.of("create", "true"))) {
      show("zip", zip.getPath("/"));
    }
    show("default", directory);
  }

  static void show(String name, Path root) throws Exception {
    Path from = Files.createDirectory(root.resolve("from"));
    Files.writeString(from.resolve("file"), "content");
    Path to = root.resolve("to");
    String result = "moved";
    try {
      Files.move(from, to);
    } catch (java.io.IOException refused) {
      result = "refused";
    }
    System.out.println(
        name + ": " + result + ", to/file " + Files.exists(to.resolve("file")) + ", from " + Files.exists(from)
            + ", from/file " + Files.exists(from.resolve("file")));
  }
}
JAVA
expect <<'TEXT'
zip: moved, to/file false, from true, from/file true
default: moved, to/file true, from false, from/file false
TEXT
