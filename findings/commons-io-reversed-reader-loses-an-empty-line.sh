#!/usr/bin/env bash
# Commons IO 2.22.0: ReversedLinesFileReader, and a file whose last line has no line end.
# Guess: the lines of Files.readAllLines in reverse order.
# Seen: the last empty line is missing, wherever it is in the file. With a line end after the last line all are there.
. "$(dirname "$0")/lib.sh"
jars commons-io:commons-io:2.22.0
program -Djava.io.tmpdir="$work" <<'JAVA'
import java.nio.file.*;
import java.util.*;
import org.apache.commons.io.input.ReversedLinesFileReader;

class Program {
  public static void main(String[] args) throws Exception {
    Path file = Files.createTempFile("finding", "");
    for (String text : List.of("a\n\nb\n", "a\n\nb", "\nb", "a\n\n\nb")) {
      Files.writeString(file, text);
      List<String> reversed = new ArrayList<>();
      try (var reader = ReversedLinesFileReader.builder().setPath(file).get()) {
        for (String line; (line = reader.readLine()) != null; ) {
          reversed.add(line);
        }
      }
      System.out.println(
          text.replace("\n", "/") + " forward " + Files.readAllLines(file) + ", reversed " + reversed);
    }
  }
}
JAVA
expect <<'TEXT'
a//b/ forward [a, , b], reversed [b, , a]
a//b forward [a, , b], reversed [b, a]
/b forward [, b], reversed [b]
a///b forward [a, , , b], reversed [b, , a]
TEXT
