#!/usr/bin/env bash
# Agrona 2.6.0: DeadlineTimerWheel.poll with a time after the deadline of all timers.
# Guess: the timers expire, in the order of their deadlines where those are in different ticks.
# Seen: a poll looks at one tick only, so the first poll expires none of them and the number of polls needed depends on the
# time since the last one; and the slot of the wheel decides: the timer of 50 expires before the one of 10.
. "$(dirname "$0")/lib.sh"
jars org.agrona:agrona:2.6.0
program <<'JAVA'
import java.util.*;
import java.util.concurrent.TimeUnit;
import org.agrona.DeadlineTimerWheel;

class Program {
  public static void main(String[] args) {
    var wheel = new DeadlineTimerWheel(TimeUnit.MILLISECONDS, 0, 1, 16);
    Map<Long, Integer> deadlines = new HashMap<>();
    for (int deadline = 10; deadline <= 50; deadline += 10) {
      deadlines.put(wheel.scheduleTimer(deadline), deadline);
    }
    List<Integer> expired = new ArrayList<>();
    DeadlineTimerWheel.TimerHandler handler = (unit, now, id) -> expired.add(deadlines.get(id));
    System.out.println("first poll: " + wheel.poll(1000, handler, 100) + " of " + deadlines.size());
    int polls = 1;
    for (; wheel.timerCount() > 0; polls++) {
      wheel.poll(1000, handler, 100);
    }
    System.out.println("polls: " + polls + ", order: " + expired);
  }
}
JAVA
expect <<'TEXT'
first poll: 0 of 5
polls: 15, order: [50, 20, 40, 10, 30]
TEXT
