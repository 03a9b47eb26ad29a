package dev.goasync.internal.sys;

import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;

/**
 * The flags of {@code openat} for open options, with the checks of {@link
 * java.nio.channels.FileChannel#open}.
 *
 * @param bits the flags of {@code openat}
 * @param deleteOnClose whether the name is removed at once; the content lives until the close
 */
public record OpenFlags(
    boolean read, boolean write, boolean append, boolean direct, boolean deleteOnClose, int bits) {
  private static final String DIRECT_CLASS = "com.sun.nio.file.ExtendedOpenOption";

  /**
   * Converts open options.
   *
   * @throws IllegalArgumentException if options contradict each other
   * @throws UnsupportedOperationException if an option does not apply to files
   */
  public static OpenFlags of(Set<? extends OpenOption> options) {
    boolean direct = false;
    int bits = Linux.O_CLOEXEC;
    for (OpenOption option : options) {
      Objects.requireNonNull(option, "option");
      if (isDirect(option)) {
        direct = true;
      } else if (option == LinkOption.NOFOLLOW_LINKS) {
        bits |= Abi.O_NOFOLLOW;
      } else if (!(option instanceof StandardOpenOption)) {
        throw new UnsupportedOperationException(option + " is not supported for files");
      }
    }
    boolean append = options.contains(StandardOpenOption.APPEND);
    boolean write = append || options.contains(StandardOpenOption.WRITE);
    boolean read = !write || options.contains(StandardOpenOption.READ);
    boolean deleteOnClose = options.contains(StandardOpenOption.DELETE_ON_CLOSE);
    refuseContradictions(options, read, append);
    bits |= write ? (read ? Linux.O_RDWR : Linux.O_WRONLY) : Linux.O_RDONLY;
    bits |= write ? bitsOfWriting(options, append) : 0;
    bits |= direct ? Abi.O_DIRECT : 0;
    bits |=
        deleteOnClose
            ? Abi.O_NOFOLLOW
            : 0; // otherwise the removed name could be a link to the opened file
    return new OpenFlags(read, write, append, direct, deleteOnClose, bits);
  }

  /**
   * The flags of a file that is open already.
   *
   * @param bits the result of {@code fcntl(F_GETFL)}
   */
  public static OpenFlags ofOpened(int bits) {
    int mode = bits & Linux.O_ACCMODE;
    boolean append = (bits & Linux.O_APPEND) != 0;
    boolean direct = (bits & Abi.O_DIRECT) != 0;
    return new OpenFlags(
        mode != Linux.O_WRONLY, mode != Linux.O_RDONLY, append, direct, false, bits);
  }

  private static void refuseContradictions(
      Set<? extends OpenOption> options, boolean read, boolean append) {
    if (read && append) {
      throw new IllegalArgumentException("READ + APPEND not allowed");
    }
    if (append && options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
      throw new IllegalArgumentException("APPEND + TRUNCATE_EXISTING not allowed");
    }
  }

  private static int bitsOfWriting(Set<? extends OpenOption> options, boolean append) {
    int bits = append ? Linux.O_APPEND : 0;
    if (options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
      bits |= Linux.O_TRUNC;
    }
    if (options.contains(StandardOpenOption.CREATE_NEW)) {
      bits |= Linux.O_CREAT | Linux.O_EXCL;
    } else if (options.contains(StandardOpenOption.CREATE)) {
      bits |= Linux.O_CREAT;
    }
    if (options.contains(StandardOpenOption.SYNC)) {
      bits |= Linux.O_SYNC;
    } else if (options.contains(StandardOpenOption.DSYNC)) {
      bits |= Linux.O_DSYNC;
    }
    return bits;
  }

  /** Compares names, since this module does not require the option's module. */
  private static boolean isDirect(OpenOption option) {
    return option instanceof Enum<?> constant
        && constant.name().equals("DIRECT")
        && constant.getDeclaringClass().getName().equals(DIRECT_CLASS);
  }
}
