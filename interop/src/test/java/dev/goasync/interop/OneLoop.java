package dev.goasync.interop;

import dev.goasync.Action;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Starts a loop for each test, and fails a test that leaves coroutines or sockets behind. */
public final class OneLoop implements BeforeEachCallback, AfterEachCallback {
  /** The number of concurrent coroutines in a test. */
  public static final int MANY = 100;

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  /** The body of a numbered coroutine. */
  @FunctionalInterface
  public interface Numbered<T> {
    T run(int number) throws Exception;
  }

  static {
    try {
      SocketChannel.open().close(); // the first channel makes the JDK open a socket that it keeps
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Where the library warns of a descriptor that became unreachable open. */
  private static final Logger LIBRARY = Logger.getLogger("dev.goasync");

  private @Nullable EventLoop loop;
  private long socketsBefore;
  private final Unclosed unclosed = new Unclosed();

  @Override
  public void beforeEach(ExtensionContext context) {
    socketsBefore = sockets();
    LIBRARY.setLevel(Level.WARNING);
    LIBRARY.addHandler(unclosed);
    loop = EventLoop.start("interop");
  }

  @Override
  public void afterEach(ExtensionContext context) {
    EventLoop loop = loop();
    int left = awaitNoCoroutine();
    loop.closeNow();
    awaitClosedSockets();
    LIBRARY.removeHandler(unclosed);
    if (left > 0) {
      throw new AssertionError(left + " coroutines were left behind");
    }
    if (!unclosed.warnings.isEmpty()) {
      throw new AssertionError(unclosed.warnings.toString());
    }
    if (sockets() > socketsBefore) {
      throw new AssertionError(sockets() - socketsBefore + " sockets were left open");
    }
  }

  /**
   * Returns how many coroutines are left after those that are about to end have done so. A
   * coroutine counts them: if the loop does not run it, a close would wait for ever.
   */
  private int awaitNoCoroutine() {
    long end = System.nanoTime() + TIMEOUT.toNanos();
    int left;
    do {
      left = loop().goAsync(() -> loop().statistics().coroutines() - 1).await(TIMEOUT);
    } while (left > 0 && System.nanoTime() < end);
    return left;
  }

  /**
   * A server in this JVM, or a library's thread, may close its end of a connection late. The JDK's
   * HTTP server leaves some to the garbage collector. A socket of the library that the collector
   * finds is a warning in the log, which fails the test.
   */
  private void awaitClosedSockets() {
    long end = System.nanoTime() + TIMEOUT.toNanos();
    while (sockets() > socketsBefore && System.nanoTime() < end) {
      System.gc();
      Thread.yield();
    }
  }

  /** Keeps the library's warnings of descriptors that were never closed. */
  private static final class Unclosed extends Handler {
    final List<String> warnings = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord warning) {
      if (warning.getMessage().contains("was never closed")) {
        warnings.add(warning.getMessage());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  /** Returns the loop of the running test. */
  public EventLoop loop() {
    return Objects.requireNonNull(loop, "no test is running");
  }

  /** Runs {@code body} in a coroutine. */
  public void run(Action<?> body) throws Exception {
    Task<?> task = loop().goAsync(body);
    try {
      task.await();
    } catch (RuntimeException failed) {
      switch (task.failure()) {
        case Error error -> throw error;
        case Exception thrown -> throw thrown;
        case null, default -> throw failed;
      }
    }
  }

  /** Starts {@link #MANY} coroutines on the loop of the calling coroutine. */
  public static <T> List<Task<T>> startMany(Numbered<T> body) {
    return start(MANY, body);
  }

  /** Starts {@code count} coroutines on the loop of the calling coroutine. */
  public static <T> List<Task<T>> start(int count, Numbered<T> body) {
    List<Task<T>> tasks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      tasks.add(GoAsync.goAsync(() -> body.run(number)));
    }
    return tasks;
  }

  private static long sockets() {
    try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
      return links.filter(OneLoop::isSocket).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isSocket(Path link) {
    try {
      return Files.readSymbolicLink(link).toString().startsWith("socket:");
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }
}
