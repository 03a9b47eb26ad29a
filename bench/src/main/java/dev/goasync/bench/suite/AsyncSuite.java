package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.Suite;
import dev.goasync.bench.harness.Target;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.util.List;

/** Plain code in coroutines compared with futures, callbacks and async/await. */
public final class AsyncSuite implements Suite {
  private static final String US = "GoAsyncChain.";
  private static final String FUTURES = "FutureChain.";
  private static final String PEER = "completable-future";

  @Override
  public String name() {
    return "async";
  }

  @Override
  public String purpose() {
    return "A request that needs three asynchronous steps, each the next one's input (chain-3), and"
        + " one that needs one step below ten calls that each add to its result (depth-10); 100 at"
        + " once on one loop. A step is done at the loop's next turn, so what is measured is what"
        + " waiting costs each style: plain calls in a coroutine, CompletableFuture, Netty's"
        + " futures with callbacks, suspend functions, async/await.";
  }

  @Override
  public int rounds(boolean quick) {
    return quick ? 1 : 5;
  }

  @Override
  public List<String> notQuick() {
    return List.of("chain-3");
  }

  @Override
  public List<Trial> trials(Workplace place) {
    return new Steps(place)
        .micro("goasync", "chain-3", US + "chain")
        .micro(PEER, "chain-3", FUTURES + "chain")
        .others("chain-3")
        .micro("goasync", "depth-10", US + "depth")
        .micro(PEER, "depth-10", FUTURES + "depth")
        .others("depth-10")
        .trials();
  }

  @Override
  public List<Target> targets() {
    return List.of(
        Target.ratio(
            "one step below ten calls, of CompletableFuture's",
            1,
            "depth-10",
            PEER,
            Metric.NS_PER_OP));
  }
}
