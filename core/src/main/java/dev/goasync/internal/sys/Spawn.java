package dev.goasync.internal.sys;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Starts a program as a child process with libc's {@code posix_spawn}. A fork that continues in
 * Java is impossible, since the child would lack the other threads of the JVM. The calling thread
 * blocks until the child executes its program.
 *
 * <p>The child gets an empty signal mask, while threads of a JVM block some signals, and default
 * signal actions. Exception: if this process was started with HUP, INT or QUIT ignored, as by
 * {@code nohup} and {@code &}, the child ignores them too, unless it gets a terminal of its own,
 * whose Ctrl-C and hang-up it should receive. The child gets the descriptors 0 to 2 and no other,
 * including those that the JDK opens without {@code O_CLOEXEC}.
 */
public final class Spawn {
  /** A descriptor that the child inherits from this process. */
  public static final int INHERITED = -1;

  /** The child's descriptor 2 is a duplicate of its descriptor 1. */
  public static final int MERGED = -2;

  /** The description of a child. */
  public static final class Child {
    private final byte[] program;
    private final List<byte[]> arguments;
    private final List<byte[]> environment;
    private final byte @Nullable [] directory;
    private final int[] standard;
    private final byte @Nullable [] terminal;
    private final boolean ownGroup;

    /**
     * Describes a child; the arrays are not copied.
     *
     * @param program the file to execute
     * @param arguments argument 0, the program's name, and the other arguments
     * @param environment entries {@code NAME=value}
     * @param directory the working directory; null for that of this process
     * @param standard the sources of its descriptors 0 to 2: numbers above 2, or the constants
     *     above
     * @param terminal the terminal that becomes all three descriptors and controls a new session;
     *     null for none
     * @param ownGroup whether the child starts a process group
     */
    public Child(
        byte[] program,
        List<byte[]> arguments,
        List<byte[]> environment,
        byte @Nullable [] directory,
        int[] standard,
        byte @Nullable [] terminal,
        boolean ownGroup) {
      this.program = program;
      this.arguments = arguments;
      this.environment = environment;
      this.directory = directory;
      this.standard = standard;
      this.terminal = terminal;
      this.ownGroup = ownGroup;
    }
  }

  // Larger than in any known libc: 80 and 336 bytes in glibc.
  private static final int ACTIONS_BYTES = 512;
  private static final int ATTRIBUTES_BYTES = 1024;
  private static final int SIGNAL_SET_BYTES = 128;

  private static final short SETPGROUP = 2;
  private static final short SETSIGDEF = 4;
  private static final short SETSIGMASK = 8;
  private static final short SETSID = 0x80;

  private static final int FIRST_NOT_STANDARD = 3;

  private static final long ALL_SIGNALS = ~0L;

  /** HUP (1), INT (2) and QUIT (3), as bits from 0. */
  private static final long KEPT_IGNORED = 0b111;

  private static final LibcFunction SPAWN = LibcFunction.of("posix_spawn");
  private static final LibcFunction ACTIONS_INIT = actions("init");
  private static final LibcFunction ACTIONS_DESTROY = actions("destroy");
  private static final LibcFunction ADD_OPEN = actions("addopen");
  private static final LibcFunction ADD_DUP2 = actions("adddup2");
  private static final LibcFunction ATTRIBUTES_INIT = attributes("init");
  private static final LibcFunction ATTRIBUTES_DESTROY = attributes("destroy");
  private static final LibcFunction SET_FLAGS = attributes("setflags");
  private static final LibcFunction SET_MASK = attributes("setsigmask");
  private static final LibcFunction SET_DEFAULT = attributes("setsigdefault");

  /** glibc 2.29, musl 1.1.24. */
  private static final @Nullable LibcFunction ADD_CHDIR =
      LibcFunction.find("posix_spawn_file_actions_addchdir_np");

  /** glibc 2.34; not in musl. */
  private static final @Nullable LibcFunction ADD_CLOSEFROM =
      LibcFunction.find("posix_spawn_file_actions_addclosefrom_np");

  private final Arena arena;
  private final SystemCalls calls;
  private final long actions;
  private final long attributes;

  private Spawn(Arena arena, SystemCalls calls) {
    this.arena = arena;
    this.calls = calls;
    this.actions = Memory.address(Memory.allocate(arena, ACTIONS_BYTES));
    this.attributes = Memory.address(Memory.allocate(arena, ATTRIBUTES_BYTES));
  }

  private static LibcFunction actions(String verb) {
    return LibcFunction.of("posix_spawn_file_actions_" + verb);
  }

  private static LibcFunction attributes(String verb) {
    return LibcFunction.of("posix_spawnattr_" + verb);
  }

  /**
   * Starts the child; returns once it executes its program.
   *
   * @return the process ID, or -errno of {@code chdir}, {@code open}, {@code execve} or {@code
   *     clone}
   */
  public static int start(SystemCalls calls, Child child) {
    if (Faults.ON) {
      int verdict = Faults.decide(Faults.Site.SYSTEM_CALL, Abi.CLONE, 0);
      if (verdict < 0) {
        return verdict;
      }
    }
    try (Arena arena = Arena.ofConfined()) {
      return new Spawn(arena, calls).start(child);
    }
  }

  private int start(Child child) {
    int failed = ACTIONS_INIT.call(actions, 0, 0);
    if (failed != 0) {
      return -failed;
    }
    try {
      failed = ATTRIBUTES_INIT.call(attributes, 0, 0);
      if (failed != 0) {
        return -failed;
      }
      try {
        return prepareAndStart(child);
      } finally {
        ATTRIBUTES_DESTROY.call(attributes, 0, 0);
      }
    } finally {
      ACTIONS_DESTROY.call(actions, 0, 0);
    }
  }

  private int prepareAndStart(Child child) {
    int failed = setAttributes(child);
    failed = failed != 0 ? failed : addStandard(child);
    failed = failed != 0 ? failed : addDirectory(child);
    failed = failed != 0 ? failed : addClosing();
    if (failed != 0) {
      return -failed;
    }
    ByteBuffer pid = Memory.allocate(arena, Long.BYTES);
    failed =
        SPAWN.call(
            Memory.address(pid),
            string(child.program),
            actions,
            attributes,
            strings(child.arguments),
            strings(child.environment));
    return failed != 0 ? -failed : pid.getInt(0);
  }

  private int setAttributes(Child child) {
    int flags = SETSIGMASK | SETSIGDEF;
    flags |= child.terminal != null ? SETSID : child.ownGroup ? SETPGROUP : 0;
    ByteBuffer none = Memory.allocate(arena, SIGNAL_SET_BYTES);
    long reset = child.terminal != null ? ALL_SIGNALS : ALL_SIGNALS & ~KEPT_IGNORED;
    ByteBuffer defaults = Memory.allocate(arena, SIGNAL_SET_BYTES).putLong(0, reset);
    int failed = SET_MASK.call(attributes, Memory.address(none), 0);
    failed = failed != 0 ? failed : SET_DEFAULT.call(attributes, Memory.address(defaults), 0);
    return failed != 0 ? failed : SET_FLAGS.call(attributes, flags, 0);
  }

  /** The first terminal that a new session opens becomes its controlling terminal. */
  private int addStandard(Child child) {
    if (child.terminal != null) {
      int failed = ADD_OPEN.call(actions, 0, string(child.terminal), Linux.O_RDWR, 0, 0);
      failed = failed != 0 ? failed : ADD_DUP2.call(actions, 0, 1);
      return failed != 0 ? failed : ADD_DUP2.call(actions, 0, 2);
    }
    int failed = 0;
    for (int number = 0; number < FIRST_NOT_STANDARD && failed == 0; number++) {
      int source = child.standard[number];
      if (source != INHERITED) {
        failed = ADD_DUP2.call(actions, source == MERGED ? 1 : source, number);
      }
    }
    return failed;
  }

  private int addDirectory(Child child) {
    if (child.directory == null) {
      return 0;
    }
    return ADD_CHDIR == null ? Errno.ENOSYS : ADD_CHDIR.call(actions, string(child.directory), 0);
  }

  /**
   * Closes all other descriptors in the child. If libc has no such action, marks all descriptors as
   * closed on exec; one that another thread opens at the same time may still reach the child.
   */
  private int addClosing() {
    if (ADD_CLOSEFROM != null) {
      return ADD_CLOSEFROM.call(actions, FIRST_NOT_STANDARD, 0);
    }
    return -ProcessCalls.closeOnExecFrom(calls, FIRST_NOT_STANDARD);
  }

  private long string(byte[] bytes) {
    return Memory.address(Memory.cString(arena, bytes));
  }

  /** Stores a null-terminated vector of strings, followed by the strings. */
  private long strings(List<byte[]> strings) {
    int at = (strings.size() + 1) * Long.BYTES;
    int size = at;
    for (byte[] string : strings) {
      size += string.length + 1;
    }
    ByteBuffer block = Memory.allocate(arena, size);
    long address = Memory.address(block);
    for (int i = 0; i < strings.size(); i++) {
      byte[] string = strings.get(i);
      block.putLong(i * Long.BYTES, address + at);
      block.put(at, string);
      at += string.length + 1;
    }
    return address;
  }
}
