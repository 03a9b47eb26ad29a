package dev.goasync.internal.vthread;

import dev.goasync.stress.Model;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Unparks and the baton of portable mode. Who asks for the baton lends it at once, on its own
 * thread: a request too few leaves the strand waiting for ever, one too many its lender.
 */
final class ConfinedThreadLincheckTest {
  /** One at a time, as a loop does. */
  private static final class Lender implements Executor {
    @Override
    public synchronized void execute(Runnable request) {
      request.run();
    }
  }

  private static @Nullable StandIn current;
  private static volatile boolean ticket;

  private static StandIn strand() {
    return Objects.requireNonNull(current);
  }

  private static void start(Model model) {
    ticket = false;
    current =
        Model.share(
            new StandIn(
                new ConfinedScheduler(new Lender()), ConfinedThreadLincheckTest::awaitTicket));
    model.start(() -> {
      ticket = true;
      strand().unpark();
    });
  }

  private static void awaitTicket() {
    while (!ticket) {
      strand().parkHere();
    }
  }

  private static void finish(Model model) {
    strand().start();
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
  void ofTwoUnparksOneAsksForTheBaton() {
    Model.check(model -> {
      start(model);
      model.start(strand()::unpark);
      finish(model);
    });
  }
}
