package dev.goasync.examples;

import dev.goasync.TaskScope;
import dev.goasync.examples.replicated.Address;
import dev.goasync.examples.replicated.Client;
import dev.goasync.examples.replicated.Node;
import dev.goasync.system.Signals;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A replicated key-value store with an elected leader, after Raft: three or five nodes, each {@code
 * replicated node NUMBER ADDRESSES DIRECTORY}, and {@code replicated get|put|append ADDRESSES KEY
 * [VALUE]}.
 */
public final class Replicated {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final String USAGE =
      "replicated [node NUMBER ADDRESSES DIRECTORY] [get ADDRESSES KEY]"
          + " [put|append ADDRESSES KEY VALUE]";

  private Replicated() {}

  public static void main(String[] args) {
    Cli.run(
        USAGE,
        args,
        options -> {
          try {
            run(options, options.operands());
          } catch (IllegalArgumentException wrong) {
            exit(2, "replicated: " + wrong.getMessage());
          }
        });
  }

  private static void run(Options options, List<String> words) throws IOException {
    String verb = words.isEmpty() ? "" : words.getFirst();
    switch (verb + " " + words.size()) {
      case "node 4" ->
          runNode(Address.parseAll(words.get(2)), parse(words.get(1)), Path.of(words.get(3)));
      case "get 3" -> {
        String value = use(words.get(1), client -> client.get(words.get(2)));
        if (value == null) {
          exit(1, "replicated: there is no value of " + words.get(2));
        }
        System.out.println(value);
      }
      case "put 4" ->
          use(
              words.get(1),
              client -> {
                client.put(words.get(2), words.get(3));
                return "";
              });
      case "append 4" ->
          System.out.println(
              use(words.get(1), client -> client.append(words.get(2), words.get(3))));
      default ->
          throw options.refuse(
              "ADDRESSES: of all nodes, localhost:7001,localhost:7002; NUMBER: the node's place"
                  + " among them, from 1");
    }
  }

  private static int parse(String number) {
    if (!number.matches("\\d{1,3}")) {
      throw new IllegalArgumentException("NUMBER is not a number: \"" + number + "\"");
    }
    return Integer.parseInt(number);
  }

  private static void exit(int status, String message) {
    System.err.println(message);
    System.exit(status);
  }

  private static void runNode(List<Address> addresses, int self, Path directory)
      throws IOException {
    Signals.<IOException>runMain(() -> {
      try (Node node =
          Node.open(
              addresses,
              self,
              directory,
              new SplittableRandom(),
              term -> System.out.println("leads term " + term))) {
        System.out.println("node " + self + " of " + addresses.size() + " runs");
        node.run();
      }
    });
  }

  /** A command of a client. */
  private interface Use {
    @Nullable String on(Client client) throws IOException;
  }

  private static @Nullable String use(String addresses, Use use) throws IOException {
    List<Address> all = Address.parseAll(addresses);
    return TaskScope.<@Nullable String, IOException>run(_ -> {
      try (Client client = new Client(all, TIMEOUT, new SplittableRandom())) {
        return use.on(client);
      }
    });
  }
}
