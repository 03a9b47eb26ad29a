package dev.goasync.testkit;

import java.util.concurrent.CompletableFuture;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Receives the first message that the library logs in a test, and keeps all of them from the
 * console. A field of the test, with {@code @RegisterExtension}.
 */
public final class FirstLogged implements BeforeEachCallback, AfterEachCallback {
  private final Logger logger = Logger.getLogger("dev.goasync");
  private final CompletableFuture<String> message = new CompletableFuture<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          message.complete(entry.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  /** Completed by the thread that logs. */
  public CompletableFuture<String> message() {
    return message;
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
  }
}
