#!/usr/bin/env bash
# Okio 3.16.0: FileSystem.copy(file, file), source and target the same path.
# Guess: nothing happens, as Files.copy of the JDK treats it, or an exception.
# Seen: on the real file system the file is empty afterwards, as the target is truncated before the source is read; on Okio's
# FakeFileSystem, emulating Unix, it keeps its text, so a test does not show the loss (without that emulation the copy is refused).
. "$(dirname "$0")/lib.sh"
jars com.squareup.okio:okio-fakefilesystem-jvm:3.16.0
program <<'JAVA'
import okio.*;
import okio.fakefilesystem.FakeFileSystem;

class Program {
  public static void main(String[] args) throws Exception {
    show("system", FileSystem.SYSTEM, Path.get(java.nio.file.Files.createTempFile("finding", "").toString()));
    var fake = new FakeFileSystem();
    fake.emulateUnix();
    show("fake", fake, Path.get("/file"));
  }

  static void show(String name, FileSystem files, Path file) throws Exception {
    try (BufferedSink sink = Okio.buffer(files.sink(file, false))) {
      sink.writeUtf8("text");
    }
    files.copy(file, file);
    try (BufferedSource source = Okio.buffer(files.source(file))) {
      System.out.println(name + ": [" + source.readUtf8() + "]");
    }
  }
}
JAVA
expect <<'TEXT'
system: []
fake: [text]
TEXT
