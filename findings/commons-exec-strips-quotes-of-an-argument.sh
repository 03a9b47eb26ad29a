#!/usr/bin/env bash
# Apache Commons Exec 1.6.0: CommandLine.addArgument(String), which takes one argument, not a command line.
# Guess: the program gets the argument as it was given; no shell is involved.
# Seen: quotes around the argument are taken away, an argument that holds double quotes gets single ones put around it, which
# the program then sees; addArgument(argument, false) passes all three unchanged.
. "$(dirname "$0")/lib.sh"
jars org.apache.commons:commons-exec:1.6.0
program <<'JAVA'
import java.io.ByteArrayOutputStream;
import org.apache.commons.exec.*;

class Program {
  public static void main(String[] args) throws Exception {
    for (String argument : new String[] {"\"x\"", "say \"hi\"", "plain"}) {
      System.out.println(argument + " -> " + run(argument, true) + ", unquoted " + run(argument, false));
    }
  }

  static String run(String argument, boolean quoting) throws Exception {
    CommandLine line = new CommandLine("printf");
    line.addArgument("%s", false);
    line.addArgument(argument, quoting);
    var output = new ByteArrayOutputStream();
    DefaultExecutor executor = DefaultExecutor.builder().get();
    executor.setStreamHandler(new PumpStreamHandler(output));
    executor.execute(line);
    return output.toString();
  }
}
JAVA
expect <<'TEXT'
"x" -> x, unquoted "x"
say "hi" -> 'say "hi"', unquoted say "hi"
plain -> plain, unquoted plain
TEXT
