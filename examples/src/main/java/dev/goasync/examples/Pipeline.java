package dev.goasync.examples;

import static dev.goasync.GoAsync.awaitAll;
import static dev.goasync.GoAsync.goAsync;
import static dev.goasync.GoAsync.sleep;

import dev.goasync.Task;
import dev.goasync.sync.Channel;
import dev.goasync.sync.Select;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Processes orders in stages connected by channels: a source, three cooks, a counter. The channels
 * are bounded, so a slow stage slows down the stages before it. Ctrl-C stops the source, and the
 * orders in the pipeline are completed. Usage: {@code pipeline [--endless]}
 */
public final class Pipeline {
  private static final int ORDERS = 200;
  private static final int COOKS = 3;
  private static final Duration COOKING = Duration.ofMillis(1);
  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(10);

  private record Dish(int order, int cook) {}

  private final Channel<Integer> orders = Channel.bounded(8);
  private final Channel<Dish> dishes = Channel.bounded(8);
  private final Channel<String> stop = Channel.conflated();
  private int taken;
  private int served;

  private Pipeline() {}

  public static void main(String[] args) {
    Cli.run(
        "pipeline [--endless]",
        args,
        options -> {
          int orders = options.has("--endless") ? Integer.MAX_VALUE : ORDERS;
          goAsync(() -> new Pipeline().run(orders)).await();
        });
  }

  private void run(int maxOrders) {
    Task<?> done = goAsync(() -> stages(maxOrders));
    Thread drain = new Thread(() -> stopAndWait(done), "drain");
    Runtime.getRuntime().addShutdownHook(drain);
    System.out.println("open");
    done.await();
  }

  /** Runs in a shutdown hook after Ctrl-C: the JVM exits when this method returns. */
  private void stopAndWait(Task<?> done) {
    if (!done.isCompleted()) {
      stop.send("Ctrl-C");
      done.await(DRAIN_TIMEOUT);
    }
  }

  private void stages(int maxOrders) {
    Task<?> source = goAsync("source", () -> takeOrders(maxOrders));
    List<Task<?>> cooks = new ArrayList<>();
    for (int i = 1; i <= COOKS; i++) {
      int cook = i;
      cooks.add(goAsync("cook " + i, () -> cook(cook)));
    }
    Task<?> counter = goAsync("counter", this::serve);
    source.await();
    awaitAll(cooks);
    dishes.close();
    counter.await();
    System.out.println(taken + " orders taken, " + served + " dishes served");
    System.out.println(taken == served ? "pipeline: ok" : "pipeline: orders were lost");
  }

  private void takeOrders(int maxOrders) {
    boolean[] open = {true};
    while (open[0] && taken < maxOrders) {
      Select.first()
          .onSend(orders, taken, () -> taken++)
          .onReceive(
              stop,
              reason -> {
                System.out.println("closing: " + reason);
                open[0] = false;
              })
          .run();
    }
    orders.close();
  }

  private void cook(int cook) {
    for (int order : orders) {
      sleep(COOKING);
      dishes.send(new Dish(order, cook));
    }
  }

  private void serve() {
    int[] byCook = new int[COOKS + 1];
    for (Dish dish : dishes) {
      served++;
      byCook[dish.cook()]++;
    }
    for (int cook = 1; cook <= COOKS; cook++) {
      System.out.println("cook " + cook + " made " + byCook[cook]);
    }
  }
}
