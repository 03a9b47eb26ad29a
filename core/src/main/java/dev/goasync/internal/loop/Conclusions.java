package dev.goasync.internal.loop;

import dev.goasync.internal.util.Log;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a dump of all loops concludes, for the reports of this package and of the deadlock
 * detection. The dump is taken by a package above these, which {@link #install}s itself.
 */
public final class Conclusions {
  private static volatile @Nullable Supplier<List<String>> source;

  private Conclusions() {}

  /** Sets the source of the conclusions. */
  public static void install(Supplier<List<String>> newSource) {
    source = newSource;
  }

  /** Appends the conclusions to a report, one a line. Any thread; never throws. */
  public static void appendTo(StringBuilder report) {
    Supplier<List<String>> installed = source;
    if (installed != null) {
      try {
        installed.get().forEach(finding -> report.append("\n  finding: ").append(finding));
      } catch (Throwable failed) {
        Log.error("the conclusions of a dump could not be drawn", failed);
      }
    }
  }
}
