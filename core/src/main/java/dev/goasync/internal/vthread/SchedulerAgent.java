package dev.goasync.internal.vthread;

import java.lang.instrument.Instrumentation;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens {@code java.lang} to the library if its jar is given as {@code -javaagent}, or if an
 * executable jar names this class as its {@code Launcher-Agent-Class}. The manifest of the
 * library's jar names this class.
 *
 * <p>The JVM loads the agent by the system class loader. A class loader that prefers its own
 * classes, as web containers have, loads the library a second time; that copy finds the agent's
 * class in the system class loader and has {@code java.lang} opened to itself as well.
 */
public final class SchedulerAgent {
  private static volatile @Nullable Instrumentation instrumentation;
  private static volatile boolean opened;

  private SchedulerAgent() {}

  /** Called by the JVM before {@code main} if the jar is given as {@code -javaagent}. */
  public static void premain(String arguments, Instrumentation ofJvm) {
    instrumentation = ofJvm;
    opened = openTo(SchedulerAgent.class.getModule());
  }

  /** Called by the JVM before {@code main} of an executable jar that names this class. */
  public static void agentmain(String arguments, Instrumentation ofJvm) {
    premain(arguments, ofJvm);
  }

  /**
   * Opens {@code java.lang} to the module of a copy of the library. Called by reflection, from
   * copies of other class loaders.
   *
   * @return false if the JVM was started without the agent
   */
  public static boolean openTo(Module copy) {
    Instrumentation ofJvm = instrumentation;
    if (ofJvm == null) {
      return false;
    }
    Set<Module> library = Set.of(copy);
    ofJvm.redefineModule(
        Object.class.getModule(),
        Set.of(),
        Map.of("jdk.internal.vm", library),
        Map.of("java.lang", library),
        Set.of(),
        Map.of());
    return true;
  }

  /** Asks the agent of the system class loader, if this is another copy of the library. */
  static void askAgentOfSystemLoader() {
    ClassLoader system = ClassLoader.getSystemClassLoader();
    if (opened || SchedulerAgent.class.getClassLoader() == system) {
      return;
    }
    try {
      Class<?> agent = Class.forName(SchedulerAgent.class.getName(), false, system);
      if (agent != SchedulerAgent.class) {
        Module copy = SchedulerAgent.class.getModule();
        opened = (boolean) agent.getMethod("openTo", Module.class).invoke(null, copy);
      }
    } catch (ReflectiveOperationException noAgent) {
      // portable mode, unless an option opens the package
    }
  }

  static boolean hasOpened() {
    return opened;
  }
}
