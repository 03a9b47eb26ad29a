package dev.goasync.examples;

import dev.goasync.TaskScope;
import dev.goasync.examples.replicated.Address;
import dev.goasync.examples.replicated.Client;
import dev.goasync.examples.replicated.Node;
import dev.goasync.system.Signals;
import java.io.IOException;
import java.nio.file.FileSystemException;
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
      """
      usage: replicated node NUMBER ADDRESSES DIRECTORY
             replicated get ADDRESSES KEY
             replicated put|append ADDRESSES KEY VALUE
      ADDRESSES are those of all nodes: localhost:7001,localhost:7002,localhost:7003
      NUMBER is the place of the node among them, from 1\
      """;

  private Replicated() {}

  public static void main(String[] args) throws IOException {
    String verb = args.length == 0 ? "" : args[0];
    try {
      switch (verb + " " + args.length) {
        case "node 4" -> runNode(Address.parseAll(args[2]), parse(args[1]), Path.of(args[3]));
        case "get 3" -> {
          String value = use(args[1], client -> client.get(args[2]));
          if (value == null) {
            exit(1, "replicated: there is no value of " + args[2]);
          }
          System.out.println(value);
        }
        case "put 4" ->
            use(
                args[1],
                client -> {
                  client.put(args[2], args[3]);
                  return "";
                });
        case "append 4" ->
            System.out.println(use(args[1], client -> client.append(args[2], args[3])));
        default -> exit(2, USAGE);
      }
    } catch (IllegalArgumentException wrong) {
      exit(2, "replicated: " + wrong.getMessage() + "\n" + USAGE);
    } catch (IOException failed) {
      exit(1, "replicated: " + reason(failed));
    }
  }

  private static int parse(String number) {
    if (!number.matches("\\d{1,3}")) {
      throw new IllegalArgumentException("NUMBER is not a number: \"" + number + "\"");
    }
    return Integer.parseInt(number);
  }

  /** The message of a {@link FileSystemException} can be the path alone. */
  private static @Nullable String reason(IOException failed) {
    boolean isPath = failed instanceof FileSystemException file && file.getReason() == null;
    return isPath ? failed.toString() : failed.getMessage();
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
