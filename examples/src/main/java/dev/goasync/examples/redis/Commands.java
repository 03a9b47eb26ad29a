package dev.goasync.examples.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The table of all commands, and the commands that do not use keys. */
final class Commands {
  private static final List<Command> ALL =
      Stream.of(KeyCommands.ALL, ExpiryCommands.ALL, others()).flatMap(List::stream).toList();

  /**
   * Words with which lines of an HTTP request begin. A web page can make a browser send commands in
   * such a request, so the session ends before the lines of its body.
   */
  private static final Set<String> OF_HTTP = Set.of("post", "host:");

  /** Commands by name, in lower and in upper case, the two forms that most clients use. */
  private static final Map<Bytes, Command> BY_NAME = new HashMap<>();

  static {
    for (Command command : ALL) {
      BY_NAME.put(Bytes.of(command.name()), command);
      BY_NAME.put(Bytes.of(command.name().toUpperCase(Locale.ROOT)), command);
    }
  }

  private Commands() {}

  private static List<Command> others() {
    return List.of(
        Command.of("ping", -1, Commands::ping),
        Command.of("echo", 2, session -> session.replies.bulk(session.request.copy(1))),
        Command.of("select", 2, Commands::select),
        Command.of("dbsize", 1, session -> session.replies.integer(session.keys.size())),
        Command.of("flushdb", 1, Commands::flush),
        Command.of("flushall", 1, Commands::flush),
        Command.of("command", -1, Commands::command),
        Command.of("config", -2, Commands::config),
        Command.of("client", -2, Commands::client),
        Command.of("quit", -1, Commands::quit));
  }

  /** Executes the session's request and adds its reply. */
  static void run(Session session) throws RedisException {
    Request request = session.request;
    Command command = BY_NAME.get(request.key(0));
    if (command == null) {
      String name = request.text(0).toLowerCase(Locale.ROOT);
      if (OF_HTTP.contains(name)) {
        session.end(); // without a reply
        return;
      }
      command = BY_NAME.get(Bytes.of(name));
    }
    if (command == null) {
      throw unknown(request);
    }
    command.run(session);
  }

  private static RedisException unknown(Request request) {
    StringBuilder words = new StringBuilder();
    for (int i = 1; i < request.count() && words.length() < Request.MAX_QUOTED; i++) {
      words.append('\'').append(request.quotable(i)).append("' ");
    }
    return new RedisException(
        "ERR unknown command '" + request.quotable(0) + "', with args beginning with: " + words);
  }

  private static RedisException unknownSubcommand(Request request) {
    return new RedisException(
        "ERR unknown subcommand '"
            + request.quotable(1)
            + "'. Try "
            + request.text(0).toUpperCase(Locale.ROOT)
            + " HELP.");
  }

  private static void ping(Session session) throws RedisException {
    switch (session.request.count()) {
      case 1 -> session.replies.pong();
      case 2 -> session.replies.bulk(session.request.copy(1));
      default -> throw RedisException.ofArity("ping");
    }
  }

  private static void quit(Session session) {
    session.replies.ok();
    session.end();
  }

  /** Accepts database 0, the only one. */
  private static void select(Session session) throws RedisException {
    if (session.request.integer(1) != 0) {
      throw new RedisException("ERR DB index is out of range");
    }
    session.replies.ok();
  }

  private static void flush(Session session) {
    session.keys.clear();
    session.replies.ok();
  }

  // ---- server and clients ----

  private static void command(Session session) throws RedisException {
    Request request = session.request;
    Replies replies = session.replies;
    if (request.count() == 1) {
      replies.array(ALL.size());
      ALL.forEach(command -> describe(replies, command));
    } else if (request.is(1, "count")) {
      replies.integer(ALL.size());
    } else if (request.is(1, "list")) {
      replies.array(ALL.size());
      ALL.forEach(command -> replies.bulk(command.name()));
    } else if (request.is(1, "docs")) {
      replies.array(0); // redis-cli would use this for hints; it works without them
    } else {
      throw unknownSubcommand(request);
    }
  }

  private static void describe(Replies replies, Command command) {
    replies.array(6);
    replies.bulk(command.name());
    replies.integer(command.arity());
    replies.array(0);
    replies.integer(command.firstKey());
    replies.integer(command.lastKey());
    replies.integer(command.firstKey() == 0 ? 0 : 1);
  }

  private static void config(Session session) throws RedisException {
    Request request = session.request;
    if (!request.is(1, "get") || request.count() < 3) {
      throw unknownSubcommand(request);
    }
    Map<String, String> settings =
        Map.of("save", "", "appendonly", "no", "maxmemory", "" + session.keys.maxBytes());
    List<String> found = new ArrayList<>();
    for (int i = 2; i < request.count(); i++) {
      String name = request.text(i).toLowerCase(Locale.ROOT);
      String value = settings.get(name);
      if (value != null && !found.contains(name)) {
        found.add(name);
        found.add(value);
      }
    }
    session.replies.array(found.size());
    found.forEach(session.replies::bulk);
  }

  private static void client(Session session) throws RedisException {
    Request request = session.request;
    if (request.is(1, "id") && request.count() == 2) {
      session.replies.integer(session.id);
    } else if (request.is(1, "getname") && request.count() == 2) {
      session.replies.bulk(session.name);
    } else if (request.is(1, "setname") && request.count() == 3) {
      session.name = checkedName(request.text(2));
      session.replies.ok();
    } else {
      throw unknownSubcommand(request);
    }
  }

  private static String checkedName(String name) throws RedisException {
    if (name.chars().anyMatch(letter -> letter < '!' || letter > '~')) {
      throw new RedisException(
          "ERR Client names cannot contain spaces, newlines or special characters.");
    }
    return name;
  }
}
