package dev.goasync.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.internal.vthread.SchedulerAccess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs a main class of the test sources in a JVM of its own, in this one's mode, on its backend.
 */
public final class ChildJvm {
  /** What decides how I/O is done. */
  private static final List<String> INHERITED = List.of("goasync.backend", "goasync.uring.without");

  private static final int SAFETY_NET_SECONDS = 60;

  private ChildJvm() {}

  /** What was left of a child. */
  public record Ended(int exitCode, String out, String err) {
    /** Fails unless the child ended by itself with exit code 0. */
    public Ended assertSuccess() {
      assertThat(exitCode).as("exit code; standard error: %s", err).isZero();
      return this;
    }
  }

  /**
   * Runs {@code main} to its end.
   *
   * @param options more options of the JVM
   * @throws AssertionError if it does not end
   */
  public static Ended run(Class<?> main, String... options)
      throws IOException, InterruptedException {
    return run(command(main, options));
  }

  /**
   * Like {@link #run(Class, String...)}, for a program that is not allowed native calls; options in
   * the environment, which might name a backend, are left out.
   */
  public static Ended runWithoutNativeAccess(Class<?> main, String... options)
      throws IOException, InterruptedException {
    List<String> command = command(main, options);
    command.removeIf(option -> option.startsWith("--enable-native-access"));
    command.addAll(0, List.of("env", "-u", "JDK_JAVA_OPTIONS"));
    return run(command);
  }

  /** Like {@link #run(Class, String...)}, for a program that may have so many descriptors open. */
  public static Ended runWithDescriptors(int most, Class<?> main, String... options)
      throws IOException, InterruptedException {
    return runBy("ulimit -n " + most + " && exec \"$@\"", main, options);
  }

  /**
   * Like {@link #run(Class, String...)}, by a shell, to which the child's command is {@code $@}.
   */
  public static Ended runBy(String shell, Class<?> main, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", shell, "sh"));
    command.addAll(command(main, options));
    return run(command);
  }

  /**
   * The command that {@link #run(Class, String...)} starts, for tests that start it differently.
   */
  public static List<String> commandOf(Class<?> main, String... options) {
    return command(main, options);
  }

  private static Ended run(List<String> command) throws IOException, InterruptedException {
    Path out = Files.createTempFile("child", ".out");
    Path err = Files.createTempFile("child", ".err");
    try {
      Process process =
          new ProcessBuilder(DefaultSignals.of(command))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      process.getOutputStream().close();
      boolean ended = process.waitFor(SAFETY_NET_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly().waitFor();
      }
      String errText = Files.readString(err);
      assertThat(ended).as("the child ends; standard error: %s", errText).isTrue();
      return new Ended(process.exitValue(), Files.readString(out), errText);
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  private static List<String> command(Class<?> main, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
    command.add("--enable-native-access=ALL-UNNAMED");
    if (SchedulerAccess.isFullMode()) {
      command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
      command.add("--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED");
    } else {
      command.add("-D" + SchedulerAccess.PORTABLE_PROPERTY + "=true");
    }
    for (String property : INHERITED) {
      String value = System.getProperty(property);
      if (value != null) {
        command.add("-D" + property + "=" + value);
      }
    }
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath()), main.getName()));
    return command;
  }

  /** Tests may run on the class path or on the module path; a child runs on the class path. */
  private static Set<String> classPath() {
    Set<String> path = new LinkedHashSet<>();
    path.add(placeOf("/dev/goasync/GoAsync.class"));
    path.add(placeOf("/dev/goasync/testkit/ChildJvm.class"));
    addAll(path, System.getProperty("java.class.path"));
    addAll(path, System.getProperty("jdk.module.path"));
    return path;
  }

  private static void addAll(Set<String> path, @Nullable String more) {
    if (more != null && !more.isEmpty()) {
      path.addAll(List.of(more.split(File.pathSeparator)));
    }
  }

  private static String placeOf(String resource) {
    var url = ChildJvm.class.getResource(resource);
    if (url == null || !url.getProtocol().equals("file")) {
      throw new IllegalStateException(resource + " is in no directory: " + url);
    }
    String file = url.getPath();
    return file.substring(0, file.length() - resource.length());
  }
}
