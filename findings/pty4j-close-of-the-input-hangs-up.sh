#!/usr/bin/env bash
# pty4j 0.13.4: the close of a program's standard input, while the program still has something to print.
# Guess: the program reads the end of its input, as it does behind ProcessBuilder, and its output can be read to the end.
# Seen: the terminal hangs up: the program ends by SIGHUP (exit code 129) and nothing more can be read. The character of the
# end of a file (Ctrl-D), written before, gives the whole output.
. "$(dirname "$0")/lib.sh"
jars org.jetbrains.pty4j:pty4j:0.13.4 org.slf4j:slf4j-nop:2.0.17
program --enable-native-access=ALL-UNNAMED <<'JAVA'
import com.pty4j.PtyProcessBuilder;
import java.io.InputStream;

class Program {
  static final String[] SORT = {"sh", "-c", "stty -echo 2>/dev/null; echo ready; exec sort"};

  static void sort(String name, Process process, String input, boolean close) throws Exception {
    InputStream output = process.getInputStream();
    while (output.read() != '\n') {
      // up to the end of "ready"
    }
    process.getOutputStream().write(input.getBytes());
    process.getOutputStream().flush();
    if (close) {
      process.getOutputStream().close();
    }
    String sorted = new String(output.readAllBytes()).strip().replaceAll("\\s+", " ");
    System.out.println(name + ": '" + sorted + "', exit code " + process.waitFor());
  }

  public static void main(String[] args) throws Exception {
    sort("ProcessBuilder, close", new ProcessBuilder(SORT).start(), "b\na\n", true);
    sort("pty4j, close", new PtyProcessBuilder(SORT).start(), "b\na\n", true);
    sort("pty4j, Ctrl-D", new PtyProcessBuilder(SORT).start(), "b\na\n\4", false);
    System.exit(0);
  }
}
JAVA
expect <<'TEXT'
ProcessBuilder, close: 'a b', exit code 0
pty4j, close: '', exit code 129
pty4j, Ctrl-D: 'a b', exit code 0
TEXT
