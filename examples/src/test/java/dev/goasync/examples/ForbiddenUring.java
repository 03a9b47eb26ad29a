package dev.goasync.examples;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * Forbids io_uring to this process with a seccomp filter, as containers do, and runs an example.
 * The filter makes {@code io_uring_setup} (425 on all processors) fail with an errno and allows all
 * other calls; see {@code seccomp(2)}.
 */
final class ForbiddenUring {
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int SECCOMP_SET_MODE_FILTER = 1;
  private static final int ALL_THREADS = 1;
  private static final int IO_URING_SETUP = 425;
  private static final int ALLOW = 0x7FFF_0000;
  private static final int ERRNO = 0x0005_0000;

  // Instructions of classic BPF: load a word of the call's data, jump if equal, return.
  private static final int LOAD = 0x20;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int RETURN = 0x06;

  private ForbiddenUring() {}

  /** Arguments: the errno, the example's class, the example's arguments. */
  public static void main(String[] args) throws Throwable {
    forbid(Integer.parseInt(args[0]));
    Class.forName(args[1])
        .getMethod("main", String[].class)
        .invoke(null, (Object) Arrays.copyOfRange(args, 2, args.length));
  }

  private static void forbid(int errno) throws Throwable {
    boolean arm = System.getProperty("os.arch").equals("aarch64");
    Linker linker = Linker.nativeLinker();
    MethodHandle syscall =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(
                JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment program = arena.allocate(8L * 4);
      instruction(program, 0, LOAD, 0, 0, 0);
      instruction(program, 1, JUMP_IF_EQUAL, 0, 1, IO_URING_SETUP);
      instruction(program, 2, RETURN, 0, 0, ERRNO | errno);
      instruction(program, 3, RETURN, 0, 0, ALLOW);
      MemorySegment header = arena.allocate(16);
      header.set(ValueLayout.JAVA_SHORT, 0, (short) 4);
      header.set(JAVA_LONG, 8, program.address());
      check(
          (long)
              syscall.invokeExact(arm ? 167L : 157L, (long) PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L));
      check(
          (long)
              syscall.invokeExact(
                  arm ? 277L : 317L,
                  (long) SECCOMP_SET_MODE_FILTER,
                  (long) ALL_THREADS,
                  header.address(),
                  0L,
                  0L));
    }
  }

  private static void instruction(
      MemorySegment program, int index, int code, int ifTrue, int ifFalse, int operand) {
    long at = 8L * index;
    program.set(ValueLayout.JAVA_SHORT, at, (short) code);
    program.set(ValueLayout.JAVA_BYTE, at + 2, (byte) ifTrue);
    program.set(ValueLayout.JAVA_BYTE, at + 3, (byte) ifFalse);
    program.set(JAVA_INT, at + 4, operand);
  }

  private static void check(long result) {
    if (result != 0) {
      throw new IllegalStateException("the seccomp filter cannot be installed here");
    }
  }
}
