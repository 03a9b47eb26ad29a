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

  private final PipeStream source;
  private final int mostBytes;
  private final @Nullable OutputStream shown;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream(0);
  private ByteBuffer buffer = ByteBuffer.allocate(FIRST_READ);

  Capture(PipeStream source, int mostBytes, @Nullable OutputStream shown) {
    this.source = source;
    this.mostBytes = mostBytes;
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

  /** What is there now. A process that has ended has written all that it ever will. */
  void rest() throws IOException {
    int left = source.available();
    while (left > 0) {
      int count = take(left);
      left = count < 0 ? 0 : left - count;
    }
  }

  private int take(int most) throws IOException {
    buffer.clear().limit(Math.min(most, buffer.capacity()));
    int count = source.read(buffer);
    if (count > 0) {
      if (count > mostBytes - kept.size()) {
        throw new TooLongException(
            source + " is longer than the " + mostBytes + " bytes that captureLimit allows");
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
    GoAsync.<IOException>shielded(() ->
        GoAsync.<IOException>offload(() -> {
          target.write(buffer.array(), 0, count);
          target.flush();
        }));
  }

  byte[] bytes() {
    return kept.toByteArray();
  }
}
