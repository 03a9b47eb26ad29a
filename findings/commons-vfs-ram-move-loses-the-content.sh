#!/usr/bin/env bash
# Commons VFS 2.10.0: moveTo of a directory with content in the ram file system.
# Guess: as with local files: the content moves along.
# Seen: the new directory is empty, and nothing below the root has the content any more.
. "$(dirname "$0")/lib.sh"
jars org.apache.commons:commons-vfs2:2.10.0
program -Djava.io.tmpdir="$work" <<'JAVA'
import java.nio.file.Files;
import java.util.*;
import org.apache.commons.vfs2.*;
import org.apache.commons.vfs2.impl.StandardFileSystemManager;

class Program {
  public static void main(String[] args) throws Exception {
    try (var manager = new StandardFileSystemManager()) {
      manager.init();
      show("local", manager.resolveFile(Files.createTempDirectory("finding").toUri()));
      show("ram", manager.resolveFile("ram:///root"));
    }
  }

  static void show(String name, FileObject root) throws Exception {
    FileObject from = root.resolveFile("from");
    for (String file : List.of("a", "sub/b")) {
      try (var output = from.resolveFile(file).getContent().getOutputStream()) {
        output.write(1);
      }
    }
    System.out.println(name + ", before: " + tree(root));
    from.moveTo(root.resolveFile("to"));
    System.out.println(name + ", after: " + tree(root));
  }

  static Set<String> tree(FileObject root) throws Exception {
    Set<String> names = new TreeSet<>();
    for (FileObject found : root.findFiles(Selectors.EXCLUDE_SELF)) {
      names.add(root.getName().getRelativeName(found.getName()));
    }
    return names;
  }
}
JAVA
expect <<'TEXT'
local, before: [from, from/a, from/sub, from/sub/b]
local, after: [to, to/a, to/sub, to/sub/b]
ram, before: [from, from/a, from/sub, from/sub/b]
ram, after: [to]
TEXT
