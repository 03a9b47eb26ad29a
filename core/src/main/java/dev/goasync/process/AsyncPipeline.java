package dev.goasync.process;

import dev.goasync.io.ByteStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The running processes of a {@link Pipeline}, in pipeline order. Any thread or coroutine may use
 * it.
 *
 * <pre>{@code
 * try (AsyncPipeline pipeline = Pipeline.of(Command.of("sort"), Command.of("uniq")).start()) {
 *   pipeline.stdin().writeAll("b\na\nb\n");
 *   pipeline.stdin().close();
 *   for (String line; (line = pipeline.stdout().readLine()) != null; ) {
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

  /** Returns the processes, in pipeline order. */
  public List<AsyncProcess> processes() {
    return List.copyOf(processes);
  }

  /** Returns the stream to the first process's standard input; see {@link AsyncProcess#stdin}. */
  public ByteStream stdin() {
    return processes.getFirst().stdin();
  }

  /**
   * Returns the stream from the last process's standard output; see {@link AsyncProcess#stdout}.
   */
  public ByteStream stdout() {
    return processes.getLast().stdout();
  }

  /**
   * Waits until all processes have ended. Cancellation and errors are as for {@link
   * AsyncProcess#await}.
   *
   * @return the exit code of each process, in pipeline order
   */
  public List<Integer> await() throws IOException {
    List<Integer> codes = new ArrayList<>();
    for (AsyncProcess process : processes) {
      codes.add(process.await());
    }
    return codes;
  }

  /**
   * Ends the processes that are still alive, all at the same time, and closes their streams; see
   * {@link AsyncProcess#close}.
   */
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
