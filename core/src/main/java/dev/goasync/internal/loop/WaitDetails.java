package dev.goasync.internal.loop;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link Wait} is for, in parts, for inspections.
 *
 * @param what the awaited event, as the end of a sentence that begins with "waits for"
 * @param subject the descriptor, socket or file of an operation; null if there is none
 * @param descriptor the number of the descriptor; {@link #NO_DESCRIPTOR} if unknown
 * @param bytes how many bytes the operation wants to transfer; -1 if unknown
 * @param nanosLeft the time until a timer ends the wait; -1 if none does
 * @param thread the thread that works for the waiting fiber; null if there is none
 */
public record WaitDetails(
    String what,
    @Nullable Object subject,
    int descriptor,
    long bytes,
    long nanosLeft,
    @Nullable Thread thread) {
  /** The value of {@link #descriptor} if there is none. */
  public static final int NO_DESCRIPTOR = -1;

  private static final long UNKNOWN = -1;

  /** Details of which only the description is known. */
  public static WaitDetails of(String what) {
    return new WaitDetails(what, null, NO_DESCRIPTOR, UNKNOWN, UNKNOWN, null);
  }

  /** A copy with a descriptor. */
  public WaitDetails withDescriptor(int number, Object newSubject) {
    return new WaitDetails(what, newSubject, number, bytes, nanosLeft, thread);
  }

  /** A copy with a number of bytes. */
  public WaitDetails withBytes(long wanted) {
    return new WaitDetails(what, subject, descriptor, wanted, nanosLeft, thread);
  }

  /** A copy with the time that is left until a timer fires. */
  public WaitDetails withNanosLeft(long nanos) {
    return new WaitDetails(what, subject, descriptor, bytes, nanos, thread);
  }

  /** A copy with the thread that works for the fiber. */
  public WaitDetails withThread(@Nullable Thread working) {
    return new WaitDetails(what, subject, descriptor, bytes, nanosLeft, working);
  }
}
