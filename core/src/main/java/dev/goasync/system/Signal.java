package dev.goasync.system;

import org.jspecify.annotations.Nullable;

/**
 * The standard Unix signals by name. Any of them can be {@linkplain
 * dev.goasync.process.SignalTarget#signal(Signal) sent} to a process. Those that the system or the
 * JVM reserves cannot be {@linkplain Signals#listen listened for}. The default action, without a
 * listener, is in parentheses.
 */
public enum Signal {
  /** The terminal was closed, or a daemon should reload its configuration. (Ends the program.) */
  HUP(1),
  /** Interrupt: Ctrl-C. (Ends the program.) */
  INT(2),
  /** Ctrl-\; reserved: the JVM prints a thread dump. */
  QUIT(3, "the JVM prints a thread dump at this signal"),
  /** Illegal instruction; reserved by the JVM. */
  ILL(4, Reserved.BY_JVM),
  /** Breakpoint. (Ends the program.) */
  TRAP(5),
  /** Abort, sent by a process to itself. (Ends the program.) */
  ABRT(6),
  /** Bus error; reserved by the JVM. */
  BUS(7, Reserved.BY_JVM),
  /** Arithmetic error; reserved by the JVM. */
  FPE(8, Reserved.BY_JVM),
  /** Ends a process at once; reserved by the system. */
  KILL(9, Reserved.BY_SYSTEM),
  /** User-defined. (Ends the program.) */
  USR1(10),
  /** Segmentation violation; reserved by the JVM. */
  SEGV(11, Reserved.BY_JVM),
  /** User-defined, but reserved: the JVM suspends its threads with it. */
  USR2(12, "the JVM suspends its threads with this signal; use USR1"),
  /** A write to a pipe without readers. (Ignored: the write fails.) */
  PIPE(13),
  /** Alarm clock. (Ends the program.) */
  ALRM(14),
  /** Termination request: {@code kill}, or a system that shuts down. (Ends the program.) */
  TERM(15),
  /** A child process has ended or was stopped. (Ignored.) */
  CHLD(17),
  /** Continues a stopped process, with or without a listener. */
  CONT(18),
  /** Stops a process; reserved by the system. */
  STOP(19, Reserved.BY_SYSTEM),
  /** Ctrl-Z. (Stops the process. A program that listens must stop itself if it should stop.) */
  TSTP(20),
  /** A background process reads from its terminal. (Stops the process.) */
  TTIN(21),
  /** A background process writes to a terminal that forbids it. (Stops the process.) */
  TTOU(22),
  /** A socket has urgent data. (Ignored.) */
  URG(23),
  /** The limit of processor time was exceeded. (Ends the program.) */
  XCPU(24),
  /** The limit of a file's size was exceeded. (Ignored: the write fails.) */
  XFSZ(25),
  /** A timer of processor time expired. (Ends the program.) */
  VTALRM(26),
  /** A profiling timer expired. (Ends the program.) */
  PROF(27),
  /** The size of the terminal's window has changed. (Ignored.) */
  WINCH(28),
  /** A descriptor is ready for I/O. (Ends the program.) */
  IO(29),
  /** Power failure. (Ends the program.) */
  PWR(30),
  /** Invalid system call. (Ends the program.) */
  SYS(31);

  private static final class Reserved {
    static final String BY_JVM = "the JVM reserves this signal for its own code";
    static final String BY_SYSTEM = "the system lets no process handle this signal";
  }

  private final int number;
  private final @Nullable String whyReserved;

  Signal(int number) {
    this(number, null);
  }

  Signal(int number, @Nullable String whyReserved) {
    this.number = number;
    this.whyReserved = whyReserved;
  }

  /** Returns the signal's number on Linux (x86-64 and aarch64), as {@code kill -l} lists it. */
  public int number() {
    return number;
  }

  /** Returns why no program can listen for the signal; null if a program can. */
  @Nullable String whyReserved() {
    return whyReserved;
  }

  /** Returns the name with its prefix: {@code SIGINT}. */
  @Override
  public String toString() {
    return "SIG" + name();
  }
}
