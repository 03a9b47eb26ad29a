#!/usr/bin/env bash
# Conversant Disruptor 1.2.21, JDK 25: addAll of more elements than fit, and toArray with a type, of two BlockingQueues.
# Guess: as ArrayBlockingQueue: addAll throws IllegalStateException, toArray returns a copy of the elements.
# Seen: addAll returns true and the elements that did not fit are lost; toArray(new Integer[0]) returns an array of length 0
# although toArray() has the elements.
. "$(dirname "$0")/lib.sh"
jars com.conversantmedia:disruptor:1.2.21
program <<'JAVA'
import com.conversantmedia.util.concurrent.DisruptorBlockingQueue;
import java.util.*;
import java.util.concurrent.*;
import java.util.stream.IntStream;

class Program {
  public static void main(String[] args) {
    show("JDK", new ArrayBlockingQueue<>(8));
    show("Conversant", new DisruptorBlockingQueue<>(8));
  }

  static void show(String name, BlockingQueue<Integer> queue) {
    queue.addAll(List.of(1, 2, 3));
    System.out.println(
        name + ": toArray() " + Arrays.toString(queue.toArray())
            + ", toArray(new Integer[0]) " + Arrays.toString(queue.toArray(new Integer[0])));
    String result;
    try {
      result = "returned " + queue.addAll(IntStream.range(0, 100).boxed().toList());
    } catch (IllegalStateException full) {
      result = "threw";
    }
    System.out.println(name + ": addAll of 100 more " + result + ", size " + queue.size());
  }
}
JAVA
expect <<'TEXT'
JDK: toArray() [1, 2, 3], toArray(new Integer[0]) [1, 2, 3]
JDK: addAll of 100 more threw, size 8
Conversant: toArray() [1, 2, 3], toArray(new Integer[0]) []
Conversant: addAll of 100 more returned true, size 8
TEXT
