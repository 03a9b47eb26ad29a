package dev.goasync.process;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The source of a process's standard input, or the destination of its standard output or error.
 * Immutable.
 *
 * <pre>{@code
 * Path words = Path.of("words.txt");
 * Path sorted = Path.of("sorted.txt");
 * Command.of("sort").stdin(Redirect.from(words)).stdout(Redirect.to(sorted)).run();
 * }</pre>
 */
public abstract sealed class Redirect {
  /** The same stream as this program's own. */
  public static final Redirect INHERIT = new Plain("INHERIT");

  /** The null device: input is at its end at once, output is dropped. */
  public static final Redirect DISCARD = new Plain("DISCARD");

  /**
   * A pipe between the process and this program, for {@link Command#start}; {@link AsyncProcess}
   * has the stream at this program's end. The process blocks when its output is not read and the
   * pipe is full.
   */
  public static final Redirect PIPE = new Plain("PIPE");

  /** Keeps the output for the result of {@link Command#run}. Output only. */
  public static final Redirect CAPTURE = new Plain("CAPTURE");

  private final String name;

  private Redirect(String name) {
    this.name = name;
  }

  /**
   * Keeps the output for the result of {@link Command#run}, and also writes it to {@code copy}, on
   * a thread that may block. Output only.
   */
  public static Redirect tee(OutputStream copy) {
    return new Tee(Objects.requireNonNull(copy, "copy"));
  }

  /** Reads from a file. Input only. */
  public static Redirect from(Path file) {
    return new FromFile(Objects.requireNonNull(file, "file"));
  }

  /**
   * Writes to a file, which is created if it does not exist and truncated if it does. Output only.
   */
  public static Redirect to(Path file) {
    return new ToFile(Objects.requireNonNull(file, "file"), false);
  }

  /** Appends to a file, which is created if it does not exist. Output only. */
  public static Redirect appendTo(Path file) {
    return new ToFile(Objects.requireNonNull(file, "file"), true);
  }

  /**
   * Reads the output of another process, which must have been started with a {@linkplain
   * AsyncProcess#stdout pipe} as standard output. The new process takes over this program's end of
   * that pipe, which is closed here. Input only. A {@link Pipeline} connects all its commands so.
   */
  public static Redirect from(AsyncProcess process) {
    return new FromProcess(Objects.requireNonNull(process, "process"));
  }

  /**
   * Writes to the input of another process, which must have been started with a {@linkplain
   * AsyncProcess#stdin pipe} as standard input. The new process takes over this program's end of
   * that pipe, which is closed here. Output only.
   */
  public static Redirect to(AsyncProcess process) {
    return new ToProcess(Objects.requireNonNull(process, "process"));
  }

  /** Feeds bytes to the process and then closes its input. For {@link Command#run} only. */
  public static Redirect of(byte[] bytes) {
    return new Bytes(bytes.clone());
  }

  /** Feeds text in UTF-8 and then closes its input. For {@link Command#run} only. */
  public static Redirect of(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return name;
  }

  /** One of the constants. */
  static final class Plain extends Redirect {
    private Plain(String name) {
      super(name);
    }
  }

  static final class Tee extends Redirect {
    final OutputStream copy;

    private Tee(OutputStream copy) {
      super("tee");
      this.copy = copy;
    }
  }

  static final class FromFile extends Redirect {
    final Path file;

    private FromFile(Path file) {
      super("from " + file);
      this.file = file;
    }
  }

  static final class ToFile extends Redirect {
    final Path file;
    final boolean append;

    private ToFile(Path file, boolean append) {
      super((append ? "appended to " : "to ") + file);
      this.file = file;
      this.append = append;
    }
  }

  static final class FromProcess extends Redirect {
    final AsyncProcess process;

    private FromProcess(AsyncProcess process) {
      super("from " + process);
      this.process = process;
    }
  }

  static final class ToProcess extends Redirect {
    final AsyncProcess process;

    private ToProcess(AsyncProcess process) {
      super("to " + process);
      this.process = process;
    }
  }

  static final class Bytes extends Redirect {
    final byte[] bytes;

    private Bytes(byte[] bytes) {
      super(bytes.length + " bytes");
      this.bytes = bytes;
    }
  }
}
