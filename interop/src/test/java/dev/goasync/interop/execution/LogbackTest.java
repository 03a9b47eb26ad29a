package dev.goasync.interop.execution;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import dev.goasync.ContextPropagator;
import dev.goasync.GoAsync;
import dev.goasync.interop.OneLoop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.MDC;

/** Logback: lines of many coroutines, with their names and their diagnostic contexts. */
@Timeout(60)
final class LogbackTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  @TempDir Path dir;

  // guide: begin
  /** Carries the diagnostic context of SLF4J to coroutines and to {@code offload}. */
  static ContextPropagator diagnosticContext() {
    return () -> {
      Map<String, String> captured = MDC.getCopyOfContextMap();
      if (captured == null) {
        return null;
      }
      return work -> {
        Map<String, String> before = MDC.getCopyOfContextMap();
        MDC.setContextMap(captured);
        try {
          work.run();
        } finally {
          if (before == null) {
            MDC.clear();
          } else {
            MDC.setContextMap(before);
          }
        }
      };
    };
  }

  // guide: end

  private LoggerContext logTo(Path file) {
    var context = new LoggerContext();
    context.setMDCAdapter(MDC.getMDCAdapter());
    var encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%thread %X{user} %msg%n");
    encoder.start();
    var appender = new FileAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.setFile(file.toString());
    appender.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
    return context;
  }

  private static void log(Logger logger, int number) {
    MDC.put("user", "user" + number);
    try {
      GoAsync.goAsync("part", () -> logger.info("from a task {}", number)).await();
      GoAsync.offload(() -> logger.info("from a thread {}", number));
    } finally {
      MDC.clear();
    }
  }

  @Test
  void linesHaveTheContextOfTheirCoroutine() throws Exception {
    Path file = dir.resolve("log");
    LoggerContext context = logTo(file);
    ContextPropagator propagator = diagnosticContext();
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
      context.stop();
    }
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(2 * OneLoop.MANY);
    for (int i = 0; i < OneLoop.MANY; i++) {
      assertThat(lines).contains("part user" + i + " from a task " + i);
      String fromThread = " user" + i + " from a thread " + i;
      assertThat(lines).anyMatch(line -> line.endsWith(fromThread));
    }
  }

  @Test
  void theDiagnosticContextReachesTheWorkOfACoroutine() throws Exception {
    Hops.check(
        one,
        diagnosticContext(),
        (value, work) -> {
          try (var _ = MDC.putCloseable("request", value)) {
            work.run();
          }
        },
        () -> MDC.get("request"));
  }
}
