package dev.goasync.internal.util;

import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Checks the library's system properties, whose names begin with {@code goasync.}. Any thread. */
public final class Settings {
  private static final String PREFIX = "goasync.";

  private static final Set<String> FLAGS =
      Set.of(
          "goasync.daemon",
          "goasync.faults",
          "goasync.mbean",
          "goasync.nio.withoutSecureDirectories",
          "goasync.noThread",
          "goasync.portable",
          "goasync.trace",
          "goasync.withoutOpenat2");

  private static final Set<String> POSITIVE_NUMBERS =
      Set.of(
          "goasync.blockingCallMillis",
          "goasync.longCloseMillis",
          "goasync.longTurnMillis",
          "goasync.longWaitMillis",
          "goasync.offloadThreads",
          "goasync.starvationMillis");

  private static final String USES_BEFORE_MULTISHOT = "goasync.uring.usesBeforeMultishot";

  private static final String RECORDER = "goasync.recorder";

  /** The largest value of {@code goasync.recorder}. */
  public static final int MAX_RECORDED = 1 << 16;

  /** The smallest value of {@code goasync.growthLimit}: one rise shows no trend. */
  private static final int MIN_GROWTH_LIMIT = 2;

  private static final String DEADLOCK = "goasync.deadlock";
  private static final Set<String> DEADLOCK_VALUES = Set.of("throw", "log", "off");

  /** Properties whose readers check the value. */
  private static final Set<String> OTHERS =
      Set.of(
          "goasync.backend",
          "goasync.coroutine",
          "goasync.dumpOnSignal",
          "goasync.inspector",
          "goasync.schedulerWays.without",
          "goasync.uring.simulateErrno",
          "goasync.uring.without");

  private static volatile boolean checked;

  private Settings() {}

  /**
   * Checks all properties once. A misspelt name is logged as a warning.
   *
   * @throws IllegalArgumentException if a property has a wrong value; then each call throws
   */
  public static void check() {
    if (!checked) {
      List<String> warnings = problems(System.getProperties());
      checked = true;
      for (String warning : warnings) {
        Log.warning(warning, null);
      }
    }
  }

  /**
   * One sentence for each property with an unknown name.
   *
   * @throws IllegalArgumentException if a known property has a wrong value
   */
  static List<String> problems(Properties properties) {
    var unknown = new TreeSet<String>();
    for (String name : properties.stringPropertyNames()) {
      if (name.startsWith(PREFIX) && !isKnown(name, properties.getProperty(name))) {
        String similar = mostSimilar(name);
        unknown.add(
            "unknown property -D"
                + name
                + (similar == null ? "" : "; did you mean " + similar + "?"));
      }
    }
    return List.copyOf(unknown);
  }

  private static boolean isKnown(String name, String value) {
    if (FLAGS.contains(name)) {
      checkFlag(name, value);
    } else if (name.equals(DEADLOCK)) {
      if (!DEADLOCK_VALUES.contains(value)) {
        throw wrong(name, "throw, log or off", value);
      }
    } else if (POSITIVE_NUMBERS.contains(name)) {
      checkNumber(name, value, 1, Integer.MAX_VALUE, "a positive number");
    } else if (name.equals(UnclosedResource.GROWTH_PROPERTY)) {
      String wanted = "a number of at least " + MIN_GROWTH_LIMIT;
      checkNumber(name, value, MIN_GROWTH_LIMIT, Integer.MAX_VALUE, wanted);
    } else if (name.equals(RECORDER)) {
      checkNumber(name, value, 1, MAX_RECORDED, "a number from 1 to " + MAX_RECORDED);
    } else if (name.equals(USES_BEFORE_MULTISHOT)) {
      checkNumber(name, value, 0, Integer.MAX_VALUE, "a number that is not negative");
    } else {
      return OTHERS.contains(name);
    }
    return true;
  }

  private static void checkFlag(String name, String value) {
    if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
      throw wrong(name, "true or false", value);
    }
  }

  private static void checkNumber(String name, String value, int min, int max, String wanted) {
    try {
      int number = Integer.decode(value);
      if (number >= min && number <= max) {
        return;
      }
    } catch (NumberFormatException noNumber) {
      // refused below
    }
    throw wrong(name, wanted, value);
  }

  private static IllegalArgumentException wrong(String name, String wanted, String value) {
    return new IllegalArgumentException(
        "property -D" + name + " must be " + wanted + ": \"" + value + "\"");
  }

  /** The known name at the smallest edit distance, if that is at most a third of the name. */
  private static @Nullable String mostSimilar(String name) {
    var known = new TreeSet<>(FLAGS);
    known.addAll(OTHERS);
    known.add(DEADLOCK);
    known.add(RECORDER);
    known.add(UnclosedResource.GROWTH_PROPERTY);
    known.addAll(POSITIVE_NUMBERS);
    known.add(USES_BEFORE_MULTISHOT);
    String best = null;
    int least = (name.length() - PREFIX.length()) / 3 + 1;
    for (String candidate : known) {
      int distance = distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (distance < least) {
        least = distance;
        best = candidate;
      }
    }
    return best;
  }

  /** The Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
