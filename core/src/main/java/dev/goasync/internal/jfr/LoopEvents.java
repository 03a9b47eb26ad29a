package dev.goasync.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** The events of loops. */
final class LoopEvents {
  private LoopEvents() {}

  /**
   * Written before an event of a loop's own thread. The JDK (seen with 25.0.3) loses the first
   * event that a thread writes after a virtual thread wrote one on it; so it loses this one.
   */
  @Name("dev.goasync.Separator")
  @Label("Separator")
  @Description("Has no meaning; keeps the JDK from losing the event of a loop that follows")
  @Category("GoAsync")
  @StackTrace(false)
  static final class Separator extends Event {}

  @Name("dev.goasync.Turn")
  @Label("Loop Turn")
  @Description("A loop ran what was ready, and nothing else meanwhile")
  @Category("GoAsync")
  @Threshold("10 ms")
  @StackTrace(false)
  static final class Turn extends Event {
    @Label("Loop")
    @Nullable String loop;

    @Label("Coroutines Run")
    @Description("How many continuations and callbacks ran")
    long run;
  }

  @Name("dev.goasync.Stall")
  @Label("Stall")
  @Description("Code keeps a loop from running anything else; needs -Dgoasync.longTurnMillis")
  @Category("GoAsync")
  @StackTrace(false)
  static final class Stall extends Event {
    @Label("Loop")
    @Nullable String loop;

    @Label("Task")
    @Nullable String task;

    @Label("Place")
    @Description("The first line of the stack that is not of the library or the JDK")
    @Nullable String place;

    @Label("Time So Far")
    @Timespan(Timespan.NANOSECONDS)
    long time;
  }

  @Name("dev.goasync.LoopStatistics")
  @Label("Loop Statistics")
  @Category("GoAsync")
  @Period("1 s")
  @StackTrace(false)
  static final class Statistics extends Event {
    @Label("Loop")
    @Nullable String loop;

    @Label("Coroutines")
    int coroutines;

    @Label("Ready")
    int ready;

    @Label("Timers")
    int timers;

    @Label("Operations In Flight")
    int inFlight;

    @Label("Turns")
    @Description("Since the loop was started")
    long turns;

    @Label("Coroutines Run")
    @Description("How many continuations and callbacks ran since the loop was started")
    long run;
  }
}
