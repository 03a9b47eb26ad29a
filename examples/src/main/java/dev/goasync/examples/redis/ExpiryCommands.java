package dev.goasync.examples.redis;

import dev.goasync.examples.redis.Keyspace.Entry;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Commands for the expiry times of keys. */
final class ExpiryCommands {
  static final List<Command> ALL =
      List.of(
          Command.ofKey("expire", -3, session -> expire(session, "expire", ExpiryUnit.EX)),
          Command.ofKey("pexpire", -3, session -> expire(session, "pexpire", ExpiryUnit.PX)),
          Command.ofKey("expireat", -3, session -> expire(session, "expireat", ExpiryUnit.EXAT)),
          Command.ofKey("pexpireat", -3, session -> expire(session, "pexpireat", ExpiryUnit.PXAT)),
          Command.ofKey("ttl", 2, session -> timeToLive(session, 1000)),
          Command.ofKey("pttl", 2, session -> timeToLive(session, 1)),
          Command.ofKey("persist", 2, ExpiryCommands::persist));

  private static final Set<String> CONDITIONS = Set.of("NX", "XX", "GT", "LT");
  private static final long NO_KEY = -2;
  private static final long NO_TIME = -1;

  private ExpiryCommands() {}

  private static void expire(Session session, String command, ExpiryUnit unit)
      throws RedisException {
    Request request = session.request;
    Set<String> conditions = conditions(request);
    long expiresAt = unit.at(request.integer(2), session.keys.now(), command);
    Entry entry = session.keys.find(request.key(1));
    if (entry != null && allow(conditions, entry.expiresAt(), expiresAt)) {
      session.keys.expire(entry, expiresAt);
      session.replies.integer(1);
    } else {
      session.replies.integer(0);
    }
  }

  private static Set<String> conditions(Request request) throws RedisException {
    Set<String> conditions = new HashSet<>();
    for (int i = 3; i < request.count(); i++) {
      String condition = request.text(i).toUpperCase(Locale.ROOT);
      if (!CONDITIONS.contains(condition)) {
        throw new RedisException("ERR Unsupported option " + request.quotable(i));
      }
      conditions.add(condition);
    }
    if (conditions.contains("NX") && conditions.size() > 1) {
      throw new RedisException(
          "ERR NX and XX, GT or LT options at the same time are not compatible");
    }
    if (conditions.contains("GT") && conditions.contains("LT")) {
      throw new RedisException("ERR GT and LT options at the same time are not compatible");
    }
    return conditions;
  }

  /**
   * Returns whether the expiry time may be changed. A key without one counts as the last to expire.
   */
  private static boolean allow(Set<String> conditions, long before, long after) {
    return conditions.stream()
        .allMatch(condition ->
            switch (condition) {
              case "NX" -> before == Keyspace.NEVER;
              case "XX" -> before != Keyspace.NEVER;
              case "GT" -> after > before;
              default -> after < before;
            });
  }

  private static void timeToLive(Session session, int unitMillis) {
    Entry entry = session.keys.find(session.request.key(1));
    if (entry == null) {
      session.replies.integer(NO_KEY);
    } else if (entry.expiresAt() == Keyspace.NEVER) {
      session.replies.integer(NO_TIME);
    } else {
      long left = entry.expiresAt() - session.keys.now();
      session.replies.integer((left + unitMillis / 2) / unitMillis);
    }
  }

  private static void persist(Session session) {
    Entry entry = session.keys.find(session.request.key(1));
    boolean had = entry != null && entry.expiresAt() != Keyspace.NEVER;
    if (entry != null) {
      session.keys.expire(entry, Keyspace.NEVER);
    }
    session.replies.integer(had ? 1 : 0);
  }
}
