package dev.goasync.process;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What a process's standard input, output or error is. Immutable.
 *
 * <pre>{@code
 * Command.of("sort").stdin(Redirect.from(words)).stdout(Redirect.to(sorted)).run();
 * }</pre>
 */
public abstract sealed class Redirect {
  /** This program's own. */
  public static final Redirect INHERIT = new Plain("INHERIT");

  /** Nothing: as input an end at once, as output a hole. */
  public static final Redirect DISCARD = new Plain("DISCARD");

  /**
   * A pipe to us; for {@link Command#start}, whose process has our end of it as a stream. Somebody
   * must read what comes out of it, or the process stands still when the pipe is full.
   */
  public static final Redirect PIPE = new Plain("PIPE");

  /** Kept for the result of {@link Command#run}. Output only. */
  public static final Redirect CAPTURE = new Plain("CAPTURE");

  private final String name;

  private Redirect(String name) {
    this.name = name;
  }

  /** Kept for the result of {@link Command#run}, and also written to {@code shown}. Output only. */
  public static Redirect tee(OutputStream shown) {
    return new Tee(Objects.requireNonNull(shown, "shown"));
  }

  /** What is in a file. Input only. */
  public static Redirect from(Path file) {
    return new FromFile(Objects.requireNonNull(file, "file"));
  }

  /** A file, which is made if there is none, and else loses what is in it. Output only. */
  public static Redirect to(Path file) {
    return new ToFile(Objects.requireNonNull(file, "file"), false);
  }

  /** The end of a file, which is made if there is none. Output only. */
  public static Redirect appendTo(Path file) {
    return new ToFile(Objects.requireNonNull(file, "file"), true);
  }

  /**
   * What another process writes to its {@linkplain AsyncProcess#stdout output's pipe}, which is
   * that process's alone from then on. Input only. A {@link Pipeline} does so for all its commands.
   */
  public static Redirect from(AsyncProcess process) {
    return new FromProcess(Objects.requireNonNull(process, "process"));
  }

  /**
   * Another process's {@linkplain AsyncProcess#stdin input's pipe}, which is that process's alone
   * from then on. Output only.
   */
  public static Redirect to(AsyncProcess process) {
    return new ToProcess(Objects.requireNonNull(process, "process"));
  }

  /** Bytes, and then the end. Input of {@link Command#run} only. */
  public static Redirect of(byte[] bytes) {
    return new Bytes(bytes.clone());
  }

  /** Text in UTF-8, and then the end. Input of {@link Command#run} only. */
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
    final OutputStream shown;

    private Tee(OutputStream shown) {
      super("tee");
      this.shown = shown;
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
