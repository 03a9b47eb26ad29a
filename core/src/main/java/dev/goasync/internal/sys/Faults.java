package dev.goasync.internal.sys;

import org.jspecify.annotations.Nullable;

/**
 * Fault injection: makes calls of the kernel fail, for tests. Switched off it costs nothing, since
 * the JIT removes code that depends on the constant {@link #ON}. Any thread.
 */
public final class Faults {
  /** System property: {@code true} in a JVM whose tests set a plan. */
  public static final String PROPERTY = "goasync.faults";

  /** Whether fault injection is switched on in this JVM. */
  public static final boolean ON = Boolean.getBoolean(PROPERTY);

  /** The verdict on a call that is made normally. */
  public static final int NONE = 0;

  private static volatile @Nullable Plan plan;

  /** The kind of call. */
  public enum Site {
    /** A system call; the number is the kernel's. */
    SYSTEM_CALL,
    /** A submission to io_uring; the number is the opcode. */
    RING
  }

  /** Decides on each call before it is made. */
  @FunctionalInterface
  public interface Plan {
    /**
     * Returns the verdict on a call.
     *
     * @param length how many bytes the call is to move; undefined for calls that move none
     * @return {@link #NONE}, or -errno to fail with, or a smaller number of bytes to move
     */
    int decide(Site site, int number, long length);
  }

  private Faults() {}

  /** Sets the plan; null injects no faults. */
  public static void setPlan(@Nullable Plan newPlan) {
    plan = newPlan;
  }

  /** Returns the verdict of the current plan; see {@link Plan#decide}. */
  public static int decide(Site site, int number, long length) {
    Plan current = plan;
    return current == null ? NONE : current.decide(site, number, length);
  }
}
