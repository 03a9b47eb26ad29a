package dev.goasync.examples.redis;

/**
 * The options of the command {@code SET}.
 *
 * @param expiresAt {@link Keyspace#NEVER} if the request has no expiry time
 */
record SetOptions(boolean onlyNew, boolean onlyOld, boolean get, boolean keepTime, long expiresAt) {
  static final SetOptions NONE = new SetOptions(false, false, false, false, Keyspace.NEVER);

  /**
   * Parses the options of a request.
   *
   * @throws RedisException if an option is unknown, or options contradict each other
   */
  static SetOptions of(Request request, long now) throws RedisException {
    boolean onlyNew = false;
    boolean onlyOld = false;
    boolean get = false;
    boolean keepTime = false;
    ExpiryUnit unit = null;
    int time = 0; // the index of the word with the time
    for (int i = 3; i < request.count(); i++) {
      ExpiryUnit named = ExpiryUnit.of(request, i);
      if (named != null && unit == null && !keepTime && i + 1 < request.count()) {
        unit = named;
        time = ++i;
      } else if (request.is(i, "nx") && !onlyOld) {
        onlyNew = true;
      } else if (request.is(i, "xx") && !onlyNew) {
        onlyOld = true;
      } else if (request.is(i, "get")) {
        get = true;
      } else if (request.is(i, "keepttl") && unit == null) {
        keepTime = true;
      } else {
        throw RedisException.ofSyntax();
      }
    }
    long expiresAt = unit == null ? Keyspace.NEVER : expiresAt(unit, request.integer(time), now);
    return new SetOptions(onlyNew, onlyOld, get, keepTime, expiresAt);
  }

  private static long expiresAt(ExpiryUnit unit, long time, long now) throws RedisException {
    if (time <= 0) {
      throw ExpiryUnit.invalidTime("set");
    }
    return unit.at(time, now, "set");
  }
}
