package dev.goasync.internal.vthread;

import java.util.concurrent.atomic.AtomicReference;

/** A strand whose thread is a platform thread, for tools that know no virtual ones. */
class StandIn extends ConfinedThread {
  private final Runnable work;

  StandIn(ConfinedScheduler carrier, Runnable work) {
    this(carrier, work, new AtomicReference<>());
  }

  private StandIn(ConfinedScheduler carrier, Runnable work, AtomicReference<Runnable> self) {
    super(carrier, new Thread(() -> self.get().run()));
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
