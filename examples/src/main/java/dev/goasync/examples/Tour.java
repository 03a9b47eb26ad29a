package dev.goasync.examples;

import static dev.goasync.GoAsync.awaitAll;
import static dev.goasync.GoAsync.awaitAny;
import static dev.goasync.GoAsync.describe;
import static dev.goasync.GoAsync.goAsync;
import static dev.goasync.GoAsync.sleep;
import static dev.goasync.GoAsync.sync;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.file.AsyncFile;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows the main parts of the library: files, timers, tasks, sockets, shared data. */
public final class Tour {
  private Tour() {}

  public static void main(String[] args) {
    Cli.run("tour", args, _ -> tour());
  }

  private static void tour() throws IOException {
    System.out.println(describe());
    Path path = Files.createTempFile("tour", ".txt");
    try {
      files(path);
    } finally {
      Files.delete(path);
    }
    unorderedTimers();
    severalTasks();
    echo();
    sharedData();
    System.out.println("tour: ok");
  }

  /** Suspends the calling coroutine, or blocks the calling thread outside of coroutines. */
  private static String read(Path path) throws IOException {
    try (AsyncFile file = AsyncFile.open(path)) {
      return file.readAll();
    }
  }

  private static void files(Path path) throws IOException {
    Files.writeString(path, "the text of the file");
    expect("the text of the file", read(path)); // outside coroutines: blocks the thread
    Task<String> byContext = goAsync(() -> read(path)); // the same code suspends a coroutine
    expect("the text of the file", byContext.await());
    try (AsyncFile file = AsyncFile.open(path)) {
      String blocking = sync(() -> file.readAll());
      expect("the text of the file", blocking);
      file.position(0);
      String suspending = goAsync(() -> file.readAll()).await();
      expect("the text of the file", suspending);
    }
    System.out.println("files: read by a thread, by a coroutine, inside sync");
  }

  private static void unorderedTimers() {
    List<Integer> expired = new ArrayList<>();
    List<Task<?>> sleepers = new ArrayList<>();
    for (int millis : new int[] {300, 100, 200}) {
      sleepers.add(
          goAsync(() -> {
            sleep(Duration.ofMillis(millis));
            expired.add(millis);
          }));
    }
    awaitAll(sleepers);
    expect(List.of(100, 200, 300), expired);
    System.out.println("timers: started as 300, 100, 200 ms, expired as " + expired);
  }

  private static void severalTasks() {
    Task<String> hare =
        goAsync(() -> {
          sleep(Duration.ofDays(1)); // takes a nap
          return "hare";
        });
    Task<String> tortoise = goAsync(() -> "tortoise");
    String winner = awaitAny(hare, tortoise).await();
    expect("tortoise", winner);
    hare.cancel();
    expect(
        List.of(1, 4, 9), awaitAll(goAsync(() -> 1), goAsync(() -> 2 * 2), goAsync(() -> 3 * 3)));
    System.out.println("tasks: the " + winner + " won, the hare was cancelled");
  }

  private static void echo() throws IOException {
    try (AsyncServerSocket server = AsyncServerSocket.listen(0)) {
      Task<?> echoing =
          goAsync(() -> {
            try (AsyncSocket client = server.accept()) {
              for (String line = client.readLine(); line != null; line = client.readLine()) {
                client.writeAll(line + "\n");
              }
            }
          });
      Task<@Nullable String> talking =
          goAsync(() -> {
            try (AsyncSocket socket = AsyncSocket.connect(server.localAddress())) {
              socket.writeAll("hello, echo\n");
              socket.shutdownOutput();
              return socket.readLine();
            }
          });
      expect("hello, echo", talking.await());
      echoing.await();
    }
    System.out.println("sockets: two coroutines exchanged a line over TCP");
  }

  private static void sharedData() {
    int[] counter = {0}; // no lock and no atomic: one coroutine of a loop runs at a time
    List<Task<?>> workers = new ArrayList<>();
    for (int worker = 0; worker < 100; worker++) {
      workers.add(
          goAsync(() -> {
            for (int i = 0; i < 100; i++) {
              counter[0]++;
              GoAsync.yield();
            }
          }));
    }
    awaitAll(workers);
    expect(10_000, counter[0]);
    System.out.println("shared data: 100 coroutines counted to " + counter[0]);
  }

  private static void expect(Object expected, @Nullable Object actual) {
    if (!expected.equals(actual)) {
      throw new IllegalStateException("expected " + expected + " but was " + actual);
    }
  }
}
