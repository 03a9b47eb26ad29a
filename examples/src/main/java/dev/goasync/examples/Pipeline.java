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
 * Orders through stages that are joined by channels: a source, cooks, a counter that sums up. The
 * channels are bounded, so a slow stage holds up the ones before it. Ctrl-C stops the source; what
 * is under way is finished. Usage: {@code pipeline [--endless]}
 */
public final class Pipeline {
  private static final int ORDERS = 200;
  private static final int COOKS = 3;
  private static final Duration COOKING = Duration.ofMillis(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private record Dish(int order, int cook) {}

  private final Channel<Integer> orders = Channel.bounded(8);
  private final Channel<Dish> dishes = Channel.bounded(8);
  private final Channel<String> stop = Channel.conflated();
  private int taken;
  private int served;

  private Pipeline() {}

  public static void main(String[] args) {
    boolean endless = args.length == 1 && args[0].equals("--endless");
    if (args.length > 0 && !endless) {
      System.err.println("usage: pipeline [--endless]");
      System.exit(2);
    }
    Task<?> all = goAsync(() -> new Pipeline().run(endless ? Integer.MAX_VALUE : ORDERS));
    all.await();
  }

  private void run(int most) {
    Task<?> done = goAsync(() -> stages(most));
    Thread drain = new Thread(() -> stopAndWait(done), "drain");
    Runtime.getRuntime().addShutdownHook(drain);
    System.out.println("open");
    done.await();
  }

  /** On Ctrl-C, in a thread of the JVM's: the program ends when this returns. */
  private void stopAndWait(Task<?> done) {
    if (!done.isCompleted()) {
      stop.send("Ctrl-C");
      done.await(PATIENCE);
    }
  }

  private void stages(int most) {
    Task<?> source = goAsync("source", () -> takeOrders(most));
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

  private void takeOrders(int most) {
    boolean[] open = {true};
    while (open[0] && taken < most) {
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
