package dev.goasync.internal.loop;

import dev.goasync.internal.util.Log;
import dev.goasync.internal.util.WorkerThread;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the JDK's flight recorder (JFR) records, and only then loads the {@link Tracer}
 * that writes its events: the classes of JFR cost a program's start more than the program itself,
 * and may be missing. A recording that is written to disk sets a system property, which costs
 * nothing to look for, so a loop looks for it from its first turn on. A recording in memory is
 * found by a class of JFR, which a loop loads after some turns.
 */
public final class Tracing {
  /** Set by the JDK while a recording is written to disk. */
  static final String REPOSITORY_PROPERTY = "jdk.jfr.repository";

  /** A loop loads the class of JFR after so many turns, before which a short program ends. */
  static final int TURNS_BEFORE_JFR = 256;

  private static final String IMPLEMENTATION = "dev.goasync.internal.jfr.JfrTracer";

  /** How many of the last events of each loop are recorded for dumps; none without it. */
  public static final String RECORDER_PROPERTY = "goasync.recorder";

  private static final String RECORDER = "dev.goasync.internal.inspect.EventRecorder";

  private static volatile @Nullable Tracer jfr;
  private static volatile boolean unavailable;
  private static final AtomicBoolean LOADING = new AtomicBoolean();

  private Tracing() {}

  /** The tracer of a recording, for events that are rare; null if there is none. Any thread. */
  public static @Nullable Tracer ofRecording() {
    return jfr != null || System.getProperty(REPOSITORY_PROPERTY) == null ? jfr : load();
  }

  /**
   * Traces the loop from now on if there is a recording and its tracer is loaded. A loop that has
   * begun to run coroutines has another thread load it, which takes some tens of milliseconds.
   *
   * @return whether the loop need not call this again
   */
  static boolean attach(Loop loop, boolean loadHere) {
    if (jfr == null && !unavailable && isRecording()) {
      if (loadHere) {
        load();
      } else if (LOADING.compareAndSet(false, true)) {
        new WorkerThread(Tracing::load, "goasync-jfr-").start();
      }
    }
    Tracer found = jfr;
    if (found != null) {
      Tracer recorder = loop.tracer;
      loop.tracer = recorder == null ? found : new TwoTracers(recorder, found);
    }
    return found != null || unavailable;
  }

  /**
   * Records the events of the loop for dumps from now on; {@link #RECORDER_PROPERTY} is set. The
   * loop's thread, in its first turn.
   */
  static void record(Loop loop) {
    try {
      loop.tracer = create(RECORDER);
    } catch (ReflectiveOperationException | LinkageError notAvailable) {
      Log.warning("the events of " + loop.name() + " are not recorded", notAvailable);
    }
  }

  private static boolean isRecording() {
    try {
      return FlightRecorder.isInitialized();
    } catch (LinkageError missing) {
      unavailable = true; // the module jdk.jfr is not there
      return false;
    }
  }

  private static synchronized @Nullable Tracer load() {
    if (jfr == null && !unavailable) {
      try {
        jfr = create(IMPLEMENTATION);
      } catch (ReflectiveOperationException | LinkageError notAvailable) {
        unavailable = true;
        Log.warning("the events of goasync are missing in the JFR recording", notAvailable);
      }
    }
    return jfr;
  }

  private static Tracer create(String name) throws ReflectiveOperationException {
    Class<?> type = Class.forName(name, true, Tracing.class.getClassLoader());
    return (Tracer) type.getConstructor().newInstance();
  }
}
