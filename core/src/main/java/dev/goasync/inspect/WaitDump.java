package dev.goasync.inspect;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a task waits for.
 *
 * @param what the awaited event, as the end of a sentence that begins with "waits for"
 * @param kind the event without what differs between equal waits, such as the peer
 * @param subject the address, path or name behind the operation; null if there is none
 * @param descriptor the number of the descriptor; -1 if there is none or it is not known
 * @param bytes how many bytes the operation wants to transfer; -1 if it is not known
 * @param left the time until a timer ends the wait; null if none does
 * @param thread the thread that works for the task; null if there is none
 * @param threadPlace the line that this thread executes; null if it is not known
 * @param blockers the {@linkplain TaskDump#id ids} of the tasks that must proceed first
 */
public record WaitDump(
    String what,
    String kind,
    @Nullable String subject,
    int descriptor,
    long bytes,
    @Nullable Duration left,
    @Nullable String thread,
    @Nullable String threadPlace,
    List<Long> blockers) {
  /** Copies the list. */
  public WaitDump {
    blockers = List.copyOf(blockers);
  }

  @Override
  public String toString() {
    var text = new StringBuilder(what);
    if (left != null) {
      text.append(" that fires in ").append(Texts.duration(left));
    }
    if (bytes >= 0) {
      text.append(", ").append(bytes).append(" bytes");
    }
    if (descriptor >= 0) {
      text.append(", descriptor ").append(descriptor);
    }
    if (thread != null) {
      text.append(", which thread ").append(thread).append(" runs");
      if (threadPlace != null) {
        text.append(" at ").append(threadPlace);
      }
    }
    return text.toString();
  }
}
