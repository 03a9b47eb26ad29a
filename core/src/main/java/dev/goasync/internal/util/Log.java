package dev.goasync.internal.util;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes to the logger {@code dev.goasync} and never throws.
 *
 * <p>A log handler, or the {@code toString} of an object in a message, is code of the user and may
 * throw. Most callers run on a loop's thread, which such an exception would end. A record that
 * cannot be logged goes to the standard error stream; if that fails too it is lost.
 */
public final class Log {
  private static final String NAME = "dev.goasync";

  private Log() {}

  /** Logs an error. Any thread. */
  public static void error(String message, @Nullable Throwable cause) {
    log(System.Logger.Level.ERROR, message, cause);
  }

  /** Logs an error whose message calls code of the user. Any thread. */
  public static void error(Supplier<String> message, @Nullable Throwable cause) {
    String text;
    try {
      text = message.get();
    } catch (Throwable thrown) {
      text = "an error whose description threw " + nameOf(thrown);
    }
    error(text, cause);
  }

  /** Logs a warning. Any thread. */
  public static void warning(String message, @Nullable Throwable cause) {
    log(System.Logger.Level.WARNING, message, cause);
  }

  private static void log(System.Logger.Level level, String message, @Nullable Throwable cause) {
    try {
      // Looked up here and not in a field: the logging system costs a start some 10 ms.
      System.Logger logger = System.getLogger(NAME);
      if (cause == null) {
        logger.log(level, message);
      } else {
        logger.log(level, message, cause);
      }
    } catch (Throwable handlerFailed) {
      print(message, cause, handlerFailed);
    }
  }

  private static void print(String message, @Nullable Throwable cause, Throwable handlerFailed) {
    try {
      var text = new StringWriter();
      var writer = new PrintWriter(text);
      writer.println(NAME + ": " + message + " (logging it threw " + nameOf(handlerFailed) + ")");
      if (cause != null) {
        cause.printStackTrace(writer);
      }
      System.err.print(text);
    } catch (Throwable lost) {
      // There is no place left to report it.
    }
  }

  /** The class only: the message of an exception may be computed by code that throws. */
  private static String nameOf(Throwable thrown) {
    return thrown.getClass().getName();
  }
}
