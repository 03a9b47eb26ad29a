package dev.goasync.bench.micro;

/** The two sides of a hand-over between threads. */
final class HandOvers {
  private HandOvers() {}

  static void answer(ParkingHandOver ping, ParkingHandOver pong) {
    Thread self = Thread.currentThread();
    for (int i = 0; i < Micro.OPERATIONS / 2; i++) {
      ping.await(self);
      pong.signal();
    }
  }

  static void ask(ParkingHandOver ping, ParkingHandOver pong) {
    Thread self = Thread.currentThread();
    for (int i = 0; i < Micro.OPERATIONS / 2; i++) {
      ping.signal();
      pong.await(self);
    }
  }
}
