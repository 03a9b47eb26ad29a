package dev.goasync.http;

import dev.goasync.sync.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.jspecify.annotations.Nullable;

/**
 * What a coroutine sends on a stream of HTTP/2 behind the head: it writes to HttpCore's channel,
 * and waits while the windows or the buffer of the connection are full. Owned by the loop.
 */
final class Http2Output {
  private final Http2Pump pump;
  private final Duration stallTimeout;
  private @Nullable DataStreamChannel channel;
  private @Nullable Event changed;
  private byte @Nullable [] whole;
  private boolean ended;
  private boolean released;

  Http2Output(Http2Pump pump, Duration stallTimeout) {
    this.pump = pump;
    this.stallTimeout = stallTimeout;
  }

  // ---- called for the multiplexer ----

  /** The multiplexer has sent the head, or has room again. */
  void produce(DataStreamChannel output) throws IOException {
    if (channel == null) {
      channel = output;
      writeWhole(output);
    }
    wake();
  }

  /** Writes a complete body together with its head, as far as the windows allow. */
  private void writeWhole(DataStreamChannel output) throws IOException {
    byte[] bytes = whole;
    if (bytes == null) {
      return;
    }
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      if (output.write(rest) == 0) {
        whole = Arrays.copyOfRange(bytes, rest.position(), bytes.length);
        return;
      }
    }
    whole = null;
    ended = true;
    output.endStream();
  }

  /** The stream has ended. */
  void release() {
    released = true;
    wake();
  }

  /** Lets the waiting coroutine try again. */
  void wake() {
    Event waited = changed;
    if (waited != null) {
      waited.set();
    }
  }

  // ---- called by the coroutine ----

  /** Sets a body that the multiplexer shall send with the head. */
  void setWhole(byte[] bytes) {
    whole = bytes;
  }

  /** Sends what is left of the whole body. */
  void finishWhole() throws IOException {
    byte[] rest = whole;
    if (rest != null) {
      whole = null;
      write(ByteBuffer.wrap(rest));
      end();
    }
  }

  /** Waits until the multiplexer has sent the head. */
  void awaitHead() throws IOException {
    while (channel == null && !released) {
      await();
    }
  }

  private void await() throws IOException {
    Event waited = changed;
    if (waited == null) {
      waited = Event.autoReset();
      changed = waited;
    }
    if (!waited.tryAwait(stallTimeout)) {
      reset();
      throw new IOException("the peer did not take the body in time");
    }
  }

  /** Writes all bytes. */
  void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      DataStreamChannel output = channel;
      if (released || output == null) {
        throw new IOException("the stream has ended");
      }
      if (output.write(bytes) == 0) {
        pump.addWaiting(this);
        try {
          output.requestOutput();
          await();
        } finally {
          pump.removeWaiting(this);
        }
      }
    }
  }

  /** Ends the body. */
  void end() throws IOException {
    DataStreamChannel output = channel;
    if (output != null && !released && !ended) {
      ended = true;
      output.endStream();
    }
  }

  /** Notes that the head is the end. */
  void markEnded() {
    ended = true;
  }

  boolean isEnded() {
    return ended;
  }

  boolean isReleased() {
    return released;
  }

  /** Ends the stream with an error; returns false if the multiplexer has not sent its head. */
  boolean reset() {
    if (channel instanceof Cancellable stream) {
      var _ = stream.cancel();
      return true;
    }
    return false;
  }
}
