package dev.goasync.internal.epoll;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.Linux;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The registrations of a poller by descriptor number. Owned by the loop. */
final class Registrations {
  private static final int ALL_EVENTS =
      Linux.POLLIN | Linux.POLLOUT | Linux.POLLRDHUP | Linux.EPOLLPRI;

  private final Epoll epoll;
  private @Nullable Registration[] byNumber = new Registration[64];

  Registrations(Epoll epoll) {
    this.epoll = epoll;
  }

  /** The registration of {@code owner}, if it has been registered. */
  @Nullable Registration known(int fd, Descriptor owner) {
    Registration registration = fd < byNumber.length ? byNumber[fd] : null;
    return registration != null && registration.owner == owner ? registration : null;
  }

  /** The registration that an event's data name, unless its file has been closed since. */
  @Nullable Registration named(long data) {
    int fd = (int) data;
    Registration registration = fd < byNumber.length ? byNumber[fd] : null;
    return registration != null && registration.data() == data ? registration : null;
  }

  /**
   * Has the kernel look anew: it reports once more what is ready now. For an operation that would
   * have waited though no edge is to come, as when the kernel was short of memory for a moment.
   */
  void renew(Registration registration) {
    registration.error = epoll.change(registration.fd, ALL_EVENTS, registration.data());
  }

  /** Has the kernel report no more of it. */
  void withdraw(Registration registration) {
    registration.owner = null;
    epoll.remove(registration.fd);
  }

  /**
   * A number is about to be closed. What others have open too, the kernel would go on to report for
   * as long as they have, and by then there is no number any more to withdraw it by.
   */
  void closing(int fd) {
    Registration registration = fd < byNumber.length ? byNumber[fd] : null;
    Descriptor owner = registration == null ? null : registration.owner;
    if (registration != null && owner != null && owner.isShared()) {
      withdraw(registration);
    }
  }

  /** The registration of {@code owner}, which is registered if it was not. */
  Registration of(int fd, Descriptor owner) {
    Registration registration = at(fd);
    if (registration.owner != owner) {
      registration.belongTo(owner);
      int result = epoll.add(fd, ALL_EVENTS, registration.data());
      registration.pollable = result != -Errno.EPERM;
      if (result < 0 && registration.pollable) {
        registration.owner = null;
        registration.error = result;
      }
    }
    return registration;
  }

  /** Remembers that {@code owner} is not one to wait for. */
  void exempt(int fd, Descriptor owner) {
    Registration registration = at(fd);
    registration.belongTo(owner);
    registration.pollable = false;
  }

  private Registration at(int fd) {
    if (fd >= byNumber.length) {
      byNumber = Arrays.copyOf(byNumber, Math.max(fd + 1, byNumber.length * 2));
    }
    Registration registration = byNumber[fd];
    if (registration == null) {
      registration = new Registration(fd);
      byNumber[fd] = registration;
    }
    return registration;
  }
}
