package dev.goasync.bridge;

import dev.goasync.Caller;
import dev.goasync.testkit.Waiting;
import java.util.Arrays;

/** Waits until the callers started beside this one wait in a socket operation. */
final class Parked {
  private Parked() {}

  static void untilTwoWait(Kind kind) throws Exception {
    if (kind.caller() == Caller.COROUTINE) {
      Waiting.forATurn();
    } else if (kind == Kind.OF_JDK) {
      Waiting.until(() -> inCallsOfJdk() == 2);
    } else {
      Waiting.untilThreadsWait(2);
    }
  }

  private static long inCallsOfJdk() {
    return Thread.getAllStackTraces().values().stream()
        .filter(stack -> stack.length > 0 && stack[0].isNativeMethod())
        .filter(stack ->
            Arrays.stream(stack)
                .anyMatch(frame -> frame.getClassName().equals("sun.nio.ch.NioSocketImpl")))
        .count();
  }
}
