package dev.goasync.system;

import org.jspecify.annotations.Nullable;

/**
 * The signals of Unix by their names. Which of them exist, the system decides; those that it or the
 * JVM keeps for itself say so and cannot be listened for. What a signal does where nobody listens
 * is said in brackets.
 */
public enum Signal {
  /** The terminal is gone, or a daemon shall read its settings again. (Ends the program.) */
  HUP,
  /** Ctrl-C. (Ends the program.) */
  INT,
  /** Ctrl-\; kept: the JVM prints its threads. */
  QUIT("the JVM prints its threads at it"),
  /** Kept by the JVM. */
  ILL("the JVM uses it for its own code"),
  /** A breakpoint. (Ends the program.) */
  TRAP,
  /** The process gave itself up. (Ends the program.) */
  ABRT,
  /** Kept by the JVM. */
  BUS("the JVM uses it for its own code"),
  /** Kept by the JVM. */
  FPE("the JVM uses it for its own code"),
  /** Kept by the system. */
  KILL("no process can do anything about it"),
  /** Means what the program wants. (Ends the program.) */
  USR1,
  /** Kept by the JVM. */
  SEGV("the JVM uses it for its own code"),
  /** Kept: the JVM halts its threads by it. */
  USR2("the JVM halts its threads by it; use USR1"),
  /** Somebody wrote to a pipe that nobody reads. (Ignored: the write fails.) */
  PIPE,
  /** An alarm of the system's. (Ends the program.) */
  ALRM,
  /** The polite way to end a program: {@code kill}, or a machine that is shut down. (Ends it.) */
  TERM,
  /** A child process has ended or was stopped. (Ignored.) */
  CHLD,
  /** The process goes on after having been stopped. (It does.) */
  CONT,
  /** Kept by the system. */
  STOP("no process can do anything about it"),
  /** Ctrl-Z. (Stops the process; who listens must do that by himself, if it shall.) */
  TSTP,
  /** A background process reads from its terminal. (Stops it.) */
  TTIN,
  /** A background process writes to its terminal, which was told to refuse that. (Stops it.) */
  TTOU,
  /** A socket has urgent data. (Ignored.) */
  URG,
  /** The limit of processor time is reached. (Ends the program.) */
  XCPU,
  /** The limit of a file's size is reached. (Ignored: the write fails.) */
  XFSZ,
  /** A timer of processor time. (Ends the program.) */
  VTALRM,
  /** A timer of profilers. (Ends the program.) */
  PROF,
  /** The terminal's window has another size. (Ignored.) */
  WINCH,
  /** A descriptor can do I/O. (Ends the program.) */
  IO,
  /** The power fails. (Ends the program.) */
  PWR,
  /** A system call that does not exist. (Ends the program.) */
  SYS;

  private final @Nullable String whyKept;

  Signal() {
    this(null);
  }

  Signal(@Nullable String whyKept) {
    this.whyKept = whyKept;
  }

  /** Why nobody can listen for it, or null. */
  @Nullable String whyKept() {
    return whyKept;
  }

  /** With the prefix by which it is known: {@code SIGINT}. */
  @Override
  public String toString() {
    return "SIG" + name();
  }
}
