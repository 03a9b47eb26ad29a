package dev.goasync.internal.simulated;

import dev.goasync.internal.simulated.local.Pipe;

/**
 * What is behind the standard streams of a simulated host: bytes that the test gives, and those
 * that programs have written. It outlives a crash of the host.
 */
public final class HostStreams {
  private final Pipe input = Pipe.ofTest();
  private final Pipe output = Pipe.ofTest();
  private final Pipe errors = Pipe.ofTest();
  private final ProgramStreams programs = new ProgramStreams(input, output, errors);
  private boolean inputEnded;

  /** Adds bytes to the standard input; returns false if it has ended. */
  public boolean write(byte[] bytes) {
    if (!inputEnded) {
      input.put(bytes);
    }
    return !inputEnded;
  }

  /** Ends the standard input. */
  public void endInput() {
    if (!inputEnded) {
      inputEnded = true;
      input.removeSink();
    }
  }

  /** What programs have written to the standard output. */
  public byte[] output() {
    return output.content();
  }

  /** What programs have written to the standard error. */
  public byte[] errors() {
    return errors.content();
  }

  ProgramStreams ofPrograms() {
    return programs;
  }

  void crashed() {
    input.forgetWaits();
  }
}
