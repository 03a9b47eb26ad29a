#!/usr/bin/env bash
# JLine 4.5.0: a word and what `tput sgr0` prints after it to end its colours, for the terminals xterm and linux.
# Guess: AttributedString.stripAnsi leaves the word, and columnLength is its width on the screen, 4.
# Seen: the selections of the character set, ESC ( B and SI, stay in the text; an escape and a control character have the
# width -1, so columnLength is 5 and 3.
. "$(dirname "$0")/lib.sh"
jars org.jline:jline:4.5.0
program <<'JAVA'
import org.jline.utils.AttributedString;

class Program {
  public static void main(String[] args) {
    show("xterm", "bold\033(B\033[m");
    show("linux", "bold\033[m\017");
  }

  static void show(String terminal, String text) {
    String stripped = AttributedString.stripAnsi(text).replace("\033", "<ESC>").replace("\017", "<SI>");
    System.out.println(terminal + ": " + stripped + ", columns " + AttributedString.fromAnsi(text).columnLength());
  }
}
JAVA
expect <<'TEXT'
xterm: bold<ESC>(B, columns 5
linux: bold<SI>, columns 3
TEXT
