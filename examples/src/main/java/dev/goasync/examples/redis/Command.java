package dev.goasync.examples.redis;

/**
 * A command of the Redis protocol.
 *
 * @param name in lower case
 * @param arity the number of words of a request, including the name; a negative arity is a minimum
 * @param firstKey the index of the first word that is a key, 0 if there is none
 * @param lastKey the index of the last word that is a key, -1 for the last word
 */
record Command(String name, int arity, int firstKey, int lastKey, Body body) {
  /** Executes the command and adds its reply; does not wait, so a command is atomic. */
  @FunctionalInterface
  interface Body {
    void run(Session session) throws RedisException;
  }

  static Command of(String name, int arity, Body body) {
    return new Command(name, arity, 0, 0, body);
  }

  static Command ofKey(String name, int arity, Body body) {
    return new Command(name, arity, 1, 1, body);
  }

  static Command ofKeys(String name, Body body) {
    return new Command(name, -2, 1, -1, body);
  }

  void run(Session session) throws RedisException {
    int words = session.request.count();
    if (arity >= 0 ? words != arity : words < -arity) {
      throw RedisException.ofArity(name);
    }
    body.run(session);
  }
}
