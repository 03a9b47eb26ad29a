package dev.goasync.internal.sys;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;

/** The only downcall: libc's {@code syscall}, with errno captured. Linked on first use. */
final class Libc {
  private static final FunctionDescriptor SHAPE =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final Linker.Option[] OPTIONS = {
    Linker.Option.firstVariadicArg(1), Linker.Option.captureCallState("errno")
  };
  private static final MethodHandle SYSCALL = link();

  private Libc() {}

  private static MethodHandle link() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow("syscall"), SHAPE, OPTIONS);
  }

  /**
   * Returns the same downcall for any function, whose address is the first argument. It works for
   * functions whose arguments are integers and addresses: these are passed in registers, and a
   * function ignores those that it does not declare. So no second shape has to be linked.
   */
  static MethodHandle ofAnyFunction() {
    return Linker.nativeLinker().downcallHandle(SHAPE, OPTIONS);
  }

  /**
   * Makes a system call.
   *
   * @param errno four bytes to capture errno in; used by one thread at a time
   * @param errnoBytes the same bytes
   * @return the result, or -errno
   */
  static long syscall(
      MemorySegment errno,
      ByteBuffer errnoBytes,
      long number,
      long a,
      long b,
      long c,
      long d,
      long e,
      long f) {
    try {
      long result = (long) SYSCALL.invokeExact(errno, number, a, b, c, d, e, f);
      return result == -1 ? -errnoBytes.getInt(0) : result;
    } catch (Throwable impossible) {
      throw new LinkageError("the downcall to syscall failed", impossible);
    }
  }
}
