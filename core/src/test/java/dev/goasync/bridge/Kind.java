package dev.goasync.bridge;

import dev.goasync.Action;
import dev.goasync.Caller;
import dev.goasync.Task;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;

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

  Caller caller() {
    return caller;
  }

  void run(Action<?> body) throws Exception {
    caller.run(body);
  }

  Task<?> beside(Action<?> body) {
    return caller.beside(body);
  }
}
