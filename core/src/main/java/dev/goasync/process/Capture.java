package dev.goasync.process;

import dev.goasync.GoAsync;
import dev.goasync.io.TooLongException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Keeps what a process writes, up to a limit, and shows it if that is wanted. */
final class Capture {
  /** As much as a coroutine that waits should pin; more when more comes. */
  private static final int FIRST_READ = 4096;

  private static final int LATER_READ = 64 * 1024;

  /** The largest pipe that Linux makes for everybody. */
  private static final int MAX_KEPT = 1 << 20;

  private final PipeStream source;
  private final int maxBytes;
  private final @Nullable OutputStream shown;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream(0);
  private ByteBuffer buffer = ByteBuffer.allocate(FIRST_READ);

  Capture(PipeStream source, int maxBytes, @Nullable OutputStream shown) {
    this.source = source;
    this.maxBytes = maxBytes;
    this.shown = shown;
  }

  /** Until all who can write have closed it, or the caller is cancelled. */
  void untilEnd() throws IOException {
    while (take(Integer.MAX_VALUE) >= 0) {
      if (!buffer.hasRemaining() && buffer.capacity() < LATER_READ) {
        buffer = ByteBuffer.allocate(LATER_READ);
      }
    }
  }

  /**
   * What is there now. A process that has ended has written all that it ever will; others that have
   * the same pipe may go on without end, so no more is taken than the system can have kept.
   */
  void rest() throws IOException {
    int taken = 0;
    for (int left = source.available(); left > 0 && taken < MAX_KEPT; left = source.available()) {
      int count = take(left);
      taken = count < 0 ? MAX_KEPT : taken + count;
    }
  }

  private int take(int most) throws IOException {
    buffer.clear().limit(Math.min(most, buffer.capacity()));
    int count = source.read(buffer);
    if (count > 0) {
      if (count > maxBytes - kept.size()) {
        throw new TooLongException(
            source + " is longer than the " + maxBytes + " bytes that captureLimit allows");
      }
      kept.write(buffer.array(), 0, count);
      if (shown != null) {
        show(shown, count);
      }
    }
    return count;
  }

  /** Somebody else's stream blocks. What is kept is also shown, even if the process has ended. */
  private void show(OutputStream target, int count) throws IOException {
    GoAsync.<IOException>shielded(
        () ->
            GoAsync.<IOException>offload(
                () -> {
                  target.write(buffer.array(), 0, count);
                  target.flush();
                }));
  }

  byte[] bytes() {
    return kept.toByteArray();
  }
}
