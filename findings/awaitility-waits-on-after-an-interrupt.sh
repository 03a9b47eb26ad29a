#!/usr/bin/env bash
# Awaitility 4.3.0: the thread that waits for a condition is interrupted.
# Guess: the wait ends with an exception, so that a time limit that interrupts the test ends it.
# Seen: it goes on until atMost and throws ConditionTimeoutException, with pollInSameThread() too; the interrupt status is set
# afterwards.
. "$(dirname "$0")/lib.sh"
jars org.awaitility:awaitility:4.3.0
program <<'JAVA'
import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.*;

class Program {
  public static void main(String[] args) throws Exception {
    interrupted("own thread", Awaitility.await());
    interrupted("pollInSameThread", Awaitility.await().pollInSameThread());
  }

  static void interrupted(String name, ConditionFactory condition) throws Exception {
    Duration limit = Duration.ofSeconds(3);
    Thread waiter =
        Thread.ofPlatform().start(() -> {
          long start = System.nanoTime();
          String result = "returned";
          try {
            condition.atMost(limit).until(() -> false);
          } catch (RuntimeException thrown) {
            result = thrown.getClass().getSimpleName();
          }
          boolean whole = System.nanoTime() - start >= limit.toNanos();
          System.out.println(
              name + ": " + result + ", waited the whole time " + whole
                  + ", interrupted " + Thread.currentThread().isInterrupted());
        });
    while (waiter.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    waiter.interrupt();
    waiter.join();
  }
}
JAVA
expect <<'TEXT'
own thread: ConditionTimeoutException, waited the whole time true, interrupted true
pollInSameThread: ConditionTimeoutException, waited the whole time true, interrupted true
TEXT
