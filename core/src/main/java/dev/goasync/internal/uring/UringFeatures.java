package dev.goasync.internal.uring;

import java.util.Set;

/**
 * What this kernel's io_uring can do beyond what is required.
 *
 * @param setup how rings are set up, for people
 * @param ftruncate whether a ring can cut files
 * @param pollFirst whether a receive can be told to wait before it tries, and tells whether more is
 *     there (Linux 5.19)
 * @param receiveBuffers whether the kernel can pick the buffer of a receive (Linux 5.19)
 * @param multishot whether one operation can receive again and again, and that only while the loop
 *     is in the kernel (Linux 6.1)
 */
record UringFeatures(
    String setup, boolean ftruncate, boolean pollFirst, boolean receiveBuffers, boolean multishot) {
  /** Names of features, or {@code all}: behave as if the kernel had none of these. For tests. */
  static final String WITHOUT_PROPERTY = "goasync.uring.without";

  static final String DEFER_TASKRUN = "deferTaskrun";
  static final String COOP_TASKRUN = "coopTaskrun";
  static final String POLL_FIRST = "pollFirst";
  static final String FTRUNCATE = "ftruncate";
  static final String RECEIVE_BUFFERS = "receiveBuffers";
  static final String MULTISHOT = "multishot";

  private static final Set<String> KNOWN =
      Set.of(DEFER_TASKRUN, COOP_TASKRUN, POLL_FIRST, FTRUNCATE, RECEIVE_BUFFERS, MULTISHOT, "all");

  /** Whether the feature may be used if the kernel has it. */
  static boolean mayUse(String feature) {
    Set<String> without = without();
    return !without.contains(feature) && !without.contains("all");
  }

  /** The features that may not be used, for people: nothing, or a part of a list. */
  static String describeWithout() {
    Set<String> without = without();
    return without.isEmpty() ? "" : ", without " + String.join(" and ", without);
  }

  private static Set<String> without() {
    String names = System.getProperty(WITHOUT_PROPERTY, "");
    Set<String> without = names.isEmpty() ? Set.of() : Set.of(names.split(","));
    if (!KNOWN.containsAll(without)) {
      throw new IllegalArgumentException(
          "-D" + WITHOUT_PROPERTY + "=" + names + " names no feature; known are: " + KNOWN);
    }
    return without;
  }
}
