package dev.goasync.internal.vthread;

import dev.goasync.stress.Model;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** The baton of portable mode: no unpark is lost, one strand runs at a time. */
final class StrandLincheckTest {
  /** The main thread of the model as executor. */
  private static final class Lender implements Executor {
    private final Thread thread = Thread.currentThread();
    private final ArrayDeque<Runnable> requests = new ArrayDeque<>();

    @Override
    public void execute(Runnable request) {
      synchronized (requests) {
        requests.add(request);
      }
      LockSupport.unpark(thread);
    }

    private Runnable poll() {
      synchronized (requests) {
        return requests.poll();
      }
    }

    void runUntil(BooleanSupplier over) {
      while (!over.getAsBoolean()) {
        Runnable request = poll();
        if (request == null) {
          LockSupport.park();
        } else {
          request.run();
        }
      }
      Model.require(poll() == null, "no request is left over");
    }
  }

  private final StandIn[] strand = new StandIn[2];
  private volatile int tickets;
  private int unguarded;
  private boolean busy;

  @Test
  void anUnparkEndsTheParkItRacesWith() {
    Model.check(model -> {
      Model.share(this);
      tickets = 0;
      Lender lender = Model.share(new Lender());
      strand[0] = Model.share(new StandIn(new Carrier(lender), () -> awaitTickets(false)));
      model.started(strand[0].thread());
      model.start(this::giveTickets);
      lender.runUntil(() -> strand[0].ended);
    });
  }

  @Test
  void anUnparkSurvivesAYield() {
    Model.check(model -> {
      Model.share(this);
      tickets = 0;
      Lender lender = Model.share(new Lender());
      strand[0] = Model.share(new StandIn(new Carrier(lender), () -> awaitTickets(true)));
      model.started(strand[0].thread());
      model.start(this::giveTickets);
      lender.runUntil(() -> strand[0].ended);
    });
  }

  private void giveTickets() {
    for (int i = 1; i <= 2; i++) {
      tickets = i;
      strand[0].unpark();
    }
  }

  private void awaitTickets(boolean yields) {
    for (int i = 1; i <= 2; i++) {
      if (yields) {
        strand[0].yieldHere();
      }
      while (tickets < i) {
        strand[0].parkHere();
      }
    }
  }

  @Test
  void twoStrandsNeverRunTogether() {
    Model.check(model -> {
      Model.share(this);
      unguarded = 0;
      busy = false;
      Lender lender = Model.share(new Lender());
      Carrier carrier = new Carrier(lender);
      for (int i = 0; i < 2; i++) {
        int self = i;
        strand[i] = Model.share(new StandIn(carrier, () -> takeTurns(self)));
      }
      model.started(strand[0].thread());
      model.started(strand[1].thread());
      lender.runUntil(() -> strand[0].ended && strand[1].ended);
      Model.require(unguarded == 4, "no turn is lost");
    });
  }

  private void takeTurns(int self) {
    for (int turn = 0; turn < 2; turn++) {
      Model.require(!busy, "one at a time");
      busy = true;
      unguarded++;
      busy = false;
      strand[self].yieldHere();
    }
  }
}
