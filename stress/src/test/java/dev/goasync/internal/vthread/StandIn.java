package dev.goasync.internal.vthread;

import java.util.concurrent.atomic.AtomicReference;

/** A confined thread on a platform thread, for tools that cannot run virtual threads. */
class StandIn extends ConfinedThread {
  private final Runnable work;

  StandIn(ConfinedScheduler scheduler, Runnable work) {
    this(scheduler, work, new AtomicReference<>());
  }

  private StandIn(ConfinedScheduler scheduler, Runnable work, AtomicReference<Runnable> self) {
    super(scheduler, new Thread(() -> self.get().run()));
    self.set(this);
    this.work = work;
  }

  @Override
  protected void body() {
    work.run();
  }

  void parkHere() {
    park();
  }
}
