package dev.goasync.internal.loop;

import dev.goasync.internal.util.Log;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a dump of all loops concludes, and what was recorded of a loop, for the reports of this
 * package and of the deadlock detection. Both come from a package above these, which {@link
 * #install}s itself.
 */
public final class Conclusions {
  /** How many events of a loop a report has. */
  private static final int MAX_EVENTS = 20;

  /** Where the conclusions come from. */
  public interface Source {
    /** The findings of a dump of all loops. Any thread. */
    List<String> findings();

    /** The last events of the loop, newest last; none if they are not recorded. Any thread. */
    List<String> recentEvents(Loop loop, int max);
  }

  private static volatile @Nullable Source source;

  private Conclusions() {}

  /** Sets the source of the conclusions. */
  public static void install(Source newSource) {
    source = newSource;
  }

  /** Appends the conclusions to a report, one a line. Any thread; never throws. */
  public static void appendTo(StringBuilder report) {
    Source installed = source;
    if (installed != null) {
      try {
        installed.findings().forEach(finding -> report.append("\n  finding: ").append(finding));
      } catch (Throwable failed) {
        Log.error("the conclusions of a dump could not be drawn", failed);
      }
    }
  }

  /** Appends the last events of the loop, if they are recorded. Any thread; never throws. */
  public static void appendRecent(StringBuilder report, Loop loop) {
    Source installed = source;
    if (installed != null) {
      try {
        List<String> events = installed.recentEvents(loop, MAX_EVENTS);
        if (!events.isEmpty()) {
          report.append("\n  recent events of ").append(loop.name());
          events.forEach(event -> report.append("\n    ").append(event));
        }
      } catch (Throwable failed) {
        Log.error("the events of " + loop.name() + " could not be read", failed);
      }
    }
  }
}
