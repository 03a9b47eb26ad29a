package dev.goasync.examples;

import dev.goasync.coroutine.Coroutine;
import dev.goasync.coroutine.Generator;
import dev.goasync.coroutine.Generator.Emitter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Uses coroutines without a loop: an infinite sequence, a recursive tree walk, ping-pong. */
public final class Generators {
  private record Tree(@Nullable Tree left, String name, @Nullable Tree right) {}

  private Generators() {}

  public static void main(String[] args) {
    Cli.run("generators", args, _ -> run());
  }

  private static void run() {
    fibonacci();
    walkATree();
    playPingPong();
    System.out.println("generators: ok");
  }

  private static void fibonacci() {
    Generator<Long> numbers =
        Generator.of(out -> {
          long a = 0;
          long b = 1;
          while (true) {
            out.emit(a);
            long sum = a + b;
            a = b;
            b = sum;
          }
        });
    try (var stream = numbers.stream()) {
      System.out.println("fibonacci: " + stream.limit(12).toList());
    }
  }

  /** A recursive method can emit at any depth; an iterator would need a stack of its own. */
  private static void walkATree() {
    Tree tree =
        new Tree(leaf("ant"), "bee", new Tree(leaf("cat"), "dog", new Tree(null, "elk", null)));
    try (Generator<String> names = Generator.of(out -> walk(tree, out))) {
      System.out.println("tree: " + String.join(" ", names));
    }
  }

  private static Tree leaf(String name) {
    return new Tree(null, name, null);
  }

  private static void walk(@Nullable Tree tree, Emitter<String> out) {
    if (tree != null) {
      walk(tree.left, out);
      out.emit(tree.name);
      walk(tree.right, out);
    }
  }

  private static void playPingPong() {
    Coroutine<String, String> partner =
        Coroutine.of((self, first) -> {
          String heard = first;
          for (int round = 1; !heard.equals("stop"); round++) {
            heard = self.suspend("pong " + round + " to " + heard);
          }
          return "good game";
        });
    for (String call : List.of("ping", "ding", "stop")) {
      System.out.println(call + " -> " + partner.resume(call) + " [" + partner.state() + "]");
    }
  }
}
