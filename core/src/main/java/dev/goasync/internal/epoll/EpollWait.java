package dev.goasync.internal.epoll;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Wait;
import dev.goasync.internal.loop.WaitDetails;
import dev.goasync.internal.sys.Linux;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine's use of a descriptor, and its wait there for readiness. Reused. Owned by the loop.
 */
final class EpollWait extends Wait {
  private final EpollPoller poller;

  /** Distinguishes this use from earlier ones. */
  private long uses;

  private @Nullable Fiber fiber;
  private Object subject = "";

  /** The events that end the wait. */
  int events;

  // The list of the registration; otherwise the poller's list of spare objects.
  @Nullable Registration registration;
  @Nullable EpollWait previous;
  @Nullable EpollWait next;

  /** A close of the descriptor, on any thread, ends the wait. */
  final Descriptor.Use use =
      new Descriptor.Use() {
        @Override
        protected void interrupt() {
          poller.endFromAnyThread(EpollWait.this, uses);
        }
      };

  EpollWait(EpollPoller poller) {
    this.poller = poller;
  }

  /** Starts a use: one operation, which may wait several times. */
  void begin(Fiber caller, Descriptor newSubject, int awaited) {
    fiber = caller;
    subject = newSubject;
    events = awaited;
    uses++;
  }

  /** Ends a use. */
  void clear() {
    fiber = null;
    subject = "";
  }

  /** Prepares for a pause: joins the waits of the registration. */
  void enter(Registration entered) {
    reset();
    entered.add(this);
  }

  /** Ends the wait if the use is still the same. */
  void endUse(long use) {
    if (use == uses && registration != null) {
      end();
    }
  }

  /** Ends the wait, if there is one. */
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
  public Object kind() {
    return events == Linux.POLLOUT ? "room to write to a descriptor" : "input from a descriptor";
  }

  @Override
  public int descriptor() {
    Registration entered = registration;
    return entered == null ? WaitDetails.NO_DESCRIPTOR : entered.fd;
  }

  @Override
  public WaitDetails details() {
    return WaitDetails.of(describe()).withDescriptor(descriptor(), subject);
  }

  @Override
  public boolean isExternal() {
    return true;
  }
}
