package dev.goasync.examples.redis;

import static dev.goasync.GoAsync.shielded;

import dev.goasync.net.AsyncSocket;
import java.io.IOException;
import java.time.Duration;

/** Answers one client's requests in order; requests that arrive together get one write. */
public final class Session {
  /** The time that a client has to read its answers and stop sending when the server ends. */
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

  /** Creates the session of a connected client. */
  public Session(AsyncSocket client, Keyspace keys) {
    this.client = client;
    this.keys = keys;
    this.replies = new Replies(client);
  }

  /** Answers requests until the client ends its input. */
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
    } catch (RedisException tooMuch) {
      breakOff(tooMuch);
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
    } catch (RedisException noRequest) {
      breakOff(noRequest);
    }
  }

  private void answer() {
    try {
      Commands.run(this);
    } catch (RedisException refused) {
      replies.error(refused.reply());
    }
  }

  /** The start of the next request is unknown; the client may be in the middle of sending. */
  private void breakOff(RedisException reason) throws IOException {
    end();
    replies.begin();
    replies.error(reason.reply());
    replies.flush();
    client.lingerAndClose(GRACE);
  }

  /** Ends the session after the answers so far are sent. */
  void end() {
    open = false;
  }
}
