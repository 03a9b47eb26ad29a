#!/usr/bin/env bash
# Commons IO 2.22.0: a FileAlterationObserver checks after a file was replaced by a directory of the same name, and again after
# the directory was replaced by a file.
# Guess: a file was deleted and a directory created; then the reverse.
# Seen: a directory was changed that was never created, then a file was changed: a listener that keeps a list has the wrong kind.
. "$(dirname "$0")/lib.sh"
jars commons-io:commons-io:2.22.0
program -Djava.io.tmpdir="$work" <<'JAVA'
import java.io.File;
import java.nio.file.*;
import java.util.*;
import org.apache.commons.io.monitor.*;

class Program {
  public static void main(String[] args) throws Exception {
    Path root = Files.createTempDirectory("finding");
    Path name = Files.createFile(root.resolve("name"));
    List<String> events = new ArrayList<>();
    var observer = FileAlterationObserver.builder().setPath(root).get();
    observer.addListener(
        new FileAlterationListenerAdaptor() {
          @Override
          public void onDirectoryCreate(File directory) {
            events.add("directory created");
          }

          @Override
          public void onDirectoryChange(File directory) {
            events.add("directory changed");
          }

          @Override
          public void onDirectoryDelete(File directory) {
            events.add("directory deleted");
          }

          @Override
          public void onFileCreate(File file) {
            events.add("file created");
          }

          @Override
          public void onFileChange(File file) {
            events.add("file changed");
          }

          @Override
          public void onFileDelete(File file) {
            events.add("file deleted");
          }
        });
    observer.initialize();
    Files.delete(name);
    Files.createDirectory(name);
    check("file to directory", observer, events);
    Files.delete(name);
    Files.writeString(name, "text");
    check("directory to file", observer, events);
    Files.delete(name);
    check("deleted", observer, events);
  }

  static void check(String name, FileAlterationObserver observer, List<String> events) {
    observer.checkAndNotify();
    System.out.println(name + ": " + events);
    events.clear();
  }
}
JAVA
expect <<'TEXT'
file to directory: [directory changed]
directory to file: [file changed]
deleted: [file deleted]
TEXT
