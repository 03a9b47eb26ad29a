#!/usr/bin/env bash
# Okio 3.16.0, JDK 25: createDirectories where a regular file is.
# Guess: an IOException, as from Files.createDirectories, and as from Okio where the file is a parent of the path.
# Seen: Okio returns as if the directory were there; the first file that is created below it fails.
. "$(dirname "$0")/lib.sh"
jars com.squareup.okio:okio-fakefilesystem-jvm:3.16.0
program -Djava.io.tmpdir="$work" <<'JAVA'
import java.io.IOException;
import java.nio.file.Files;
import okio.*;
import okio.fakefilesystem.FakeFileSystem;

class Program {
  interface Operation {
    void run() throws IOException;
  }

  static void show(String name, Operation operation) {
    String result = "returned";
    try {
      operation.run();
    } catch (IOException thrown) {
      result = "threw";
    }
    System.out.println(name + ": " + result);
  }

  public static void main(String[] args) throws Exception {
    java.nio.file.Path file = Files.createTempFile("finding", "");
    show("JDK", () -> Files.createDirectories(file));
    Path path = Path.get(file.toString());
    show("Okio", () -> FileSystem.SYSTEM.createDirectories(path));
    show("Okio, mustCreate", () -> FileSystem.SYSTEM.createDirectories(path, true));
    show("Okio, below the file", () -> FileSystem.SYSTEM.createDirectories(path.resolve("directory")));
    var fake = new FakeFileSystem();
    fake.sink(Path.get("/file"), false).close();
    show("Okio, fake", () -> fake.createDirectories(Path.get("/file")));
    System.out.println("a directory: " + Files.isDirectory(file));
  }
}
JAVA
expect <<'TEXT'
JDK: threw
Okio: returned
Okio, mustCreate: threw
Okio, below the file: threw
Okio, fake: returned
a directory: false
TEXT
