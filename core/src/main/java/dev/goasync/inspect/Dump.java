package dev.goasync.inspect;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all loops and coroutines of a program did at one moment. {@code GoAsync.dump()} takes one.
 *
 * <pre>{@code
 * Dump dump = GoAsync.dump();
 * System.err.println(dump); // a tree
 * dump.findings().forEach(System.err::println); // the conclusions alone
 * AsyncFiles.writeString(Path.of("dump.json"), dump.toJson());
 * }</pre>
 *
 * <p>The loops run on while the dump is taken, so it is not one instant: each loop is read in
 * slices of a few milliseconds, between which its coroutines run.
 *
 * @param time when the dump was begun
 * @param took how long it took
 * @param library the version, mode and backend, as {@code GoAsync.describe()} returns them
 * @param findings sentences on what stands still and why: cycles of waits, the task that many
 *     others wait for, a loop that does not answer, a cancel that has no effect
 * @param loops the loops and their coroutines
 * @param threads the threads that wait for coroutines
 * @param stalls code that has kept a loop from running anything else, if {@code
 *     -Dgoasync.longTurnMillis} has the library look for it
 * @param open files, sockets and pipes that are open, by the line that opened them, if {@code
 *     -Dgoasync.trace=true} has the library record it
 * @param offload the pool of {@code GoAsync.offload}; null if it has not been used
 */
public record Dump(
    Instant time,
    Duration took,
    String library,
    List<String> findings,
    List<LoopDump> loops,
    List<ThreadDump> threads,
    List<StallDump> stalls,
    List<OpenResources> open,
    @Nullable PoolDump offload) {
  /** Copies the lists. */
  public Dump {
    findings = List.copyOf(findings);
    loops = List.copyOf(loops);
    threads = List.copyOf(threads);
    stalls = List.copyOf(stalls);
    open = List.copyOf(open);
  }

  /** The dump as a tree: findings, then loops, scopes and tasks. */
  @Override
  public String toString() {
    var text = new StringBuilder();
    new TreePrinter(text).print(this);
    return text.toString();
  }

  /** The dump as JSON: an object with the record's components, durations in seconds. */
  public String toJson() {
    return new JsonPrinter().print(this);
  }
}
