package dev.goasync.process;

/** The numbers of the signals that have a method. */
final class SignalNumbers {
  static final int KILL = 9;
  static final int TERM = 15;
  static final int CONT = 18;
  static final int STOP = 19;

  private SignalNumbers() {}
}
