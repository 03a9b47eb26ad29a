package dev.goasync.bridge;

import dev.goasync.Action;
import dev.goasync.Caller;
import dev.goasync.Task;
import java.util.concurrent.CompletableFuture;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/** The implementation and the kind of caller: the JDK's sockets define the expected behaviour. */
enum Kind {
  OF_JDK(Caller.THREAD),
  OURS_ON_A_THREAD(Caller.THREAD),
  OURS_IN_A_COROUTINE(Caller.COROUTINE);

  private final Caller caller;

  Kind(Caller caller) {
    this.caller = caller;
  }

  SocketFactory sockets() {
    return this == OF_JDK ? SocketFactory.getDefault() : LoopSocketFactory.getDefault();
  }

  ServerSocketFactory serverSockets() {
    return this == OF_JDK ? ServerSocketFactory.getDefault() : LoopServerSocketFactory.getDefault();
  }

  SSLSocketFactory tlsSockets(SSLContext context) {
    return this == OF_JDK ? context.getSocketFactory() : new LoopSslSocketFactory(context);
  }

  Caller caller() {
    return caller;
  }

  /** Runs {@code body} on a virtual thread of the JDK. */
  static Task<?> onVirtualThread(Action<?> body) {
    CompletableFuture<Boolean> end = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            body.run();
            end.complete(true);
          } catch (Throwable thrown) {
            end.completeExceptionally(thrown);
          }
        });
    return Task.from(end);
  }

  void run(Action<?> body) throws Exception {
    caller.run(body);
  }

  Task<?> beside(Action<?> body) {
    return caller.beside(body);
  }
}
