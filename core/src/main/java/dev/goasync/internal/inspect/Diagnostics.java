package dev.goasync.internal.inspect;

import dev.goasync.inspect.Dump;
import dev.goasync.inspect.DumpOptions;
import dev.goasync.inspect.LoopEvent;
import dev.goasync.inspect.StallDump;
import dev.goasync.internal.loop.Conclusions;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.LoopRegistry;
import dev.goasync.internal.util.Log;
import java.time.Duration;
import java.util.List;

/**
 * Starts what the system properties ask for: a dump on a signal, a management bean, the detectors.
 * Without them it costs each loop the read of a field.
 */
public final class Diagnostics {
  /** The name of the signal, without SIG, on which a dump is printed to standard error. */
  public static final String SIGNAL_PROPERTY = "goasync.dumpOnSignal";

  /** If {@code true}, the management bean is registered. */
  public static final String MBEAN_PROPERTY = "goasync.mbean";

  /** How long a report that a loop's own thread makes waits for another loop. */
  private static final long PATIENCE_MILLIS = 100;

  private static volatile boolean started;

  private Diagnostics() {}

  /** Starts what is configured, once. */
  public static void start() {
    if (!started) {
      startOnce();
    }
  }

  private static synchronized void startOnce() {
    if (started) {
      return;
    }
    started = true;
    Conclusions.install(
        new Conclusions.Source() { // not a lambda, for the sake of a program's start
          @Override
          public List<String> findings() {
            Duration patience = Duration.ofMillis(PATIENCE_MILLIS);
            return dump(DumpOptions.standard().withPatience(patience)).findings();
          }

          @Override
          public List<String> recentEvents(Loop loop, int max) {
            return EventRecorder.recentOf(loop, max).stream().map(LoopEvent::toString).toList();
          }
        });
    String signal = System.getProperty(SIGNAL_PROPERTY);
    if (signal != null) {
      DumpSignal.install(signal);
    }
    if (Boolean.getBoolean(MBEAN_PROPERTY)) {
      registerBean();
    }
    Watch.start();
    String inspector = System.getProperty(InspectorStart.PROPERTY);
    if (inspector != null) {
      InspectorStart.start(inspector);
    }
  }

  private static void registerBean() {
    try {
      DumpBean.register();
    } catch (LinkageError | Exception notAvailable) {
      Log.warning(
          "-D"
              + MBEAN_PROPERTY
              + "=true has no effect: the management bean could not be registered;"
              + " start java with --add-modules java.management",
          notAvailable);
    }
  }

  /** How often code has kept a loop for too long, and the longest of these times. */
  public record LongTurns(long count, Duration longest) {}

  /** The long turns so far; none if their detector does not run. */
  public static LongTurns longTurns() {
    long count = 0;
    Duration longest = Duration.ZERO;
    for (StallDump place : Watch.stalls()) {
      count += place.count();
      longest = place.longest().compareTo(longest) > 0 ? place.longest() : longest;
    }
    return new LongTurns(count, longest);
  }

  /** A dump of all loops. */
  static Dump dump(DumpOptions options) {
    return Dumper.take(LoopRegistry.allIncludingOnCallers(), options);
  }
}
