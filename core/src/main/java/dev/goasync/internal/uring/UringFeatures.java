package dev.goasync.internal.uring;

import java.util.Set;

/**
 * Optional features of this kernel's io_uring.
 *
 * @param setup the setup of rings, for messages
 * @param ftruncate whether there is an operation that truncates files (Linux 6.9)
 * @param pollFirst whether a receive can wait before its first attempt, and reports whether more
 *     bytes are there (Linux 5.19)
 * @param receiveBuffers whether the kernel can select the buffer of a receive (Linux 5.19)
 * @param pipeDevice the device of anonymous pipes if they support non-blocking transfers (Linux
 *     6.4), otherwise {@link #NO_DEVICE}
 * @param multishot whether an operation can complete repeatedly, only while the loop is in the
 *     kernel (Linux 6.1)
 * @param sendAll whether a send that is to send all bytes and is cancelled reports those that it
 *     has sent (Linux 6.1); before, it reports that it sent none
 */
record UringFeatures(
    String setup,
    boolean ftruncate,
    boolean pollFirst,
    boolean receiveBuffers,
    long pipeDevice,
    boolean multishot,
    boolean sendAll) {
  /** Not the number of a device. */
  static final long NO_DEVICE = -1;

  /** Property for tests: names of features that are not used, or {@code all}. */
  static final String WITHOUT_PROPERTY = "goasync.uring.without";

  static final String DEFER_TASKRUN = "deferTaskrun";
  static final String COOP_TASKRUN = "coopTaskrun";
  static final String POLL_FIRST = "pollFirst";
  static final String FTRUNCATE = "ftruncate";
  static final String RECEIVE_BUFFERS = "receiveBuffers";
  static final String PIPES = "pipes";
  static final String MULTISHOT = "multishot";
  static final String SEND_ALL = "sendAll";

  private static final Set<String> KNOWN =
      Set.of(
          DEFER_TASKRUN,
          COOP_TASKRUN,
          POLL_FIRST,
          FTRUNCATE,
          RECEIVE_BUFFERS,
          PIPES,
          MULTISHOT,
          SEND_ALL,
          "all");

  /** Whether the kernel makes transfers of a pipe on this device without blocking. */
  boolean isNonBlockingPipe(long device) {
    return device == pipeDevice && device != NO_DEVICE;
  }

  /** Whether the feature may be used if the kernel has it. */
  static boolean mayUse(String feature) {
    Set<String> without = without();
    return !without.contains(feature) && !without.contains("all");
  }

  /** Lists the features that are switched off, as the end of a list; empty if there are none. */
  static String describeWithout() {
    Set<String> without = without();
    return without.isEmpty() ? "" : ", without " + String.join(" and ", without);
  }

  private static Set<String> without() {
    String names = System.getProperty(WITHOUT_PROPERTY, "");
    Set<String> without = names.isEmpty() ? Set.of() : Set.of(names.split(","));
    if (!KNOWN.containsAll(without)) {
      throw new IllegalArgumentException(
          "-D"
              + WITHOUT_PROPERTY
              + "="
              + names
              + " is not a list of features; use some of "
              + KNOWN);
    }
    return without;
  }
}
