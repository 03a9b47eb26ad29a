package dev.goasync.examples.redis;

/**
 * What a client can ask for.
 *
 * @param name in lower case
 * @param arity how many words its requests have, the name included; negative: so many or more
 * @param firstKey which word is the first key, 0 if none is
 * @param lastKey which word is the last key, -1 if the last one is
 */
record Command(String name, int arity, int firstKey, int lastKey, Body body) {
  /** Does what is asked and adds the one answer; does not wait, so it is atomic. */
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
