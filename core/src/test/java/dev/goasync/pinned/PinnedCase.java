package dev.goasync.pinned;

import static dev.goasync.GoAsync.goAsync;

import dev.goasync.DeadlineExceededException;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.TaskScope;
import dev.goasync.file.AsyncFile;
import dev.goasync.file.AsyncFiles;
import dev.goasync.net.AsyncDatagramSocket;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.HostNames;
import dev.goasync.process.Command;
import dev.goasync.sync.Channel;
import dev.goasync.sync.Event;
import dev.goasync.sync.Mutex;
import dev.goasync.sync.RateLimiter;
import dev.goasync.sync.Select;
import dev.goasync.sync.Semaphore;
import dev.goasync.sync.Ticker;
import dev.goasync.sync.Timer;
import dev.goasync.testkit.Fifo;
import dev.goasync.watch.FileWatch;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** The waits of the library, each as a coroutine makes it below a frame that pins the coroutine. */
@SuppressWarnings("ImmutableEnumChecker") // the preparations are lambdas without state
enum PinnedCase {
  SLEEP(env ->
      () -> {
        GoAsync.sleep(Duration.ofMillis(2));
        return "";
      }),
  YIELD(env ->
      () -> {
        GoAsync.yield();
        return "";
      }),
  TIMER(env ->
      () -> {
        Timer.after(Duration.ofMillis(2)).await();
        return "";
      }),
  TICKER(env -> {
    Ticker ticker = Ticker.every(Duration.ofMillis(2));
    return ticker::await;
  }),
  RATE_LIMIT(env -> {
    RateLimiter limiter = new RateLimiter(1, Duration.ofMillis(2), 1);
    limiter.acquire();
    return () -> {
      limiter.acquire();
      return "";
    };
  }),
  TIME_LIMIT_OF_A_READ(env -> {
    var sockets = env.sockets();
    return () -> {
      try {
        return GoAsync.withTimeout(
            Duration.ofMillis(5), () -> sockets.read(ByteBuffer.allocate(1)));
      } catch (DeadlineExceededException over) {
        return "over";
      }
    };
  }),
  FILE_WRITE_AND_READ(env ->
      () -> {
        Path file = env.path();
        AsyncFiles.writeString(file, "text");
        return AsyncFiles.readString(file);
      }),
  FILE_SYNC(env -> {
    AsyncFile file =
        env.add(AsyncFile.open(env.path(), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    return () -> {
      file.writeAll(ByteBuffer.wrap(new byte[100_000]));
      file.force(true);
      return file.truncate(10).size();
    };
  }),
  FIFO_READ(env -> {
    Path fifo = Fifo.make(env.path());
    env.onThread(() -> Files.writeString(fifo, "text"));
    return () -> {
      try (AsyncFile file = AsyncFile.open(fifo)) {
        return file.read(ByteBuffer.allocate(4));
      }
    };
  }),
  CONNECT_WRITE_READ(env ->
      () -> {
        try (AsyncSocket socket = AsyncSocket.connect(env.echoServer())) {
          socket.write(ByteBuffer.allocate(10));
          return socket.read(ByteBuffer.allocate(10));
        }
      }),
  ACCEPT(env -> {
    AsyncServerSocket server = env.add(AsyncServerSocket.listen(PinnedEnvironment.LOOPBACK));
    env.onThread(() -> AsyncSocket.connect(server.localAddress()).close());
    return () -> {
      server.accept().close();
      return "";
    };
  }),
  SEVERAL_READS_OF_A_SOCKET(env -> {
    AsyncSocket socket = env.add(AsyncSocket.connect(env.echoServer()));
    return () -> {
      for (int i = 0; i < 10; i++) { // enough for a prefetch
        socket.write(ByteBuffer.allocate(10));
        socket.read(ByteBuffer.allocate(10));
      }
      return "";
    };
  }),
  DATAGRAM(env -> {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    var socket = env.add(AsyncDatagramSocket.bind(new InetSocketAddress(loopback, 0)));
    env.onThread(() -> {
      try (var other = AsyncDatagramSocket.connect(socket.localAddress())) {
        other.send(ByteBuffer.allocate(3));
      }
    });
    return () -> socket.receive(ByteBuffer.allocate(10));
  }),
  HOST_NAME(env -> () -> HostNames.resolve("localhost")),
  WATCH(env -> {
    Path file = Files.writeString(env.path(), "a");
    FileWatch watch = env.add(FileWatch.file(file));
    env.onThread(() -> Files.writeString(file, "b"));
    return watch::take;
  }),
  PROCESS_RUN(env ->
      () -> {
        try (var process = Command.of("true").start()) {
          return process.await();
        }
      }),
  PROCESS_OUTPUT(env ->
      () -> {
        try (var process = Command.of("echo", "text").start()) {
          return process.stdout().readLine();
        }
      }),
  COMMAND_RUN(true, env -> () -> Command.of("echo", "text").run()),
  OFFLOAD(env -> () -> GoAsync.offload(() -> "value")),
  TASK_OF_THE_LOOP(
      true,
      env -> {
        Task<String> task = goAsync(() -> "value");
        return task::await;
      }),
  TASKS_OF_THE_LOOP(
      true,
      env -> {
        List<Task<Integer>> tasks = List.of(goAsync(() -> 1), goAsync(() -> 2));
        return () -> GoAsync.awaitAll(tasks);
      }),
  ENDED_TASK(env -> {
    Task<String> task = goAsync(() -> "value");
    task.await();
    return task::await;
  }),
  TASK_OF_ANOTHER_LOOP(env -> {
    Task<String> task =
        env.other.goAsync(() -> {
          GoAsync.sleep(Duration.ofMillis(1));
          return "value";
        });
    return task::await;
  }),
  TASKS_OF_ANOTHER_LOOP(env -> {
    List<Task<Integer>> tasks = List.of(env.other.goAsync(() -> 1), env.other.goAsync(() -> 2));
    return () -> GoAsync.awaitAll(tasks);
  }),
  FUTURE(env -> {
    CompletableFuture<String> future = new CompletableFuture<>();
    Task<String> task = Task.from(future);
    env.onThread(() -> future.complete("value"));
    return task::await;
  }),
  SCOPE(
      true,
      env ->
          () ->
              TaskScope.run(scope -> {
                var _ = scope.goAsync(() -> "value");
                return "";
              })),
  RACE(true, env -> () -> TaskScope.race(List.of(() -> 1, () -> 2))),
  CHANNEL(
      true,
      env -> {
        Channel<Integer> channel = Channel.rendezvous();
        var _ = goAsync(() -> channel.trySend(1));
        return channel::receive;
      }),
  CHANNEL_WITH_TIMEOUT(env -> {
    Channel<Integer> channel = Channel.rendezvous();
    return () -> channel.tryReceive(Duration.ofMillis(5)) == null ? "none" : "value";
  }),
  CHANNEL_OF_ANOTHER_LOOP(env -> {
    Channel<Integer> channel = Channel.rendezvous(env.other);
    var _ = env.other.goAsync(() -> channel.send(1));
    return channel::receive;
  }),
  LOCK(
      true,
      env -> {
        Mutex mutex = new Mutex();
        env.hold(mutex::lock, mutex::unlock);
        return () -> {
          mutex.lock();
          return "";
        };
      }),
  FREE_LOCK(env -> {
    Mutex mutex = new Mutex();
    return () -> {
      mutex.lock();
      mutex.unlock();
      return "";
    };
  }),
  CONDITION(
      true,
      env -> {
        Mutex mutex = new Mutex();
        var condition = mutex.newCondition();
        return () -> {
          mutex.lock();
          try {
            condition.await();
          } finally {
            mutex.unlock();
          }
          return "";
        };
      }),
  SEMAPHORE(
      true,
      env -> {
        Semaphore semaphore = new Semaphore(1);
        env.hold(semaphore::acquire, semaphore::release);
        return () -> {
          semaphore.acquire();
          return "";
        };
      }),
  EVENT(
      true,
      env -> {
        Event event = Event.manualReset();
        return () -> {
          event.await();
          return "";
        };
      }),
  SELECT(
      true,
      env -> {
        Channel<Integer> channel = Channel.rendezvous();
        return () -> {
          Select.first().onReceive(channel, value -> {}).run();
          return "";
        };
      }),
  SELECT_WITH_TIMEOUT(env -> {
    Channel<Integer> channel = Channel.rendezvous();
    return () -> {
      Select.first().onReceive(channel, value -> {}).after(Duration.ofMillis(2), () -> {}).run();
      return "";
    };
  }),
  NEW_LOOP(env ->
      () -> {
        EventLoop loop = EventLoop.start("started while pinned");
        try {
          return loop.goAsync(() -> "value").await();
        } finally {
          loop.close();
        }
      });

  /** Prepares a wait; the returned body makes it. */
  interface Preparation {
    Callable<?> prepare(PinnedEnvironment env) throws Exception;
  }

  /** Whether only another coroutine of the loop can end the wait, so that it is refused. */
  final boolean needsTheLoop;

  final Preparation preparation;

  PinnedCase(Preparation preparation) {
    this(false, preparation);
  }

  PinnedCase(boolean needsTheLoop, Preparation preparation) {
    this.needsTheLoop = needsTheLoop;
    this.preparation = preparation;
  }
}
