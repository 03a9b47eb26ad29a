package dev.goasync.examples.redis;

import static dev.goasync.GoAsync.shielded;

import dev.goasync.net.AsyncSocket;
import java.io.IOException;
import java.time.Duration;

/** One client's requests, answered in order; what has come at once is answered by one write. */
public final class Session {
  /** How long a client may take to take its answers, or to stop sending, when all is to end. */
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

  /** A session of a client that has connected. */
  public Session(AsyncSocket client, Keyspace keys) {
    this.client = client;
    this.keys = keys;
    this.replies = new Replies(client);
  }

  /** Answers until the client has no more to ask. */
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

  /** Where the next request begins cannot be told; the client may be in the middle of sending. */
  private void breakOff(RedisException reason) throws IOException {
    end();
    replies.begin();
    replies.error(reason.reply());
    replies.flush();
    client.lingerAndClose(GRACE);
  }

  /** Ends the session when the answers so far are sent. */
  void end() {
    open = false;
  }
}
