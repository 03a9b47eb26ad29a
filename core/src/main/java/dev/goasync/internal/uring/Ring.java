package dev.goasync.internal.uring;

import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.Memory;
import dev.goasync.internal.sys.SystemCalls;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A submission queue and a completion queue shared with the kernel.
 *
 * <p>Any thread may create a ring; from the first {@link #enter} on it belongs to the thread that
 * entered. The ring owns the submission queue's tail and the completion queue's head and publishes
 * them with release; the kernel owns the other two, which are read with acquire.
 */
final class Ring implements AutoCloseable {
  private static final int SETUP_CQSIZE = 1 << 3;
  private static final int SETUP_CLAMP = 1 << 4;
  private static final int SETUP_R_DISABLED = 1 << 6;
  private static final int SETUP_SUBMIT_ALL = 1 << 7;
  private static final int SETUP_COOP_TASKRUN = 1 << 8;
  private static final int SETUP_TASKRUN_FLAG = 1 << 9;
  private static final int SETUP_SINGLE_ISSUER = 1 << 12;
  private static final int SETUP_DEFER_TASKRUN = 1 << 13;

  private static final int BASE = SETUP_CQSIZE | SETUP_CLAMP;

  /**
   * In order of preference. With R_DISABLED the single issuer is the thread that enables the ring.
   * For unknown flags the kernel returns EINVAL.
   */
  private static final int[] SETUPS = {
    BASE // Linux 6.1
        | SETUP_SUBMIT_ALL
        | SETUP_TASKRUN_FLAG
        | SETUP_R_DISABLED
        | SETUP_SINGLE_ISSUER
        | SETUP_DEFER_TASKRUN,
    BASE | SETUP_SUBMIT_ALL | SETUP_TASKRUN_FLAG | SETUP_COOP_TASKRUN, // Linux 5.19
    BASE,
  };

  static final int FEATURE_SINGLE_MMAP = 1;
  static final int FEATURE_NODROP = 1 << 1;
  static final int FEATURE_RW_CUR_POS = 1 << 3;
  static final int FEATURE_EXT_ARG = 1 << 8;
  private static final int FEATURES =
      FEATURE_SINGLE_MMAP | FEATURE_NODROP | FEATURE_RW_CUR_POS | FEATURE_EXT_ARG;

  private static final int SQ_CQ_OVERFLOW = 1 << 1;
  private static final int SQ_TASKRUN = 1 << 2;
  private static final int ENTER_GETEVENTS = 1;
  private static final int ENTER_EXT_ARG = 1 << 3;
  private static final int REGISTER_PROBE = 8;
  private static final int REGISTER_ENABLE_RINGS = 12;
  private static final int REGISTER_BUFFER_RING = 22;

  // struct io_uring_buf_reg {ring_addr, ring_entries, bgid, flags, resv[3]}
  private static final int BUFFER_RING_BYTES = 40;
  private static final long OFFSET_SQES = 0x1000_0000L;

  private static final int SQE_BYTES = 64;
  private static final int CQE_BYTES = 16;

  // Flags of a completion.
  static final int CQE_BUFFER = 1;
  static final int CQE_BUFFER_SHIFT = 16;
  static final int CQE_MORE = 1 << 1;
  static final int CQE_SOCK_NONEMPTY = 1 << 2;

  // struct io_uring_params, whose offsets of queue fields begin at 40 (SQ) and 80 (CQ)
  private static final int PARAMS_BYTES = 120;
  private static final int PARAMS_SQ_ENTRIES = 0;
  private static final int PARAMS_CQ_ENTRIES = 4;
  private static final int PARAMS_FLAGS = 8;
  private static final int PARAMS_FEATURES = 20;
  private static final int SQ_OFFSETS = 40;
  private static final int CQ_OFFSETS = 80;

  // struct io_uring_getevents_arg {sigmask, sigmask_sz, min_wait, ts}, then the timespec itself
  private static final int WAIT_ARG_BYTES = 24;
  private static final int WAIT_ARG_TS = 16;
  private static final int TIMESPEC_AT = 24;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final SystemCalls calls;
  private final int fd;
  private final int setup;
  private final ByteBuffer queues;
  private final ByteBuffer sqes;
  private final ByteBuffer waitArg = Memory.allocate(48);
  private final long waitArgAddress = Memory.address(waitArg);
  private final int sqHeadAt;
  private final int sqTailAt;
  private final int sqFlagsAt;
  private final int cqHeadAt;
  private final int cqTailAt;
  private final int cqesAt;
  private final int sqMask;
  private final int cqMask;
  private int sqTail;
  private int cqHead;
  private boolean enabled;

  /** Thrown if a ring cannot be set up. */
  static final class SetupException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The kernel's errno, or 0 if a required feature is missing. */
    final int errno;

    SetupException(int errno, String message) {
      super(message, null, false, false);
      this.errno = errno;
    }
  }

  /**
   * Sets up a ring.
   *
   * @param sqEntries room for submissions, made a power of two by the kernel
   * @param cqEntries room for completions, at least as many
   */
  Ring(SystemCalls calls, int sqEntries, int cqEntries) throws SetupException {
    this.calls = calls;
    ByteBuffer params = Memory.allocate(PARAMS_BYTES);
    int created = -Errno.EINVAL;
    int used = 0;
    for (int i = 0; i < SETUPS.length && created == -Errno.EINVAL; i++) {
      used = SETUPS[i];
      if (!mayUse(used)) {
        continue;
      }
      params.put(0, new byte[PARAMS_BYTES]);
      params.putInt(PARAMS_CQ_ENTRIES, cqEntries);
      params.putInt(PARAMS_FLAGS, used);
      created = calls.ioUringSetup(sqEntries, Memory.address(params));
    }
    if (created < 0) {
      throw new SetupException(-created, "io_uring_setup: " + Errno.describe(-created));
    }
    fd = created;
    setup = used;
    enabled = (setup & SETUP_R_DISABLED) == 0;
    if ((params.getInt(PARAMS_FEATURES) & FEATURES) != FEATURES) {
      calls.close(fd);
      throw new SetupException(0, "the kernel's io_uring is too old; Linux 5.15 is needed");
    }
    int sqSize = params.getInt(PARAMS_SQ_ENTRIES);
    int cqSize = params.getInt(PARAMS_CQ_ENTRIES);
    int sqArrayAt = params.getInt(SQ_OFFSETS + 24);
    cqesAt = params.getInt(CQ_OFFSETS + 20);
    queues = map(Math.max(sqArrayAt + 4 * sqSize, cqesAt + CQE_BYTES * cqSize), 0, null);
    sqes = map(SQE_BYTES * sqSize, OFFSET_SQES, queues);
    sqHeadAt = params.getInt(SQ_OFFSETS);
    sqTailAt = params.getInt(SQ_OFFSETS + 4);
    sqMask = queues.getInt(params.getInt(SQ_OFFSETS + 8));
    sqFlagsAt = params.getInt(SQ_OFFSETS + 16);
    cqHeadAt = params.getInt(CQ_OFFSETS);
    cqTailAt = params.getInt(CQ_OFFSETS + 4);
    cqMask = queues.getInt(params.getInt(CQ_OFFSETS + 8));
    for (int i = 0; i < sqSize; i++) { // the identity: no indirection is used
      queues.putInt(sqArrayAt + 4 * i, i);
    }
  }

  private ByteBuffer map(int bytes, long offset, @Nullable ByteBuffer mappedBefore)
      throws SetupException {
    long address = calls.mmap(bytes, Linux.MAP_SHARED | Linux.MAP_POPULATE, fd, offset);
    if (Errno.isError(address)) {
      if (mappedBefore != null) {
        unmap(mappedBefore);
      }
      calls.close(fd);
      throw new SetupException((int) -address, "mmap: " + Errno.describe((int) -address));
    }
    return Memory.mapped(address, bytes);
  }

  private static boolean mayUse(int setup) {
    return ((setup & SETUP_DEFER_TASKRUN) == 0 || UringFeatures.mayUse(UringFeatures.DEFER_TASKRUN))
        && ((setup & SETUP_COOP_TASKRUN) == 0 || UringFeatures.mayUse(UringFeatures.COOP_TASKRUN));
  }

  /** Whether the kernel took flags that came with Linux 5.19. */
  boolean isOfLinux519() {
    return (setup & (SETUP_COOP_TASKRUN | SETUP_DEFER_TASKRUN)) != 0;
  }

  /** Whether completions come only while the loop is in the kernel (Linux 6.1). */
  boolean defersTaskrun() {
    return (setup & SETUP_DEFER_TASKRUN) != 0;
  }

  /** The setup in use, for messages. */
  String describeSetup() {
    if (defersTaskrun()) {
      return "single issuer, deferred task run";
    }
    return (setup & SETUP_COOP_TASKRUN) != 0 ? "cooperative task run" : "plain setup";
  }

  /** Whether the kernel knows the operations; before the first {@link #enter}. */
  boolean[] probe(int... opcodes) throws SetupException {
    int capacity = 256;
    ByteBuffer probe = Memory.allocate(16 + 8 * capacity);
    int result = calls.ioUringRegister(fd, REGISTER_PROBE, Memory.address(probe), capacity);
    if (result < 0) {
      throw new SetupException(-result, "IORING_REGISTER_PROBE: " + Errno.describe(-result));
    }
    boolean[] known = new boolean[opcodes.length];
    for (int i = 0; i < opcodes.length; i++) {
      known[i] = (probe.getInt(16 + 8 * opcodes[i]) >>> 16 & 1) != 0;
    }
    return known;
  }

  /**
   * Registers a ring of buffers for the kernel to pick from.
   *
   * @param entries a power of two
   * @return 0 or -errno
   */
  int registerBuffers(long address, int entries, int group) {
    ByteBuffer registration = Memory.allocate(BUFFER_RING_BYTES);
    registration.putLong(0, address);
    registration.putInt(8, entries);
    registration.putShort(12, (short) group);
    return calls.ioUringRegister(fd, REGISTER_BUFFER_RING, Memory.address(registration), 1);
  }

  // ---- submissions ----

  /** How many submissions the queue has room for. */
  int room() {
    return sqMask + 1 - unsubmitted();
  }

  /** How many submissions the kernel has not consumed. */
  int unsubmitted() {
    return sqTail - acquire(sqHeadAt);
  }

  /** The offset of the next submission; requires {@link #room}. {@link #push} advances it. */
  int nextSubmission() {
    return (sqTail & sqMask) * SQE_BYTES;
  }

  /** The memory of the submissions. */
  ByteBuffer submissions() {
    return sqes;
  }

  /** Adds the submission that was written at {@link #nextSubmission}. */
  void push() {
    sqTail++;
  }

  // ---- completions ----

  /** How many completions can be read. */
  int available() {
    return acquire(cqTailAt) - cqHead;
  }

  /** The user data of the oldest completion. */
  long userData() {
    return queues.getLong(oldest());
  }

  /** The result of the oldest completion. */
  int result() {
    return queues.getInt(oldest() + 8);
  }

  /** The flags of the oldest completion. */
  int flags() {
    return queues.getInt(oldest() + 12);
  }

  private int oldest() {
    return cqesAt + (cqHead & cqMask) * CQE_BYTES;
  }

  /** Removes the oldest completion; {@link #publishHead} makes that visible to the kernel. */
  void pop() {
    cqHead++;
  }

  /** Makes the room of removed completions available to the kernel. */
  void publishHead() {
    release(cqHeadAt, cqHead);
  }

  // ---- the kernel ----

  /**
   * Whether completions wait for an enter: deferred work, or completions that found the queue full.
   * Without a setup that reports this, completions come without an enter.
   */
  boolean hasKernelWork() {
    return (acquire(sqFlagsAt) & (SQ_TASKRUN | SQ_CQ_OVERFLOW)) != 0;
  }

  /**
   * Submits all, and waits for one completion unless {@code timeoutNanos} is 0.
   *
   * @param timeoutNanos {@link Long#MAX_VALUE} for no limit
   * @return how many submissions the kernel consumed, or -errno
   */
  int enter(long timeoutNanos) {
    if (!enabled) {
      enabled = true;
      calls.ioUringRegister(fd, REGISTER_ENABLE_RINGS, 0, 0);
    }
    release(sqTailAt, sqTail);
    int submit = unsubmitted();
    if (timeoutNanos == 0 || timeoutNanos == Long.MAX_VALUE) {
      int wait = timeoutNanos == 0 ? 0 : 1;
      return calls.ioUringEnter(fd, submit, wait, ENTER_GETEVENTS, 0, 0);
    }
    waitArg.putLong(WAIT_ARG_TS, waitArgAddress + TIMESPEC_AT);
    waitArg.putLong(TIMESPEC_AT, timeoutNanos / NANOS_PER_SECOND);
    waitArg.putLong(TIMESPEC_AT + 8, timeoutNanos % NANOS_PER_SECOND);
    int flags = ENTER_GETEVENTS | ENTER_EXT_ARG;
    return calls.ioUringEnter(fd, submit, 1, flags, waitArgAddress, WAIT_ARG_BYTES);
  }

  /**
   * Throws for errors of {@link #enter} that do not pass by themselves. These do: EINTR, a signal;
   * ETIME, the timeout expired; EBUSY, completions must be read first; EAGAIN, the kernel is short
   * of memory.
   */
  static void checkEntered(int result) {
    switch (-result) {
      case Errno.EINTR, Errno.ETIME, Errno.EBUSY, Errno.EAGAIN -> {}
      default -> {
        if (result < 0) {
          throw new IllegalStateException("io_uring_enter failed: " + Errno.describe(-result));
        }
      }
    }
  }

  @Override
  public void close() {
    unmap(sqes);
    unmap(queues);
    calls.close(fd);
  }

  private void unmap(ByteBuffer mapped) {
    calls.munmap(Memory.address(mapped), mapped.capacity());
  }

  /** Reads a field that the kernel writes, with acquire semantics. */
  private int acquire(int at) {
    int value = queues.getInt(at);
    VarHandle.acquireFence();
    return value;
  }

  /** Writes a field that the kernel reads, with release semantics. */
  private void release(int at, int value) {
    VarHandle.releaseFence();
    queues.putInt(at, value);
  }
}
