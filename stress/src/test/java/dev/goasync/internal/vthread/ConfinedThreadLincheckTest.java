package dev.goasync.internal.vthread;

import dev.goasync.stress.Model;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Unparks and the permit of portable mode. A request for the permit is run at once, on the thread
 * that makes it: a missing request leaves the confined thread waiting for ever, an extra one leaves
 * the executor's thread waiting.
 */
final class ConfinedThreadLincheckTest {
  /** Runs one request at a time, as a loop does. */
  private static final class SerialExecutor implements Executor {
    @Override
    public synchronized void execute(Runnable request) {
      request.run();
    }
  }

  private static @Nullable StandIn current;
  private static volatile boolean ticket;

  private static StandIn confined() {
    return Objects.requireNonNull(current);
  }

  private static void start(Model model) {
    ticket = false;
    current =
        Model.share(
            new StandIn(
                new ConfinedScheduler(new SerialExecutor()),
                ConfinedThreadLincheckTest::awaitTicket));
    model.start(() -> {
      ticket = true;
      confined().unpark();
    });
  }

  private static void awaitTicket() {
    while (!ticket) {
      confined().parkHere();
    }
  }

  private static void finish(Model model) {
    confined().start();
    model.join();
  }

  @Test
  void anUnparkEndsTheParkItRacesWith() {
    Model.check(model -> {
      start(model);
      finish(model);
    });
  }

  @Test
  void ofTwoUnparksOneRequestsThePermit() {
    Model.check(model -> {
      start(model);
      model.start(confined()::unpark);
      finish(model);
    });
  }
}
