package dev.goasync.examples.replicated;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of a node, and the last command of each client with its result: a command that a
 * client has sent twice is in the log twice, and only its first entry has an effect.
 */
class Store {
  private final Map<String, String> values = new HashMap<>();
  private final Map<Long, Applied> lastOfClient = new HashMap<>();

  private record Applied(long number, @Nullable String result) {}

  /**
   * Applies a committed entry.
   *
   * @return the value of the key afterwards; null if there is none, or the command is older than
   *     the last one of its client, which does not wait for it any more
   */
  final @Nullable String apply(long index, Command command) {
    Applied last = lastOfClient.get(command.client());
    if (last != null && command.number() <= last.number) {
      return command.number() == last.number ? last.result : null;
    }
    String result = run(command);
    if (remembers(index)) {
      lastOfClient.put(command.client(), new Applied(command.number(), result));
    }
    return result;
  }

  /** Whether the command of an entry is remembered, so that it is applied once. */
  boolean remembers(long index) {
    return lastOfClient.size() < Integer.MAX_VALUE && index > 0;
  }

  private @Nullable String run(Command command) {
    String key = command.key();
    return switch (command.kind()) {
      case NOTHING -> null;
      case GET -> values.get(key);
      case PUT -> {
        values.put(key, command.value());
        yield command.value();
      }
      case APPEND -> values.merge(key, command.value(), String::concat);
    };
  }

  /** The value of a key, which a leader that was replaced does not know to be old. */
  final @Nullable String get(String key) {
    return values.get(key);
  }
}
