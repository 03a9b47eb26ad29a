package dev.goasync.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goasync.interop.http.StubHttp;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Measures the first use of clients, each in a new JVM; prints what the guide shows. */
@Timeout(300)
final class FirstUseTest {
  private static final int RUNS = 3;

  /** The libraries of the class path; a program rarely has the hundreds of this module. */
  private static final List<String> LIBRARIES =
      List.of("goasync", "postgresql", "jedis", "commons-pool2", "gson", "json", "slf4j-api");

  @Test
  void printsTheGapsOfALoop() throws Exception {
    assumeTrue(Boolean.getBoolean("first.use"), "a measurement; -Dfirst.use=true starts it");
    try (StubHttp http = new StubHttp()) {
      int postgres = Integer.parseInt(Servers.postgres().replaceAll(".*:(\\d+)/.*", "$1"));
      for (int i = 0; i < RUNS; i++) {
        measure("pgjdbc", postgres);
        measure("Jedis", Servers.redis());
        measure("HttpClient", http.port());
      }
    }
  }

  private static void measure(String client, int port) throws Exception {
    for (String where : List.of("loop", "offload")) {
      List<String> command = new ArrayList<>();
      command.add(ProcessHandle.current().info().command().orElse("java"));
      ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
          .filter(argument -> argument.startsWith("--"))
          .forEach(command::add);
      command.addAll(List.of("-cp", classPath(), FirstUse.class.getName()));
      command.addAll(List.of(client, "" + port, where));
      Process measuring = new ProcessBuilder(command).redirectErrorStream(true).start();
      String printed = new String(measuring.getInputStream().readAllBytes(), UTF_8);
      assertThat(measuring.waitFor()).as(printed).isZero();
      System.out.print(
          String.join("\n", printed.lines().filter(line -> line.startsWith(client)).toList())
              + "\n");
    }
  }

  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry ->
            !entry.endsWith(".jar")
                || LIBRARIES.stream().anyMatch(new File(entry).getName()::startsWith))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
