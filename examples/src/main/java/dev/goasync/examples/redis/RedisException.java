package dev.goasync.examples.redis;

import java.io.Serial;

/** An error reply; its message begins with the kind of the error. */
final class RedisException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final String reply;

  RedisException(String reply) {
    super(
        reply, null, false,
        false); // without a stack trace: errors are frequent, and a client does not see it
    this.reply = reply;
  }

  String reply() {
    return reply;
  }

  /**
   * Creates a protocol error. The start of the next request is unknown then, so the connection must
   * be closed.
   */
  static RedisException ofProtocol(String message) {
    return new RedisException("ERR Protocol error: " + message);
  }

  static RedisException ofArity(String command) {
    return new RedisException("ERR wrong number of arguments for '" + command + "' command");
  }

  static RedisException ofSyntax() {
    return new RedisException("ERR syntax error");
  }

  static RedisException ofInteger() {
    return new RedisException("ERR value is not an integer or out of range");
  }
}
