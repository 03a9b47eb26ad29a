package dev.goasync.internal.simulated.resource;

import dev.goasync.internal.loop.Fiber;
import java.io.IOException;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A simulated program as its resources see it. Called by the thread of the simulation and the
 * coroutines that it runs.
 */
public interface ResourceOwner {
  /** Whether a coroutine belongs to the program. */
  boolean owns(Fiber fiber);

  /** Whether the program has crashed: nothing of it runs or is heard of again. */
  boolean hasCrashed();

  /** The resources that are open, in the order in which they were opened. */
  Set<SimulatedResource> resources();

  /**
   * Checks whether the program can open one more descriptor.
   *
   * @throws IOException {@code full} makes it
   */
  void checkDescriptors(Supplier<? extends IOException> full) throws IOException;

  /** Runs {@code action} after {@code delayNanos} of virtual time. */
  void schedule(long delayNanos, Runnable action);

  /** Adds an event to the trace of the run. */
  void trace(String what, Object subject, long detail);

  /** Draws whether an operation that need not wait lets other coroutines run first. */
  boolean yieldsFirst();

  /** Draws how many of the available bytes a transfer moves, at least one. */
  int limitTransfer(int available);

  /** The name of the program, for messages. */
  @Override
  String toString();
}
