package dev.goasync.faults;

import dev.goasync.internal.sys.Faults.Site;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The table of faults: for each call and fault, whether the caller sees an exception. */
final class FaultTable {
  /** The effect of a fault. */
  enum Outcome {
    /** The operation throws. */
    SURFACES,
    /** The call is repeated, or the fault has no effect. */
    HIDDEN,
    /** Depends on the purpose of the call. */
    EITHER
  }

  /**
   * Faults that are not listed are not injected: the kernel never returns them for that call. Calls
   * that cannot fail with the arguments in use are not listed: {@code lseek}, {@code munmap},
   * {@code fcntl} except for locks, and reads and writes of event counters, which never reach the
   * limit. A cancellation of io_uring fails with ENOENT only, when the operation is between two
   * states; after any other answer the operation ends. The backend {@code nio} makes no system
   * calls itself.
   */
  private static final String TABLE =
      """
      call             | surfaces                    | hidden             | either
      openat           | ENOMEM EMFILE               | EINTR              |
      openat2          | ENOMEM EMFILE               | EINTR EAGAIN       |
      mkdirat          | ENOMEM                      | EINTR              |
      unlinkat         | ENOMEM                      | EINTR              |
      renameat2        | ENOMEM                      | EINTR              |
      getdents64       | ENOMEM                      | EINTR              |
      close            |                             | EINTR              |
      read             | ENOMEM                      | EINTR EAGAIN SHORT |
      write            | ENOMEM                      | EINTR EAGAIN SHORT |
      pread64          | ENOMEM                      | EINTR SHORT        |
      pwrite64         | ENOMEM                      | EINTR SHORT        |
      preadv2          |                             | EINTR EAGAIN SHORT | ENOMEM
      statx            |                             | EINTR              | ENOMEM
      fsync            | ENOMEM                      | EINTR              |
      fdatasync        | ENOMEM                      | EINTR              |
      ftruncate        | ENOMEM                      | EINTR              |
      fallocate        | ENOMEM                      | EINTR              |
      fadvise64        | ENOMEM                      | EINTR              |
      copy_file_range  | ENOMEM                      | EINTR              |
      sendfile         | ENOMEM ECONNRESET           | EINTR EAGAIN       |
      socket           | ENOMEM EMFILE               |                    |
      setsockopt       | ENOMEM                      |                    |
      bind             | ENOMEM                      |                    |
      listen           | ENOMEM                      |                    |
      getsockname      |                             |                    | ENOMEM
      getpeername      |                             | ENOMEM             |
      connect          | ENOMEM ECONNRESET           | EINTR              |
      accept4          | ENOMEM EMFILE               | EINTR EAGAIN       |
      recvfrom         | ENOMEM ECONNRESET           | EINTR EAGAIN SHORT |
      sendto           | ENOMEM ECONNRESET           | EINTR EAGAIN SHORT |
      recvmsg          | ENOMEM ECONNRESET           | EINTR EAGAIN       |
      sendmsg          | ENOMEM ECONNRESET           | EINTR EAGAIN       |
      ppoll            |                             | EINTR              | ENOMEM
      pipe2            | ENOMEM EMFILE               |                    |
      clone            | ENOMEM EAGAIN               |                    |
      pidfd_open       | ENOMEM EMFILE               |                    |
      waitid           |                             | EINTR              |
      eventfd2         | ENOMEM EMFILE               |                    |
      epoll_create1    | ENOMEM EMFILE               |                    |
      epoll_ctl        |                             |                    | ENOMEM
      epoll_pwait      |                             | EINTR              |
      epoll_pwait2     |                             | EINTR ENOSYS EPERM |
      mmap             |                             |                    | ENOMEM EAGAIN
      io_uring_setup   | ENOMEM EMFILE               |                    |
      io_uring_enter   |                             | EINTR EAGAIN       |
      ring openat      | ENOMEM EMFILE ECANCELED     | EINTR EAGAIN       |
      ring openat2     | ENOMEM EMFILE ECANCELED     | EINTR              |
      ring close       |                             | EINTR              |
      ring read        | ENOMEM ECANCELED            | EINTR EAGAIN SHORT |
      ring write       | ENOMEM ECANCELED            | EINTR EAGAIN SHORT |
      ring fsync       | ENOMEM ECANCELED            | EINTR EAGAIN       |
      ring ftruncate   | ENOMEM ECANCELED            | EINTR EAGAIN       |
      ring connect     | ENOMEM ECONNRESET ECANCELED | EINTR EAGAIN       |
      ring accept      | ENOMEM EMFILE ECANCELED     | EINTR EAGAIN       |
      ring recv        | ENOMEM ECONNRESET ECANCELED | EINTR EAGAIN SHORT |
      ring send        | ENOMEM ECONNRESET ECANCELED | EINTR EAGAIN SHORT |
      ring poll_add    |                             | EINTR EAGAIN       | ENOMEM ECANCELED
      ring async_cancel|                             | ENOENT             |
      """;

  private static final Map<String, Map<Fault, Outcome>> ROWS = rows();
  private static final Map<Integer, String> CALLS = names("dev.goasync.internal.sys.Abi");
  private static final Map<Integer, String> OPERATIONS = names("dev.goasync.internal.uring.Opcode");

  private FaultTable() {}

  private static Map<String, Map<Fault, Outcome>> rows() {
    var rows = new HashMap<String, Map<Fault, Outcome>>();
    TABLE
        .lines()
        .skip(1)
        .forEach(line -> {
          String[] cells = line.split("\\|", -1);
          var row = new EnumMap<Fault, Outcome>(Fault.class);
          int column = 1;
          for (Outcome outcome : Outcome.values()) {
            Arrays.stream(cells[column++].split(" "))
                .filter(name -> !name.isEmpty())
                .forEach(name -> row.put(Fault.valueOf(name), outcome));
          }
          rows.put(cells[0].strip(), row);
        });
    return rows;
  }

  /** The constants of a class, by value. */
  private static Map<Integer, String> names(String className) {
    var names = new HashMap<Integer, String>();
    try {
      for (Field field : Class.forName(className).getDeclaredFields()) {
        int modifiers = field.getModifiers();
        boolean named = Modifier.isStatic(modifiers) && !Modifier.isPrivate(modifiers);
        if (named && field.getType() == int.class && !Modifier.isPublic(modifiers)) {
          field.setAccessible(true);
          names.put(field.getInt(null), field.getName().toLowerCase(Locale.ROOT));
        }
      }
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(className, e);
    }
    return names;
  }

  static String nameOf(Site site, int number) {
    return site == Site.SYSTEM_CALL
        ? CALLS.getOrDefault(number, "call " + number)
        : "ring " + OPERATIONS.getOrDefault(number, "operation " + number);
  }

  /** All faults of a backend, as "call fault". */
  static Set<String> ofBackend(String backend) {
    String others = backend.equals("uring") ? "epoll_" : "ring |io_uring_|mmap";
    Set<String> all = new TreeSet<>();
    ROWS.forEach((call, row) -> {
      if (Arrays.stream(others.split("\\|")).noneMatch(call::startsWith)) {
        row.keySet().forEach(fault -> all.add(call + " " + fault));
      }
    });
    return all;
  }

  /** The effect of the fault; null if it is not injected. */
  static @Nullable Outcome outcome(String call, Fault fault) {
    return ROWS.getOrDefault(call, Map.of()).get(fault);
  }
}
