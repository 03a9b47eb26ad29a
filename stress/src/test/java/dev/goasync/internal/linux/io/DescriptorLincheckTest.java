package dev.goasync.internal.linux.io;

import dev.goasync.stress.Model;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * The number is closed exactly once, and never while an operation uses it. The descriptor has no
 * cleaner, whose thread the model does not control.
 */
final class DescriptorLincheckTest {
  private static final class Use extends Descriptor.Use {
    @Override
    protected void interrupt() {}
  }

  @Test
  void twoUsersAndACloser() {
    check(2, 0);
  }

  @Test
  void aUserAndTwoClosers() {
    check(1, 1);
  }

  private static void check(int users, int closers) {
    Model.check(model -> {
      Descriptor descriptor = Model.share(Descriptor.takenOver(7, "a number"));
      AtomicInteger closes = Model.share(new AtomicInteger());
      for (int i = 0; i < users; i++) {
        model.start(() -> use(descriptor, closes));
      }
      for (int i = 0; i < closers; i++) {
        model.start(() -> close(descriptor, closes));
      }
      close(descriptor, closes);
      model.join();
      Model.require(closes.get() == 1, "closed once");
    });
  }

  private static void use(Descriptor descriptor, AtomicInteger closes) {
    Use use = new Use();
    try {
      descriptor.enter(use);
    } catch (ClosedChannelException refused) {
      return;
    }
    Model.require(closes.get() == 0, "open while it is used");
    if (descriptor.unlink(use)) {
      closes.incrementAndGet();
    }
  }

  private static void close(Descriptor descriptor, AtomicInteger closes) {
    if (descriptor.markClosed()) {
      closes.incrementAndGet();
    }
  }
}
