package dev.goasync.internal.sys;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The system calls of inotify. Each returns its result or -errno. */
public final class InotifyCalls {
  public static final int MODIFY = 2;
  public static final int ATTRIB = 4;
  public static final int MOVED_FROM = 0x40;
  public static final int MOVED_TO = 0x80;
  public static final int CREATE = 0x100;
  public static final int DELETE = 0x200;
  public static final int MOVE_SELF = 0x800;
  public static final int Q_OVERFLOW = 0x4000;
  public static final int IGNORED = 0x8000;

  private static final int ONLYDIR = 0x100_0000;
  private static final int DONT_FOLLOW = 0x200_0000;
  private static final int WANTED =
      MODIFY | ATTRIB | MOVED_FROM | MOVED_TO | CREATE | DELETE | MOVE_SELF;

  private static final int HEADER_BYTES = 16;

  private InotifyCalls() {}

  /** Creates an instance, non-blocking, closed on exec. */
  public static int create(SystemCalls calls) {
    return calls.call(Abi.INOTIFY_INIT1, Linux.O_NONBLOCK | Linux.O_CLOEXEC, 0, 0);
  }

  /** Watches the directory at the NUL-terminated path; follows a link only if {@code mayBeLink}. */
  public static int add(SystemCalls calls, int fd, long path, boolean mayBeLink) {
    int mask = WANTED | ONLYDIR | (mayBeLink ? 0 : DONT_FOLLOW);
    return calls.call(Abi.INOTIFY_ADD_WATCH, fd, path, mask);
  }

  /** Ends a watch. */
  public static int remove(SystemCalls calls, int fd, int watch) {
    return calls.call(Abi.INOTIFY_RM_WATCH, fd, watch, 0);
  }

  /** Consumes events. */
  @FunctionalInterface
  public interface Reader {
    /**
     * Consumes one event.
     *
     * @param name the entry's name without NULs; empty if the event is of the directory itself
     */
    void event(int watch, int mask, int cookie, byte[] name);
  }

  /** Parses {@code struct inotify_event}s and passes them to {@code reader}. */
  public static void parse(ByteBuffer events, Reader reader) {
    while (events.remaining() >= HEADER_BYTES) {
      int watch = events.getInt();
      int mask = events.getInt();
      int cookie = events.getInt();
      byte[] padded = new byte[events.getInt()];
      events.get(padded);
      int length = 0;
      while (length < padded.length && padded[length] != 0) {
        length++;
      }
      reader.event(watch, mask, cookie, Arrays.copyOf(padded, length));
    }
  }
}
