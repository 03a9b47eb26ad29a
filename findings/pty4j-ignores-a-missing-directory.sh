#!/usr/bin/env bash
# pty4j 0.13.4: the directory in which a program starts, if it does not exist or is a file.
# Guess: start() throws an IOException, as ProcessBuilder.start() does.
# Seen: the program runs, in the directory of the caller.
. "$(dirname "$0")/lib.sh"
jars org.jetbrains.pty4j:pty4j:0.13.4 org.slf4j:slf4j-nop:2.0.17
program --enable-native-access=ALL-UNNAMED <<'JAVA'
import com.pty4j.PtyProcessBuilder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class Program {
  interface Starting {
    Process in(String directory) throws IOException;
  }

  static String run(Starting starting, Path directory) throws Exception {
    try {
      Process process = starting.in(directory.toString());
      String printed = new String(process.getInputStream().readAllBytes()).strip();
      String here = Path.of("").toRealPath().toString();
      return (printed.equals(here) ? "runs in the caller's directory" : "runs in another directory")
          + ", exit code "
          + process.waitFor();
    } catch (IOException refused) {
      return refused.getClass().getSimpleName();
    }
  }

  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("finding");
    Path file = Files.createFile(directory.resolve("file"));
    Path missing = directory.resolve("missing");
    Starting jdk = name -> new ProcessBuilder("pwd").directory(new File(name)).start();
    Starting pty4j = name -> new PtyProcessBuilder(new String[] {"pwd"}).setDirectory(name).start();
    System.out.println("ProcessBuilder, a directory: " + run(jdk, directory));
    System.out.println("ProcessBuilder, missing: " + run(jdk, missing));
    System.out.println("ProcessBuilder, a file: " + run(jdk, file));
    System.out.println("pty4j, a directory: " + run(pty4j, directory));
    System.out.println("pty4j, missing: " + run(pty4j, missing));
    System.out.println("pty4j, a file: " + run(pty4j, file));
    Files.delete(file);
    Files.delete(directory);
    System.exit(0);
  }
}
JAVA
expect <<'TEXT'
ProcessBuilder, a directory: runs in another directory, exit code 0
ProcessBuilder, missing: IOException
ProcessBuilder, a file: IOException
pty4j, a directory: runs in another directory, exit code 0
pty4j, missing: runs in the caller's directory, exit code 0
pty4j, a file: runs in the caller's directory, exit code 0
TEXT
