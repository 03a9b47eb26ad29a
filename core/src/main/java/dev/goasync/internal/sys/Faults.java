package dev.goasync.internal.sys;

import org.jspecify.annotations.Nullable;

/**
 * Makes calls of the kernel fail, for tests. Off, it costs nothing: the JIT removes what hangs on
 * the constant {@link #ON}. Any thread.
 */
public final class Faults {
  /** Set to {@code true} in a JVM whose tests set a plan. */
  public static final String PROPERTY = "goasync.faults";

  /** Whether there can be faults in this JVM. */
  public static final boolean ON = Boolean.getBoolean(PROPERTY);

  /** The verdict on a call that is to go ahead. */
  public static final int NONE = 0;

  private static volatile @Nullable Plan plan;

  /** Where a call is made. */
  public enum Site {
    /** A system call; its number is the kernel's. */
    SYSTEM_CALL,
    /** A submission to a ring; its number is the operation's code. */
    RING
  }

  /** Decides on each call before it is made. */
  @FunctionalInterface
  public interface Plan {
    /**
     * The verdict.
     *
     * @param length how many bytes a call that moves bytes is to move; of others, anything
     * @return {@link #NONE}, or -errno to fail with, or a number of bytes to move instead
     */
    int decide(Site site, int number, long length);
  }

  private Faults() {}

  /** What decides from now on; null lets all go ahead. */
  public static void setPlan(@Nullable Plan newPlan) {
    plan = newPlan;
  }

  /** The verdict on a call, as {@link Plan#decide} has it. */
  public static int decide(Site site, int number, long length) {
    Plan current = plan;
    return current == null ? NONE : current.decide(site, number, length);
  }
}
