package dev.goasync.bench.program;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Makes one native call; measures the start of Java and of the foreign function interface. */
public final class OneCall {
  private OneCall() {}

  /** Calls {@code getpid}. */
  public static void main(String[] args) throws Throwable {
    Linker linker = Linker.nativeLinker();
    MethodHandle getpid =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("getpid"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT));
    int pid = (int) getpid.invokeExact();
    if (pid <= 0) {
      throw new AssertionError("no process id");
    }
  }
}
