#!/usr/bin/env bash
# zt-exec 1.12: the lines of a command's output.
# Guess: getLines() has one element for each line, as String.lines() has.
# Seen: empty lines are missing, so line numbers are wrong; getLinesAsUTF8() and a LogOutputStream lose them too.
. "$(dirname "$0")/lib.sh"
jars org.zeroturnaround:zt-exec:1.12 org.slf4j:slf4j-nop:2.0.17
program <<'JAVA'
import java.util.ArrayList;
import java.util.List;
import org.zeroturnaround.exec.ProcessExecutor;
import org.zeroturnaround.exec.ProcessOutput;
import org.zeroturnaround.exec.stream.LogOutputStream;

class Program {
  public static void main(String[] args) throws Exception {
    List<String> handled = new ArrayList<>();
    ProcessOutput output =
        new ProcessExecutor("printf", "first\\n\\nthird\\n")
            .readOutput(true)
            .redirectOutputAlsoTo(
                new LogOutputStream() {
                  @Override
                  protected void processLine(String line) {
                    handled.add(line);
                  }
                })
            .execute()
            .getOutput();
    System.out.println("String.lines: " + output.getUTF8().lines().toList());
    System.out.println("getLines: " + output.getLines());
    System.out.println("getLinesAsUTF8: " + output.getLinesAsUTF8());
    System.out.println("LogOutputStream: " + handled);
  }
}
JAVA
expect <<'TEXT'
String.lines: [first, , third]
getLines: [first, third]
getLinesAsUTF8: [first, third]
LogOutputStream: [first, third]
TEXT
