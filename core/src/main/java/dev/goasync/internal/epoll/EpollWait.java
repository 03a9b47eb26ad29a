package dev.goasync.internal.epoll;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Wait;
import dev.goasync.internal.sys.Linux;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine's presence in a descriptor, and its wait there for readiness; used again and again.
 * Owned by the loop.
 */
final class EpollWait extends Wait {
  private final EpollPoller poller;

  /** Tells this use from the earlier ones. */
  private long uses;

  private @Nullable Fiber fiber;
  private Object subject = "";

  /** The events that end the wait. */
  int events;

  // Owned by the registration, or else by the poller's list of spare ones.
  @Nullable Registration registration;
  @Nullable EpollWait previous;
  @Nullable EpollWait next;

  /** Closing the descriptor, from any thread, ends the wait if there is one. */
  final Descriptor.Use use =
      new Descriptor.Use() {
        @Override
        protected void interrupt() {
          poller.endFromAnywhere(EpollWait.this, uses);
        }
      };

  EpollWait(EpollPoller poller) {
    this.poller = poller;
  }

  /** Begins a new use: an operation, which may wait several times. */
  void begin(Fiber caller, Descriptor newSubject, int awaited) {
    fiber = caller;
    subject = newSubject;
    events = awaited;
    uses++;
  }

  /** Ends a use. */
  void forget() {
    fiber = null;
    subject = "";
  }

  /** Makes it fit for a pause. */
  void enter(Registration entered) {
    reset();
    entered.add(this);
  }

  /** Ends the wait, if there is one and the use is still the same. */
  void endUse(long use) {
    if (use == uses && registration != null) {
      end();
    }
  }

  /** Ends the wait. */
  void end() {
    Registration left = registration;
    if (left != null && fiber != null) {
      left.remove(this);
      finish(fiber);
    }
  }

  @Override
  protected void cancel(Fiber cancelled) {
    Registration left = registration;
    if (left != null) {
      left.remove(this);
      finishCancelled(cancelled);
    }
  }

  @Override
  public String describe() {
    return (events == Linux.POLLOUT ? "room to write to " : "input from ") + subject;
  }

  @Override
  public boolean isExternal() {
    return true;
  }
}
