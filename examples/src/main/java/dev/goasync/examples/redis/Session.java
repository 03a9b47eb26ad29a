package dev.goasync.examples.redis;

import static dev.goasync.GoAsync.shielded;

import dev.goasync.net.AsyncSocket;
import java.io.IOException;
import java.time.Duration;

/**
 * Serves one client: answers its requests in order. The replies to requests that were received
 * together are sent by one write.
 */
public final class Session {
  /**
   * The timeout for sending replies after a cancel, and for a client to stop sending after an
   * error.
   */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private static long sessions;

  final Keyspace keys;
  final Input input = new Input();
  final Request request = new Request(input);
  final Replies replies;
  final long id = ++sessions;
  String name = "";

  private final AsyncSocket client;
  private boolean open = true;

  /** Creates a session for an accepted connection. */
  public Session(AsyncSocket client, Keyspace keys) {
    this.client = client;
    this.keys = keys;
    this.replies = new Replies(client);
  }

  /** Answers requests until the client closes the connection. */
  public void run() throws IOException {
    try {
      while (open && readMore()) {
        shielded(GRACE, this::answerAll);
      }
    } finally {
      input.release();
      replies.release();
    }
  }

  private boolean readMore() throws IOException {
    try {
      return input.fill(client);
    } catch (RedisException tooLong) {
      rejectAndClose(tooLong);
      return false;
    }
  }

  private void answerAll() throws IOException {
    keys.readClock();
    try {
      while (open && request.read()) {
        replies.begin();
        answer();
        request.end();
      }
      replies.flush();
    } catch (RedisException malformed) {
      rejectAndClose(malformed);
    }
  }

  private void answer() {
    try {
      Commands.run(this);
    } catch (RedisException error) {
      replies.error(error.reply());
    }
  }

  /**
   * Sends an error and closes the connection, since the start of the next request is unknown.
   * Lingers, since the client may still be sending.
   */
  private void rejectAndClose(RedisException reason) throws IOException {
    end();
    replies.begin();
    replies.error(reason.reply());
    replies.flush();
    client.lingerAndClose(GRACE);
  }

  /** Ends the session after the replies added so far are sent. */
  void end() {
    open = false;
  }
}
