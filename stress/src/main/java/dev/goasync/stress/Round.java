package dev.goasync.stress;

import dev.goasync.Action;
import dev.goasync.EventLoop;
import dev.goasync.EventLoopGroup;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.file.AsyncFile;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.sync.Channel;
import dev.goasync.sync.ChannelClosedException;
import dev.goasync.sync.Mutex;
import dev.goasync.sync.Select;
import dev.goasync.sync.Semaphore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One round of the soak: channels, locks, tasks, sockets and files at once, on its own loops and on
 * plain threads. The seed determines the work, but not its interleaving.
 */
final class Round {
  private static final int LOOPS = 3;
  private static final int ITEMS = 400;
  private static final Duration LONG = Duration.ofSeconds(60);

  private final EventLoopGroup group = EventLoopGroup.start(LOOPS);
  private final Random random;
  private final List<Task<?>> tasks = new ArrayList<>();

  private Round(long seed) {
    random = new Random(seed);
  }

  /** Runs one round, and fails unless all sums and counts are right. */
  static void run(long seed) throws Exception {
    Round round = new Round(seed);
    try {
      round.run();
    } finally {
      round.group.closeNow();
    }
  }

  private void run() throws Exception {
    List<Runnable> checks = List.of(channel(), select(), locks(), awaited(), sockets(), files());
    for (Task<?> task : tasks) {
      task.await(LONG);
    }
    checks.forEach(Runnable::run);
  }

  private EventLoop home() {
    return group.loops().get(random.nextInt(LOOPS));
  }

  /** Starts work on one of the loops or on a plain thread. */
  private Task<?> anywhere(Action<?> body) {
    int place = random.nextInt(LOOPS + 1);
    Task<?> task = place < LOOPS ? group.loops().get(place).goAsync(body) : onThread(body);
    tasks.add(task);
    return task;
  }

  private static Task<?> onThread(Action<?> body) {
    return Task.from(
        CompletableFuture.runAsync(
            () -> {
              try {
                body.run();
              } catch (Exception e) {
                throw new CompletionException(e);
              }
            },
            work -> Thread.ofPlatform().start(work)));
  }

  private static void require(boolean condition, String rule) {
    if (!condition) {
      throw new AssertionError(rule);
    }
  }

  /** Items are sent and received under short time limits: each arrives once. */
  private Runnable channel() {
    EventLoop home = home();
    int capacity = random.nextInt(4);
    Channel<Integer> channel =
        capacity == 0 ? Channel.rendezvous(home) : Channel.bounded(home, capacity);
    AtomicLong sum = new AtomicLong();
    AtomicInteger count = new AtomicInteger();
    AtomicInteger sendersLeft = new AtomicInteger(3);
    for (int sender = 0; sender < 3; sender++) {
      int first = sender * ITEMS;
      Random own = new Random(random.nextLong());
      anywhere(() -> {
        for (int i = 0; i < ITEMS; i++) {
          Duration timeout = Duration.ofNanos(own.nextInt(200_000));
          while (!channel.trySend(first + i, timeout)) {
            GoAsync.yield();
          }
        }
        if (sendersLeft.decrementAndGet() == 0) {
          channel.close();
        }
      });
    }
    for (int receiver = 0; receiver < 4; receiver++) {
      Random own = new Random(random.nextLong());
      anywhere(() -> {
        try {
          while (true) {
            Integer item = channel.tryReceive(Duration.ofNanos(own.nextInt(200_000)));
            if (item != null) {
              sum.addAndGet(item);
              count.incrementAndGet();
            }
          }
        } catch (ChannelClosedException end) {
          // all was received
        }
      });
    }
    long items = 3L * ITEMS;
    return () -> {
      require(count.get() == items, "channel: " + count + " of " + items + " items arrived");
      require(sum.get() == items * (items - 1) / 2, "channel: items were lost and doubled");
    };
  }

  /** A receiver that selects over two channels, and is cancelled at random, loses nothing. */
  private Runnable select() {
    EventLoop home = home();
    Channel<Integer> one = Channel.bounded(home, 2);
    Channel<Integer> other = Channel.rendezvous(home);
    AtomicLong sum = new AtomicLong();
    AtomicInteger count = new AtomicInteger();
    for (Channel<Integer> each : List.of(one, other)) {
      anywhere(() -> {
        for (int i = 1; i <= ITEMS; i++) {
          each.send(i);
        }
      });
    }
    Random own = new Random(random.nextLong());
    tasks.add(
        home.goAsync(() -> {
          while (count.get() < 2 * ITEMS) {
            Task<?> receiver =
                GoAsync.goAsync(() -> {
                  while (count.get() < 2 * ITEMS) {
                    Select.first()
                        .onReceive(one, item -> take(item, sum, count))
                        .onReceive(other, item -> take(item, sum, count))
                        .run();
                  }
                });
            for (int i = own.nextInt(20); i > 0; i--) {
              GoAsync.yield();
            }
            receiver.cancel();
            try {
              receiver.await();
            } catch (CancellationException expected) {
              // the next receiver continues
            }
          }
        }));
    return () ->
        require(
            count.get() == 2 * ITEMS && sum.get() == (long) ITEMS * (ITEMS + 1),
            "select: " + count + " items of sum " + sum);
  }

  private static void take(int item, AtomicLong sum, AtomicInteger count) {
    sum.addAndGet(item);
    count.incrementAndGet();
  }

  /**
   * A counter is guarded by a mutex that is locked with and without a timeout; a semaphore never
   * admits too many callers.
   */
  private Runnable locks() {
    Mutex mutex = new Mutex(home());
    Semaphore permits = new Semaphore(home(), 2, 2);
    AtomicInteger inside = new AtomicInteger();
    int[] counter = {0};
    AtomicInteger counted = new AtomicInteger();
    for (int i = 0; i < 5; i++) {
      Random own = new Random(random.nextLong());
      anywhere(() -> {
        for (int k = 0; k < ITEMS / 4; k++) {
          if (mutex.tryLock(Duration.ofNanos(own.nextInt(300_000)))) {
            int seen = counter[0];
            GoAsync.yield();
            counter[0] = seen + 1;
            counted.incrementAndGet();
            mutex.unlock();
          }
          permits.withPermit(() -> {
            require(inside.incrementAndGet() <= 2, "semaphore: too many inside");
            GoAsync.yield();
            inside.decrementAndGet();
          });
        }
      });
    }
    return () -> {
      require(counter[0] == counted.get(), "mutex: " + counter[0] + " of " + counted + " counts");
      require(!mutex.statistics().locked(), "mutex: left locked");
      require(permits.tryAcquire(2), "semaphore: permits are lost");
    };
  }

  /** Tasks that offload, sleep or are cancelled, awaited from loops and threads. */
  private Runnable awaited() {
    AtomicInteger results = new AtomicInteger();
    AtomicInteger cancels = new AtomicInteger();
    int all = ITEMS / 4;
    for (int i = 0; i < all; i++) {
      int number = i;
      Duration nap = Duration.ofNanos(random.nextInt(500_000));
      boolean offloads = random.nextInt(4) == 0;
      Task<Integer> task =
          home()
              .goAsync(() -> {
                GoAsync.sleep(nap);
                return offloads ? GoAsync.<Integer, RuntimeException>offload(() -> number) : number;
              });
      if (random.nextBoolean()) {
        anywhere(() -> task.cancel());
      }
      anywhere(() -> {
        try {
          require(task.await() == number, "task: wrong result");
          results.incrementAndGet();
        } catch (CancellationException cancelled) {
          require(task.isCancelled(), "task: not cancelled");
          cancels.incrementAndGet();
        }
      });
    }
    return () -> require(results.get() + cancels.get() == all, "task: an await never ended");
  }

  /** An echo server returns bytes in odd pieces. */
  private Runnable sockets() throws IOException {
    AsyncServerSocket server =
        AsyncServerSocket.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    int clients = 4;
    tasks.add(
        home()
            .goAsync(() -> {
              List<Task<?>> echoes = new ArrayList<>();
              for (int i = 0; i < clients; i++) {
                AsyncSocket socket = server.accept();
                echoes.add(group.goAsync(() -> echo(socket)));
              }
              server.close();
              GoAsync.awaitAll(echoes);
            }));
    AtomicInteger same = new AtomicInteger();
    for (int i = 0; i < clients; i++) {
      byte[] sent = bytes(1 + random.nextInt(60_000));
      anywhere(() -> {
        try (AsyncSocket socket = AsyncSocket.connect(server.localAddress())) {
          Task<?> writer =
              group.goAsync(() -> {
                socket.writeAll(ByteBuffer.wrap(sent));
                socket.shutdownOutput();
              });
          same.addAndGet(Arrays.equals(socket.readAllBytes(), sent) ? 1 : 0);
          var _ = writer.await();
        }
      });
    }
    return () -> require(same.get() == clients, "sockets: " + same + " streams came back as sent");
  }

  private static void echo(AsyncSocket socket) throws IOException {
    try (socket) {
      ByteBuffer piece = ByteBuffer.allocate(4093);
      while (socket.read(piece.clear()) >= 0) {
        socket.writeAll(piece.flip());
      }
    }
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Files are written, read and compared; some reads are cancelled and repeated. */
  private Runnable files() {
    AtomicInteger same = new AtomicInteger();
    int files = 4;
    for (int i = 0; i < files; i++) {
      byte[] written = bytes(1 + random.nextInt(200_000));
      Duration timeout = Duration.ofNanos(random.nextInt(300_000));
      anywhere(() -> {
        Path path = Files.createTempFile("goasync-soak", ".bin");
        try (AsyncFile file =
            AsyncFile.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
          file.writeAll(ByteBuffer.wrap(written));
          same.addAndGet(Arrays.equals(readPatiently(file, timeout), written) ? 1 : 0);
        } finally {
          Files.delete(path);
        }
      });
    }
    return () -> require(same.get() == files, "files: " + same + " were read as written");
  }

  private static byte[] readPatiently(AsyncFile file, Duration timeout) throws IOException {
    for (int attempt = 0; attempt < 3; attempt++) {
      file.position(0);
      Task<byte[]> read = GoAsync.goAsync(() -> file.readAllBytes());
      try {
        return read.await(timeout);
      } catch (RuntimeException late) {
        read.cancel();
        try {
          return read.await();
        } catch (CancellationException asked) {
          // repeat the read
        }
      }
    }
    file.position(0);
    return file.readAllBytes();
  }
}
