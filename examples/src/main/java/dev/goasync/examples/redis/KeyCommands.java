package dev.goasync.examples.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.goasync.examples.redis.Keyspace.Entry;
import java.util.List;

/** Commands for keys and values. */
final class KeyCommands {
  static final List<Command> ALL =
      List.of(
          Command.ofKey("get", 2, KeyCommands::get),
          Command.ofKey("set", -3, KeyCommands::set),
          Command.ofKeys("del", KeyCommands::delete),
          Command.ofKeys("exists", KeyCommands::exists),
          Command.ofKey("incr", 2, session -> add(session, 1)),
          Command.ofKey("decr", 2, session -> add(session, -1)),
          Command.ofKey("incrby", 3, session -> add(session, session.request.integer(2))),
          Command.ofKey("decrby", 3, KeyCommands::decreaseBy));

  private KeyCommands() {}

  private static void get(Session session) {
    Entry entry = session.keys.find(session.request.key(1));
    if (entry == null) {
      session.replies.nil();
    } else {
      session.replies.bulk(entry.value);
    }
  }

  private static void set(Session session) throws RedisException {
    Request request = session.request;
    SetOptions options =
        request.count() == 3 ? SetOptions.NONE : SetOptions.of(request, session.keys.now());
    Entry entry = session.keys.find(request.key(1));
    byte[] before = entry == null ? null : entry.value;
    boolean wanted = entry == null ? !options.onlyOld() : !options.onlyNew();
    if (wanted) {
      byte[] value = request.copy(2);
      if (entry == null) {
        entry = session.keys.add(request.key(1), value);
      } else {
        session.keys.replace(entry, value);
      }
      if (!options.keepTime()) {
        session.keys.expire(entry, options.expiresAt());
      }
    }
    if (options.get() && before != null) {
      session.replies.bulk(before);
    } else if (wanted && !options.get()) {
      session.replies.ok();
    } else {
      session.replies.nil();
    }
  }

  private static void delete(Session session) {
    int deleted = 0;
    for (int i = 1; i < session.request.count(); i++) {
      Entry entry = session.keys.find(session.request.key(i));
      if (entry != null) {
        session.keys.remove(entry);
        deleted++;
      }
    }
    session.replies.integer(deleted);
  }

  private static void exists(Session session) {
    int found = 0;
    for (int i = 1; i < session.request.count(); i++) {
      if (session.keys.find(session.request.key(i)) != null) {
        found++;
      }
    }
    session.replies.integer(found);
  }

  private static void decreaseBy(Session session) throws RedisException {
    long amount = session.request.integer(2);
    if (amount == Long.MIN_VALUE) {
      throw new RedisException("ERR decrement would overflow");
    }
    add(session, -amount);
  }

  private static void add(Session session, long amount) throws RedisException {
    Entry entry = session.keys.find(session.request.key(1));
    long before = entry == null ? 0 : Integers.parse(entry.value);
    long after = before + amount;
    if (((before ^ after) & (amount ^ after)) < 0) {
      throw new RedisException("ERR increment or decrement would overflow");
    }
    byte[] value = Long.toString(after).getBytes(ISO_8859_1);
    if (entry == null) {
      session.keys.add(session.request.key(1), value);
    } else {
      session.keys.replace(entry, value);
    }
    session.replies.integer(after);
  }
}
