package dev.goasync;

import static dev.goasync.GoAsync.goAsync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.sync.Event;
import dev.goasync.testkit.ChildJvm;
import dev.goasync.testkit.Modes;
import java.lang.ref.Cleaner;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A coroutine that only the JVM or the system will wake is not reported as deadlocked. Each test is
 * a program, in which a shell command causes the event half a second later.
 */
@Timeout(120)
final class FalseDeadlockTest {
  private static final String UNSEEN =
      "shutdown hooks and signal handlers cannot be seen in portable mode";

  enum Waker {
    PROCESS_EXIT,
    ASYNCHRONOUS_CHANNEL,
    VIRTUAL_THREAD_IN_A_SOCKET_READ,
    VIRTUAL_THREAD_THAT_SLEEPS,
    CLEANER,
    SIGNAL_HANDLER,
    SHUTDOWN_HOOK
  }

  private static void shell(String command) throws Exception {
    new ProcessBuilder("bash", "-c", "sleep 0.5; " + command).start();
  }

  private static void signal(String name) throws Exception {
    shell("kill -" + name + " " + ProcessHandle.current().pid());
  }

  static final class Program {
    private static final CountDownLatch PRINTED = new CountDownLatch(1);

    public static void main(String[] arguments) throws Exception {
      Waker waker = Waker.valueOf(Objects.requireNonNull(System.getProperty("waker")));
      Event event = Event.manualReset(EventLoop.currentOrDefault());
      prepare(waker, event);
      goAsync(
              () -> {
                event.await();
                System.out.println("woken");
                System.out.flush();
                PRINTED.countDown();
              })
          .await();
      Runtime.getRuntime().halt(0);
    }

    private static void prepare(Waker waker, Event event) throws Exception {
      switch (waker) {
        case PROCESS_EXIT -> {
          var _ = new ProcessBuilder("sleep", "0.5").start().onExit().thenRun(event::set);
        }
        case ASYNCHRONOUS_CHANNEL -> {
          var server =
              AsynchronousServerSocketChannel.open()
                  .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
          server.accept(null, new Setter(event));
          var address = (InetSocketAddress) server.getLocalAddress();
          shell("exec 3<>/dev/tcp/127.0.0.1/" + address.getPort());
        }
        case VIRTUAL_THREAD_IN_A_SOCKET_READ -> {
          var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          Thread.startVirtualThread(() -> {
            try {
              server.accept().close();
              event.set();
            } catch (java.io.IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          });
          shell("exec 3<>/dev/tcp/127.0.0.1/" + server.getLocalPort());
        }
        case VIRTUAL_THREAD_THAT_SLEEPS ->
            Thread.startVirtualThread(() -> {
              java.util.concurrent.locks.LockSupport.parkNanos(500_000_000);
              event.set();
            });
        case CLEANER -> {
          Cleaner.create().register(new Object(), event::set);
          String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
          shell(jcmd + " " + ProcessHandle.current().pid() + " GC.run");
        }
        case SIGNAL_HANDLER -> {
          handleHangUp(event);
          signal("HUP");
        }
        case SHUTDOWN_HOOK -> {
          Runtime.getRuntime().addShutdownHook(new Thread(() -> setAndAwaitOutput(event)));
          signal("TERM");
        }
      }
    }
  }

  /** The JVM ends when its shutdown hooks have returned. */
  private static void setAndAwaitOutput(Event event) {
    event.set();
    try {
      Program.PRINTED.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** By reflection, since the compiler warns of the class. */
  private static void handleHangUp(Event event) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Object setter =
        Proxy.newProxyInstance(
            FalseDeadlockTest.class.getClassLoader(),
            new Class<?>[] {handler},
            (_, _, _) -> {
              event.set();
              return null;
            });
    Object hangUp = signal.getConstructor(String.class).newInstance("HUP");
    signal.getMethod("handle", signal, handler).invoke(null, hangUp, setter);
  }

  private record Setter(Event event)
      implements CompletionHandler<AsynchronousSocketChannel, @Nullable Object> {
    @Override
    public void completed(AsynchronousSocketChannel client, @Nullable Object nothing) {
      event.set();
    }

    @Override
    public void failed(Throwable failure, @Nullable Object nothing) {}
  }

  @ParameterizedTest
  @EnumSource
  void isNotReported(Waker waker) throws Exception {
    if (waker == Waker.SIGNAL_HANDLER || waker == Waker.SHUTDOWN_HOOK) {
      Modes.assumeFullMode(UNSEEN);
    }
    ChildJvm.Ended ended = ChildJvm.run(Program.class, "-Dwaker=" + waker);
    assertThat(ended.out()).as(ended.err()).contains("woken");
  }

  static final class TimedThread {
    public static void main(String[] arguments) {
      Event event = Event.manualReset(EventLoop.currentOrDefault());
      Task<?> task = goAsync(() -> event.await());
      try {
        task.await(Duration.ofMillis(300));
      } catch (DeadlineExceededException timedOut) {
        event.set();
      }
      task.await();
      System.out.println("woken");
    }
  }

  @Test
  void aThreadThatWaitsWithATimeoutMayWakeTheTask() throws Exception {
    assertThat(ChildJvm.run(TimedThread.class).assertSuccess().out()).contains("woken");
  }
}
