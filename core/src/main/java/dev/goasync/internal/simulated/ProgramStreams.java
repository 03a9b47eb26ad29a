package dev.goasync.internal.simulated;

import dev.goasync.internal.platform.PipeHandle;
import dev.goasync.internal.simulated.local.Pipe;
import dev.goasync.internal.simulated.resource.ResourceOwner;

/** What is behind the standard streams of a simulated program. */
record ProgramStreams(Pipe input, Pipe output, Pipe errors) {
  private static final int INPUT = 0;
  private static final int OUTPUT = 1;

  /** Counts the program as a user of its streams. */
  void retain() {
    input.addSource();
    output.addSink();
    errors.addSink();
  }

  /** The program has ended. */
  void release() {
    input.removeSource();
    output.removeSink();
    errors.removeSink();
  }

  PipeHandle.Standard open(ResourceOwner owner, int number, String name) {
    return switch (number) {
      case INPUT -> input.openInput(owner, name);
      case OUTPUT -> output.openOutput(owner, name);
      default -> errors.openOutput(owner, name);
    };
  }
}
