#!/usr/bin/env bash
# Okio's FakeFileSystem 3.16.0, emulating Unix: createDirectory where a file is.
# Guess: an IOException, as on the real file system.
# Seen: the file and its content are gone and a directory is there.
. "$(dirname "$0")/lib.sh"
jars com.squareup.okio:okio-fakefilesystem-jvm:3.16.0
program <<'JAVA'
import java.io.IOException;
import okio.*;
import okio.fakefilesystem.FakeFileSystem;

class Program {
  public static void main(String[] args) throws Exception {
    var fake = new FakeFileSystem();
    fake.emulateUnix();
    show("fake", fake, Path.get("/file"));
    show("system", FileSystem.SYSTEM, Path.get(java.nio.file.Files.createTempFile("finding", "").toString()));
  }

  static void show(String name, FileSystem files, Path file) throws Exception {
    files.sink(file, false).close();
    String result = "created";
    try {
      files.createDirectory(file, false);
    } catch (IOException refused) {
      result = "refused";
    }
    System.out.println(name + ": " + result + ", regular file " + files.metadata(file).isRegularFile());
  }
}
JAVA
expect <<'TEXT'
fake: created, regular file false
system: refused, regular file true
TEXT
