package dev.goasync.pinned;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A frame that pins the coroutine which calls {@link #call} while the body runs. */
enum PinnedFrame {
  /** A static initializer. Each call initializes another class. */
  CLASS_INITIALIZER {
    @Override
    void runBelow() throws Throwable {
      byte[] classFile;
      try (InputStream in =
          PinnedFrame.class.getResourceAsStream("PinnedFrame$Initializer.class")) {
        classFile = Objects.requireNonNull(in).readAllBytes();
      }
      var _ = MethodHandles.lookup().defineHiddenClass(classFile, true);
    }
  },

  /** The C function {@code qsort}, which calls its comparator back. */
  NATIVE_FRAME {
    @Override
    void runBelow() throws Throwable {
      var ints = ValueLayout.JAVA_INT;
      var pointer = ValueLayout.ADDRESS;
      var size = ValueLayout.JAVA_LONG;
      Linker linker = Linker.nativeLinker();
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment comparator =
            linker.upcallStub(
                MethodHandles.lookup()
                    .findStatic(
                        PinnedFrame.class,
                        "compare",
                        MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class)),
                FunctionDescriptor.of(ints, pointer, pointer),
                arena);
        linker
            .downcallHandle(
                linker.defaultLookup().findOrThrow("qsort"),
                FunctionDescriptor.ofVoid(pointer, size, size, pointer))
            .invoke(arena.allocateFrom(ints, 2, 1), 2L, 4L, comparator);
      }
    }
  };

  /** A call that is under way. */
  private static final class Call {
    final Callable<?> body;
    boolean begun;
    @Nullable Object result;
    @Nullable Throwable failure;

    Call(Callable<?> body) {
      this.body = body;
    }

    /** Must not throw: an exception in an upcall ends the JVM. */
    void run() {
      if (!begun) {
        begun = true;
        try {
          result = body.call();
        } catch (Throwable thrown) {
          failure = thrown;
        }
      }
    }
  }

  /** Read as a class file, and defined as a hidden class. */
  static final class Initializer {
    static {
      PinnedFrame.runCurrent();
    }

    private Initializer() {}
  }

  private static final ThreadLocal<@Nullable Call> CURRENT = new ThreadLocal<>();

  abstract void runBelow() throws Throwable;

  /** Runs the body below the frame; returns its result or throws its exception. */
  final @Nullable Object call(Callable<?> body) throws Exception {
    Call call = new Call(body);
    CURRENT.set(call);
    try {
      runBelow();
    } catch (Throwable notRun) {
      throw new IOException("the frame cannot be made", notRun);
    } finally {
      CURRENT.remove();
    }
    return switch (call.failure) {
      case null -> call.result;
      case Exception thrown -> throw thrown;
      case Error thrown -> throw thrown;
      case Throwable other -> throw new IOException(other);
    };
  }

  static void runCurrent() {
    Objects.requireNonNull(CURRENT.get()).run();
  }

  static int compare(MemorySegment first, MemorySegment second) {
    runCurrent();
    return Long.compare(first.address(), second.address());
  }
}
