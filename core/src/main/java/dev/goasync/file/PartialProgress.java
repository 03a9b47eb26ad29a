package dev.goasync.file;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.util.concurrent.CancellationException;

/** Adds the number of transferred bytes to an exception. */
final class PartialProgress {
  private PartialProgress() {}

  /**
   * Returns the exception to throw instead of {@code failed}: the same exception, or one of its
   * type with the count in the message.
   *
   * @param what the unit of {@code count}, such as "bytes were written"
   */
  static IOException after(long count, String what, IOException failed) {
    if (count > 0 && failed.getClass() == FileSystemException.class) {
      FileSystemException plain = (FileSystemException) failed;
      String reason = plain.getReason() + "; " + count + " " + what;
      FileSystemException detailed =
          new FileSystemException(plain.getFile(), plain.getOtherFile(), reason);
      detailed.setStackTrace(plain.getStackTrace());
      return detailed;
    }
    if (failed instanceof InterruptedIOException interrupted) {
      interrupted.bytesTransferred = clamped(count);
    } else {
      note(count, what, failed);
    }
    return failed;
  }

  /** Adds the count to the exception of a cancelled operation and returns the exception. */
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
