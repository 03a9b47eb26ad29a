package dev.goasync.internal.vthread;

import java.lang.instrument.Instrumentation;
import java.util.Map;
import java.util.Set;

/**
 * Opens {@code java.lang} to the library if its jar is given as {@code -javaagent}. The jar's
 * manifest names this class.
 */
public final class SchedulerAgent {
  private static volatile boolean opened;

  private SchedulerAgent() {}

  /** Called by the JVM before {@code main}. */
  public static void premain(String arguments, Instrumentation instrumentation) {
    Set<Module> library = Set.of(SchedulerAgent.class.getModule());
    instrumentation.redefineModule(
        Object.class.getModule(),
        Set.of(),
        Map.of("jdk.internal.vm", library),
        Map.of("java.lang", library),
        Set.of(),
        Map.of());
    opened = true;
  }

  static boolean hasOpened() {
    return opened;
  }
}
