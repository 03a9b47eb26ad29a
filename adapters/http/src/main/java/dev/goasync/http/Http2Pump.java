package dev.goasync.http;

import dev.goasync.Task;
import dev.goasync.TaskScope;
import dev.goasync.io.ByteStream;
import dev.goasync.sync.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.apache.hc.core5.http.impl.nio.HttpConnectionEventHandler;
import org.apache.hc.core5.http2.H2ConnectionException;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.http2.frame.FrameType;
import org.jspecify.annotations.Nullable;

/**
 * Moves bytes between a stream and HttpCore's multiplexer of HTTP/2: one coroutine reads and lets
 * the multiplexer consume frames, one writes what it has produced. Owned by the loop.
 *
 * <p>The reader waits while the output is full, so that a peer that sends and does not read fills
 * no memory.
 */
final class Http2Pump {
  private static final int INPUT_BYTES = 16 * 1024;
  private static final int MAX_FRAME_BYTES = 16 * 1024;
  private static final int FRAME_HEAD_BYTES = 9;
  private static final int MAX_CONTINUATIONS = 16;
  private static final int KEPT_OUTPUT_BYTES = 16 * 1024;
  private static final byte[] NO_BYTES = {};

  /** Sees when a write begins and ends. */
  interface WriteWatch {
    void beginWrite();

    void endWrite();
  }

  private final ByteStream stream;
  private final WriteWatch watch;
  private final boolean limited;
  private final FloodGuard flood = new FloodGuard();
  private final Http2Frames frames = new Http2Frames(flood);
  private final Event outputChanged = Event.autoReset();
  private final Event outputDrained = Event.autoReset();
  private final Http2Session session;
  private final Set<Http2Output> waiting = new LinkedHashSet<>();
  private final InputFrames inputFrames = new InputFrames();
  private final Deque<Integer> aborted = new ArrayDeque<>(0);
  private @Nullable Task<?> reader;
  private @Nullable HttpConnectionEventHandler handler;

  /**
   * Creates a pump.
   *
   * @param limited whether floods of frames end the connection: those of clients do
   */
  Http2Pump(ByteStream stream, WriteWatch watch, boolean limited) {
    this.stream = stream;
    this.limited = limited;
    this.watch = watch;
    this.session = new Http2Session(stream.toString(), outputChanged::set, this::sessionClosed);
  }

  /** Returns the settings that both sides of a connection announce. */
  static H2Config.Builder config(int maxHeadBytes) {
    return H2Config.custom()
        .setMaxHeaderListSize(maxHeadBytes)
        .setMaxContinuations(MAX_CONTINUATIONS)
        .setMaxFrameSize(MAX_FRAME_BYTES)
        .setPushEnabled(false)
        .setCompressionEnabled(true);
  }

  Http2Session session() {
    return session;
  }

  Http2Frames frames() {
    return frames;
  }

  /**
   * Runs both coroutines until the connection has ended.
   *
   * @param tasks the scope of the reader
   * @param first bytes that were read before
   */
  void run(TaskScope tasks, HttpConnectionEventHandler multiplexer, ByteBuffer first)
      throws IOException {
    handler = multiplexer;
    Task<?> reading = tasks.goAsync(() -> readAll(multiplexer, first));
    reader = reading;
    try {
      writeAll(multiplexer);
    } finally {
      session.close();
      reading.cancel();
      multiplexer.disconnected(session);
    }
  }

  // ---- the reader ----

  private void readAll(HttpConnectionEventHandler multiplexer, ByteBuffer first) {
    try {
      multiplexer.connected(session);
      consume(multiplexer, first);
      var input = ByteBuffer.allocate(INPUT_BYTES);
      while (session.isOpen()) {
        while (session.outputCount() >= Http2Session.MAX_OUTPUT_BYTES / 2) {
          outputDrained.await();
        }
        int count = stream.read(input.clear());
        if (count < 0) {
          session.endInput();
        }
        consume(multiplexer, input.flip());
        if (count < 0) {
          return;
        }
      }
    } catch (CancellationException cancelled) {
      throw cancelled;
    } catch (IOException | RuntimeException failed) {
      multiplexer.exception(session, failed);
    } finally {
      outputChanged.set();
    }
  }

  private void consume(HttpConnectionEventHandler multiplexer, ByteBuffer input)
      throws IOException {
    inputFrames.advance(input.duplicate());
    session.offer(input);
    multiplexer.inputReady(session, null);
    noticeAborted();
    if (frames.isMalformed()) {
      throw new H2ConnectionException(H2Error.PROTOCOL_ERROR, "the padding is too long");
    }
    if (limited && flood.isExceeded()) {
      throw new H2ConnectionException(H2Error.ENHANCE_YOUR_CALM, "too many empty frames");
    }
  }

  /**
   * Lets the multiplexer see that a stream of this side was aborted: it looks for that only when a
   * frame of the stream comes, which may be late or never. An empty one does no more.
   */
  void abort(int streamId) throws IOException {
    aborted.add(streamId);
    noticeAborted();
  }

  private void noticeAborted() throws IOException {
    HttpConnectionEventHandler multiplexer = handler;
    while (multiplexer != null && !aborted.isEmpty() && inputFrames.isBoundary()) {
      ByteBuffer empty = ByteBuffer.allocate(FRAME_HEAD_BYTES);
      empty.putInt(FrameType.DATA.getValue()).put((byte) 0).putInt(aborted.remove()).flip();
      session.offer(empty);
      multiplexer.inputReady(session, null);
    }
  }

  private void sessionClosed() {
    outputChanged.set();
    Task<?> reading = reader;
    if (reading != null) {
      reading.cancel("the connection ends");
    }
  }

  // ---- the writer ----

  private void writeAll(HttpConnectionEventHandler multiplexer) throws IOException {
    byte[] spare = NO_BYTES;
    while (true) {
      boolean open = session.isOpen();
      if (open && session.isOutputWanted()) {
        produce(multiplexer);
      }
      if (session.outputCount() > 0) {
        int count = session.outputCount();
        byte[] output = session.takeOutput(spare);
        write(ByteBuffer.wrap(output, 0, count));
        spare = output.length <= KEPT_OUTPUT_BYTES ? output : NO_BYTES;
        outputDrained.set();
        waiting.forEach(Http2Output::wake);
      } else if (!open) {
        return;
      } else {
        outputChanged.await();
      }
    }
  }

  private void produce(HttpConnectionEventHandler multiplexer) {
    try {
      multiplexer.outputReady(session);
    } catch (IOException failed) {
      multiplexer.exception(session, failed);
    }
  }

  private void write(ByteBuffer output) throws IOException {
    watch.beginWrite();
    try {
      while (output.hasRemaining()) {
        var _ = stream.write(output);
        watch.beginWrite();
      }
    } finally {
      watch.endWrite();
    }
  }

  // ---- for the connection and its streams ----

  /** Remembers an output whose coroutine waits for room in the buffer. */
  void addWaiting(Http2Output each) {
    waiting.add(each);
  }

  void removeWaiting(Http2Output each) {
    waiting.remove(each);
  }

  /** Lets the multiplexer look at its streams. */
  void requestOutput() {
    session.setEvent(SelectionKey.OP_WRITE);
  }

  /** Forgives the frames that were counted since the last tick. */
  void forgive() {
    flood.forgive();
  }

  /** Ends the connection after the streams that are open. Announced by GOAWAY. */
  void shutdown() {
    session.enqueueShutdown();
  }
}
