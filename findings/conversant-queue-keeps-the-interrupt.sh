#!/usr/bin/env bash
# Conversant Disruptor 1.2.21, JDK 25: the interrupt status after a wait on a BlockingQueue threw InterruptedException.
# Guess: cleared, as in the JDK, so a caller that handles the exception can wait again.
# Seen: still set, so the caller's next wait, on whatever it is, throws at once.
. "$(dirname "$0")/lib.sh"
jars com.conversantmedia:disruptor:1.2.21
program <<'JAVA'
import com.conversantmedia.util.concurrent.*;
import java.util.concurrent.*;

class Program {
  public static void main(String[] args) {
    show("JDK", new ArrayBlockingQueue<>(8));
    show("Conversant, DisruptorBlockingQueue", new DisruptorBlockingQueue<>(8));
    show("Conversant, PushPullBlockingQueue", new PushPullBlockingQueue<>(8));
  }

  static void show(String name, BlockingQueue<Integer> queue) {
    Thread.currentThread().interrupt();
    String taken;
    try {
      taken = "returned " + queue.take();
    } catch (InterruptedException thrown) {
      taken = "threw, interrupted " + Thread.currentThread().isInterrupted();
    }
    String slept = "slept";
    try {
      Thread.sleep(1);
    } catch (InterruptedException thrown) {
      slept = "sleep threw";
    }
    System.out.println(name + ": take " + taken + ", then " + slept);
  }
}
JAVA
expect <<'TEXT'
JDK: take threw, interrupted false, then slept
Conversant, DisruptorBlockingQueue: take threw, interrupted true, then sleep threw
Conversant, PushPullBlockingQueue: take threw, interrupted true, then sleep threw
TEXT
