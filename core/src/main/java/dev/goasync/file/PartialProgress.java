package dev.goasync.file;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.util.concurrent.CancellationException;

/** Has an exception say what had happened before. */
final class PartialProgress {
  private PartialProgress() {}

  /**
   * The exception to throw instead of {@code failed}: the same, or of the same type.
   *
   * @param what what {@code count} counts
   */
  static IOException after(long count, String what, IOException failed) {
    if (count > 0 && failed.getClass() == FileSystemException.class) {
      FileSystemException plain = (FileSystemException) failed;
      String reason = plain.getReason() + "; " + count + " " + what;
      FileSystemException told =
          new FileSystemException(plain.getFile(), plain.getOtherFile(), reason);
      told.setStackTrace(plain.getStackTrace());
      return told;
    }
    if (failed instanceof InterruptedIOException interrupted) {
      interrupted.bytesTransferred = clamped(count);
    } else {
      note(count, what, failed);
    }
    return failed;
  }

  /** Like the other, for an operation that was cancelled. */
  static CancellationException after(long count, String what, CancellationException cancelled) {
    note(count, what, cancelled);
    return cancelled;
  }

  private static void note(long count, String what, Exception thrown) {
    if (count > 0) {
      var before = new InterruptedIOException(count + " " + what);
      before.bytesTransferred = clamped(count);
      thrown.addSuppressed(before);
    }
  }

  private static int clamped(long count) {
    return (int) Math.min(count, Integer.MAX_VALUE);
  }
}
