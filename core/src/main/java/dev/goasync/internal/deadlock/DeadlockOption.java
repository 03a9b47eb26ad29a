package dev.goasync.internal.deadlock;

import dev.goasync.internal.util.Log;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What happens to a deadlock that was found; chosen by a system property for the process. */
public enum DeadlockOption {
  /** The wait that can never end throws a {@code DeadlockException}. */
  THROW,
  /** The report is logged, and the wait goes on. */
  LOG,
  /** Deadlocks are not looked for. */
  OFF;

  /** The system property; its values are the constants in lower case. */
  public static final String PROPERTY = "goasync.deadlock";

  private static final DeadlockOption CHOSEN = parse(System.getProperty(PROPERTY));

  /** The option of this process. */
  public static DeadlockOption chosen() {
    return CHOSEN;
  }

  static DeadlockOption parse(@Nullable String value) {
    if (value == null) {
      return THROW;
    }
    for (DeadlockOption option : values()) {
      if (value.equals(option.name().toLowerCase(Locale.ROOT))) {
        return option;
      }
    }
    Log.warning(
        "-D" + PROPERTY + "=" + value + " is ignored: the value must be throw, log or off", null);
    return THROW;
  }
}
