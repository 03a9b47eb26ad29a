package dev.goasync.process;

import dev.goasync.io.ByteStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The processes of a {@link Pipeline}, in its order.
 *
 * <pre>{@code
 * try (var sorted = Pipeline.of(Command.of("sort"), Command.of("uniq")).start()) {
 *   sorted.stdin().writeAll("b\na\nb\n");
 *   sorted.stdin().close();
 *   for (String line; (line = sorted.stdout().readLine()) != null; ) {
 *     System.out.println(line);
 *   }
 * }
 * }</pre>
 */
public final class AsyncPipeline implements AutoCloseable {
  private final List<AsyncProcess> processes;

  private AsyncPipeline(List<AsyncProcess> processes) {
    this.processes = processes;
  }

  static AsyncPipeline start(List<Command> commands) throws IOException {
    List<AsyncProcess> started = new ArrayList<>();
    AsyncPipeline pipeline = new AsyncPipeline(started);
    boolean complete = false;
    try {
      for (Command each : commands) {
        Command command = each;
        if (!started.isEmpty()) {
          command = command.stdin(Redirect.from(started.getLast()));
        }
        if (started.size() < commands.size() - 1) {
          command = command.stdout(Redirect.PIPE);
        }
        started.add(command.start());
      }
      complete = true;
      return pipeline;
    } finally {
      if (!complete) {
        pipeline.close();
      }
    }
  }

  /** The processes. */
  public List<AsyncProcess> processes() {
    return List.copyOf(processes);
  }

  /** Writes what the first process reads; see {@link AsyncProcess#stdin}. */
  public ByteStream stdin() {
    return processes.getFirst().stdin();
  }

  /** Reads what the last process writes; see {@link AsyncProcess#stdout}. */
  public ByteStream stdout() {
    return processes.getLast().stdout();
  }

  /**
   * Waits until all have ended, as {@link AsyncProcess#await()} does.
   *
   * @return the exit code of each
   */
  public List<Integer> await() throws IOException {
    List<Integer> codes = new ArrayList<>();
    for (AsyncProcess process : processes) {
      codes.add(process.await());
    }
    return codes;
  }

  /** Ends all that are still alive, at once, and closes them; see {@link AsyncProcess#close}. */
  @Override
  public void close() {
    processes.forEach(AsyncProcess::requestClose);
    processes.forEach(AsyncProcess::close);
  }

  @Override
  public String toString() {
    return "AsyncPipeline" + processes;
  }
}
