package dev.goasync.interop.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.ContextPropagator;
import dev.goasync.GoAsync;
import dev.goasync.interop.OneLoop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.ThreadContext;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.apache.logging.log4j.core.config.builder.impl.BuiltConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Log4j 2: lines of many coroutines, with their names and their thread contexts. */
@Timeout(60)
final class Log4jTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  @TempDir Path dir;

  // guide: begin
  /** Carries Log4j's thread context to coroutines and to {@code offload}. */
  static ContextPropagator threadContext() {
    return () -> {
      Map<String, String> captured = ThreadContext.getImmutableContext();
      if (captured.isEmpty()) {
        return null;
      }
      return work -> {
        Map<String, String> before = ThreadContext.getImmutableContext();
        ThreadContext.clearMap();
        ThreadContext.putAll(captured);
        try {
          work.run();
        } finally {
          ThreadContext.clearMap();
          ThreadContext.putAll(before);
        }
      };
    };
  }

  // guide: end

  private static LoggerContext logTo(Path file) {
    ConfigurationBuilder<BuiltConfiguration> builder =
        ConfigurationBuilderFactory.newConfigurationBuilder();
    builder.add(
        builder
            .newAppender("file", "File")
            .addAttribute("fileName", file.toString())
            .add(builder.newLayout("PatternLayout").addAttribute("pattern", "%t %X{user} %m%n")));
    builder.add(builder.newRootLogger(Level.INFO).add(builder.newAppenderRef("file")));
    var context = new LoggerContext("test");
    context.start(builder.build());
    return context;
  }

  private static void log(Logger logger, int number) {
    ThreadContext.put("user", "user" + number);
    try {
      GoAsync.goAsync("part", () -> logger.info("from a task {}", number)).await();
      GoAsync.offload(() -> logger.info("from a thread {}", number));
    } finally {
      ThreadContext.clearMap();
    }
  }

  @Test
  void linesHaveTheContextOfTheirCoroutine() throws Exception {
    Path file = dir.resolve("log");
    LoggerContext context = logTo(file);
    ContextPropagator propagator = threadContext();
    ContextPropagator.register(propagator);
    try {
      Logger logger = context.getLogger("test");
      one.run(() ->
          GoAsync.awaitAll(
              OneLoop.startMany(number -> {
                log(logger, number);
                return number;
              })));
    } finally {
      ContextPropagator.unregister(propagator);
      Configurator.shutdown(context);
    }
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(2 * OneLoop.MANY);
    for (int i = 0; i < OneLoop.MANY; i++) {
      assertThat(lines).contains("part user" + i + " from a task " + i);
      String fromThread = " user" + i + " from a thread " + i;
      assertThat(lines).anyMatch(line -> line.endsWith(fromThread));
    }
  }
}
