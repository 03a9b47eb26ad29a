#!/usr/bin/env bash
# JLine 4.5.0: the writer of a NonBlockingPumpReader is closed before all text was read.
# Guess: the reader returns the text that is left, then -1, as java.io.PipedReader and JLine's PumpReader do.
# Seen: the next read throws ClosedException and the text is lost; the same pump for bytes returns all of it.
. "$(dirname "$0")/lib.sh"
jars org.jline:jline:4.5.0
program <<'JAVA'
import java.io.*;
import org.jline.utils.*;

class Program {
  interface Source {
    int read() throws IOException;
  }

  public static void main(String[] args) throws Exception {
    var piped = new PipedReader();
    try (var writer = new PipedWriter(piped)) {
      writer.write("text");
    }
    show("PipedReader", piped::read);
    var pump = new PumpReader();
    try (var writer = pump.getWriter()) {
      writer.write("text");
    }
    show("PumpReader", pump::read);
    var stream = NonBlocking.nonBlockingPumpInputStream();
    try (var output = stream.getOutputStream()) {
      output.write("text".getBytes());
    }
    show("NonBlockingPumpInputStream", () -> stream.read(20_000));
    var reader = NonBlocking.nonBlockingPumpReader();
    try (var writer = reader.getWriter()) {
      writer.write("text");
    }
    show("NonBlockingPumpReader", () -> reader.read(20_000));
  }

  static void show(String name, Source source) {
    StringBuilder text = new StringBuilder();
    try {
      for (int read; (read = source.read()) >= 0; ) {
        text.append((char) read);
      }
      text.append(", then the end");
    } catch (IOException thrown) {
      text.append(", then ").append(thrown.getClass().getSimpleName());
    }
    System.out.println(name + ": " + text);
  }
}
JAVA
expect <<'TEXT'
PipedReader: text, then the end
PumpReader: text, then the end
NonBlockingPumpInputStream: text, then the end
NonBlockingPumpReader: , then ClosedException
TEXT
