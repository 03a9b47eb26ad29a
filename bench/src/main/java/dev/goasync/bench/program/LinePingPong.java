package dev.goasync.bench.program;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.goasync.file.AsyncFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;

/**
 * Sends short lines back and forth through two pipes, between two coroutines or two virtual
 * threads.
 */
public final class LinePingPong {
  private static final String LAST = "last";

  private LinePingPong() {}

  /** Both ends of the two pipes. */
  private record Talk(Lines there, Lines back) {}

  /** Lines from a writer to a reader. */
  private interface Lines {
    void write(String line) throws IOException;

    String read() throws IOException;
  }

  /** Arguments: the peer, the case, and the milliseconds to measure. */
  public static void main(String[] args) throws Exception {
    Crew crew = Crew.of(args[0]);
    boolean ours = args[0].equals("goasync");
    Talk talk =
        ours
            ? new Talk(of(Fifo.open()), of(Fifo.open()))
            : new Talk(of(Pipe.open()), of(Pipe.open()));
    long milliseconds = Long.parseLong(args[2]);
    var _ = run(crew, talk, milliseconds); // warms up the JIT
    Usage before = Usage.now();
    Usage.print(args[1], run(crew, talk, milliseconds), before);
    Runtime.getRuntime().halt(0);
  }

  private static Lines of(Fifo fifo) {
    AsyncFile reader = fifo.reader();
    AsyncFile writer = fifo.writer();
    return new Lines() {
      @Override
      public void write(String line) throws IOException {
        writer.writeAll(line);
      }

      @Override
      public String read() throws IOException {
        return String.valueOf(reader.readLine());
      }
    };
  }

  private static Lines of(Pipe pipe) {
    BufferedReader reader = new BufferedReader(Channels.newReader(pipe.source(), US_ASCII));
    return new Lines() {
      @Override
      public void write(String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(US_ASCII));
        while (bytes.hasRemaining()) {
          pipe.sink().write(bytes);
        }
      }

      @Override
      public String read() throws IOException {
        return String.valueOf(reader.readLine());
      }
    };
  }

  /** Returns the number of lines that came back. */
  private static long run(Crew crew, Talk talk, long milliseconds) throws Exception {
    long until = System.nanoTime() + milliseconds * 1_000_000;
    Crew.Ending pong = crew.start(() -> answer(talk));
    Crew.Ending ping = crew.start(() -> ask(talk, until));
    long answered = pong.await();
    long asked = ping.await();
    if (asked != answered) {
      throw new AssertionError(asked + " lines sent and " + answered + " echoed");
    }
    return asked;
  }

  private static long ask(Talk talk, long until) throws IOException {
    long count = 0;
    for (; System.nanoTime() - until < 0; count++) {
      String line = "line " + count;
      talk.there().write(line + "\n");
      String answer = talk.back().read();
      if (!answer.equals(line)) {
        throw new AssertionError(line + " came back as " + answer);
      }
    }
    talk.there().write(LAST + "\n");
    return count;
  }

  private static long answer(Talk talk) throws IOException {
    long count = 0;
    for (String line = talk.there().read(); !line.equals(LAST); line = talk.there().read()) {
      talk.back().write(line + "\n");
      count++;
    }
    return count;
  }
}
