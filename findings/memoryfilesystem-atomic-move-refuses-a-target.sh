#!/usr/bin/env bash
# memoryfilesystem 2.8.1, newLinux(): Files.move(source, target, ATOMIC_MOVE) onto a file that exists.
# Guess: the target is replaced, as rename(2) does on Linux; the JDK leaves it to the implementation.
# Seen: FileAlreadyExistsException, so the usual "write beside, then rename over" fails in tests on the file system that says it
# is Linux's. REPLACE_EXISTING beside ATOMIC_MOVE makes it work there and is ignored by the JDK.
. "$(dirname "$0")/lib.sh"
jars com.github.marschall:memoryfilesystem:2.8.1
program <<'JAVA'
import com.github.marschall.memoryfilesystem.MemoryFileSystemBuilder;
import java.nio.file.*;
import static java.nio.file.StandardCopyOption.*;

class Program {
  public static void main(String[] args) throws Exception {
    try (FileSystem memory = MemoryFileSystemBuilder.newLinux().build()) {
      show("memoryfilesystem", Files.createDirectory(memory.getPath("/d")));
      show("default", Files.createTempDirectory("finding"));
    }
  }

  static void show(String name, Path directory) throws Exception {
    System.out.println(name + ": " + move(directory, ATOMIC_MOVE) + ", with REPLACE_EXISTING "
        + move(directory, ATOMIC_MOVE, REPLACE_EXISTING));
  }

  static String move(Path directory, CopyOption... options) throws Exception {
    Path fresh = Files.writeString(directory.resolve("fresh"), "new");
    Path target = Files.writeString(directory.resolve("target"), "old");
    try {
      Files.move(fresh, target, options);
    } catch (FileSystemException refused) {
      return refused.getClass().getSimpleName();
    }
    return Files.readString(target);
  }
}
JAVA
expect <<'TEXT'
memoryfilesystem: FileAlreadyExistsException, with REPLACE_EXISTING new
default: new, with REPLACE_EXISTING new
TEXT
