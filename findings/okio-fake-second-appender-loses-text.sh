#!/usr/bin/env bash
# Okio's FakeFileSystem 3.16.0, emulating Unix: two appending sinks of one file, as two log writers have.
# Guess: both texts are there in the order of the flushes (O_APPEND), as on the real file system.
# Seen: each sink keeps a copy of its own and the one closed last wins; the other's text is lost without an error.
. "$(dirname "$0")/lib.sh"
jars com.squareup.okio:okio-fakefilesystem-jvm:3.16.0
program <<'JAVA'
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
    BufferedSink first = Okio.buffer(files.appendingSink(file, false));
    BufferedSink second = Okio.buffer(files.appendingSink(file, false));
    first.writeUtf8("a").flush();
    second.writeUtf8("b").flush();
    first.writeUtf8("c").close();
    second.close();
    try (BufferedSource source = Okio.buffer(files.source(file))) {
      System.out.println(name + ": " + source.readUtf8());
    }
  }
}
JAVA
expect <<'TEXT'
fake: b
system: abc
TEXT
