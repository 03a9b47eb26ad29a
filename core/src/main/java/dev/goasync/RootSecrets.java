package dev.goasync;

import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.task.SharedSecrets;
import java.time.Duration;

/** The root package's side of {@link SharedSecrets}. */
final class RootSecrets extends SharedSecrets {
  static {
    install(new RootSecrets());
  }

  private RootSecrets() {}

  @Override
  public Loop loopOf(Object eventLoop) {
    return ((EventLoop) eventLoop).loop();
  }

  @Override
  public Loop currentOrDefaultLoop() {
    return EventLoop.currentOrDefault().loop();
  }

  @Override
  public RuntimeException deadlock(String report) {
    return new DeadlockException(report);
  }

  @Override
  public RuntimeException deadlineExceeded(String what, Duration timeout) {
    return new DeadlineExceededException(what, timeout);
  }
}
