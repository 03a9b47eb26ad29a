package dev.goasync.examples.files;

import static dev.goasync.GoAsync.shielded;
import static dev.goasync.GoAsync.withTimeout;

import dev.goasync.DeadlineExceededException;
import dev.goasync.examples.files.Folder.FoundFile;
import dev.goasync.examples.files.Folder.FoundFolder;
import dev.goasync.examples.files.Folder.Moved;
import dev.goasync.file.AsyncFile;
import dev.goasync.net.AsyncSocket;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** One client's requests, answered one after the other. */
public final class Connection {
  private static final int BUFFER_BYTES = 64 * 1024;

  /** How long a request under way may go on when the server is to end. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  /** Idle buffers. All connections are served by one loop, so there is no lock. */
  private static final ArrayDeque<ByteBuffer> BUFFERS = new ArrayDeque<>();

  private final AsyncSocket client;
  private final Folder folder;
  private final Duration patience;

  /**
   * A connection that was accepted.
   *
   * @param patience how long a client may take to ask, to send a head, and to take a buffer's bytes
   */
  public Connection(AsyncSocket client, Folder folder, Duration patience) {
    this.client = client;
    this.folder = folder;
    this.patience = patience;
  }

  /**
   * Answers until the client has no more to ask, or loses our patience. A cancel ends the wait for
   * a request, while one that is under way is shielded from it for a while.
   */
  public void serve() throws IOException {
    try {
      do {
        withTimeout(patience, () -> client.readable().await());
      } while (shielded(GRACE, this::answerNext));
    } catch (DeadlineExceededException tooSlow) {
      // the client is gone, or might as well be
    }
  }

  /** Returns whether the connection goes on. */
  private boolean answerNext() throws IOException {
    Request request;
    try {
      request = withTimeout(patience, () -> Request.read(client));
    } catch (HttpException wrong) {
      return breakOff(wrong.status, String.valueOf(wrong.getMessage()));
    } catch (DeadlineExceededException late) {
      return breakOff(Status.REQUEST_TIMEOUT, "the request did not come in time");
    }
    if (request == null) {
      return false;
    }
    String connection = request.keepsAlive() ? request.isHttp11() ? null : "keep-alive" : "close";
    try {
      answer(request, connection);
    } catch (HttpException missing) {
      Answer answer = Answer.message(missing.status, String.valueOf(missing.getMessage()));
      send(answer, connection, request.isHead());
    }
    return request.keepsAlive();
  }

  private void answer(Request request, @Nullable String connection) throws IOException {
    Answer answer =
        switch (folder.find(request.target())) {
          case FoundFile file -> Answer.file(request, file);
          case FoundFolder found -> Answer.html(Listing.of(request.target(), found.names()));
          case Moved elsewhere -> Answer.moved(elsewhere.link());
        };
    FoundFile file = answer.file;
    if (file == null || request.isHead()) {
      send(answer, connection, request.isHead());
    } else {
      try (AsyncFile open = Folder.open(file)) {
        sendFile(answer, connection, open);
      }
    }
  }

  private void send(Answer answer, @Nullable String connection, boolean onlyHead)
      throws IOException {
    ByteBuffer head = ByteBuffer.wrap(answer.head(connection));
    ByteBuffer text = ByteBuffer.wrap(answer.text, 0, onlyHead ? 0 : answer.text.length);
    withTimeout(patience, () -> client.writeAll(head, text));
  }

  /** Sends through one buffer: the head and the beginning of a file by one write. */
  private void sendFile(Answer answer, @Nullable String connection, AsyncFile file)
      throws IOException {
    ByteBuffer buffer = BUFFERS.isEmpty() ? ByteBuffer.allocateDirect(BUFFER_BYTES) : BUFFERS.pop();
    try {
      buffer.put(answer.head(connection));
      long position = answer.stretch.from();
      long left = answer.stretch.count();
      do {
        buffer.limit((int) Math.min(buffer.capacity(), buffer.position() + left));
        int count = buffer.hasRemaining() ? file.read(buffer, position) : 0;
        if (count < 0) {
          throw new EOFException(file + " shrank while it was sent; the client gets no more of it");
        }
        position += count;
        left -= count;
        withTimeout(patience, () -> client.writeAll(buffer.flip()));
        buffer.clear();
      } while (left > 0);
    } finally {
      BUFFERS.push(buffer.clear());
    }
  }

  /** Answers what was no request; returns false, as nobody knows where the next one begins. */
  private boolean breakOff(Status status, String message) throws IOException {
    send(Answer.message(status, message), "close", false);
    client.lingerAndClose(patience); // it may be in the middle of sending
    return false;
  }
}
