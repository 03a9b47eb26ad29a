package dev.goasync.internal.inspect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds in a stack the call of the JDK that blocks a thread, and what to call in its place. */
final class BlockingCalls {
  private static final String FILES = "AsyncFile or AsyncFiles, or GoAsync.offload";

  /**
   * The call.
   *
   * @param name the method of the JDK that the program calls
   * @param place the line of the program that calls it
   * @param replacement what waits without blocking the loop
   */
  record Call(String name, String place, String replacement) {}

  /** The begin of the names of classes or methods that block. The first match counts. */
  private record Rule(String prefix, String replacement) {}

  private static final List<Rule> RULES =
      List.of(
          new Rule("java.lang.Process", "AsyncProcess, which Command starts"),
          new Rule("java.net.Inet", "HostNames, or AsyncSocket with a host name"),
          new Rule("java.net.Socket", "AsyncSocket"),
          new Rule("java.net.ServerSocket", "AsyncServerSocket"),
          new Rule("sun.nio.ch.NioSocketImpl", "AsyncSocket"),
          new Rule("sun.nio.ch.SocketChannelImpl", "AsyncSocket"),
          new Rule("sun.nio.ch.ServerSocketChannelImpl", "AsyncServerSocket"),
          new Rule("sun.nio.ch.DatagramChannelImpl", "AsyncDatagramSocket"),
          new Rule("java.io.FileInputStream", FILES),
          new Rule("java.io.FileOutputStream", FILES),
          new Rule("java.io.RandomAccessFile", FILES),
          new Rule("java.io.UnixFileSystem", FILES),
          new Rule("sun.nio.ch.FileChannelImpl", FILES),
          new Rule("sun.nio.fs.", FILES),
          new Rule("java.lang.Thread.sleep", "GoAsync.sleep"),
          new Rule("java.lang.Thread.join", "Task.await, or GoAsync.offload"),
          new Rule("java.lang.Object.wait", "dev.goasync.sync.Condition"),
          new Rule(
              "java.util.concurrent.locks.LockSupport.park",
              "the types of dev.goasync.sync, or GoAsync.offload"));

  private BlockingCalls() {}

  /**
   * The blocking call on top of the stack; null if there is none, or if the library makes it.
   *
   * @param state the state of the thread, which for a contended monitor no frame shows
   */
  static @Nullable Call find(StackTraceElement[] stack, Thread.State state) {
    int user = 0;
    while (user < stack.length && Places.isOfJdk(stack[user].getClassName())) {
      user++;
    }
    if (user == stack.length || Places.isOfLibrary(stack[user].getClassName())) {
      return null;
    }
    String place = stack[user].toString();
    if (state == Thread.State.BLOCKED) {
      return new Call("a monitor that another thread holds", place, "dev.goasync.sync.Mutex");
    }
    for (Rule rule : RULES) {
      for (int i = 0; i < user; i++) {
        if (nameOf(stack[i]).startsWith(rule.prefix)) {
          return new Call(nameOf(stack[user - 1]), place, rule.replacement);
        }
      }
    }
    return null;
  }

  private static String nameOf(StackTraceElement frame) {
    return frame.getClassName() + "." + frame.getMethodName();
  }
}
