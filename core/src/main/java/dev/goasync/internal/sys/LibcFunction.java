package dev.goasync.internal.sys;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * A function of libc other than {@code syscall}. It has up to six arguments, which are integers and
 * addresses; its result is an int.
 */
final class LibcFunction {
  private static final MethodHandle ANY = Libc.ofAnyFunction();

  /** Written and never read: these functions return their error. */
  private static final MemorySegment ERRNO = MemorySegment.ofBuffer(Memory.allocate(Long.BYTES));

  private final MemorySegment address;

  private LibcFunction(MemorySegment address) {
    this.address = address;
  }

  static LibcFunction of(String name) {
    return new LibcFunction(Linker.nativeLinker().defaultLookup().findOrThrow(name));
  }

  /** Returns the function, or null if this libc does not have it. */
  static @Nullable LibcFunction find(String name) {
    return Linker.nativeLinker().defaultLookup().find(name).map(LibcFunction::new).orElse(null);
  }

  int call(long a, long b, long c, long d, long e, long f) {
    try {
      return (int) (long) ANY.invokeExact(address, ERRNO, a, b, c, d, e, f, 0L);
    } catch (Throwable impossible) {
      throw new LinkageError("a downcall to libc failed", impossible);
    }
  }

  int call(long a, long b, long c) {
    return call(a, b, c, 0, 0, 0);
  }
}
