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

  /** Returns the registration of {@code owner}; null if there is none. */
  @Nullable Registration known(int fd, Descriptor owner) {
    Registration registration = fd < byNumber.length ? byNumber[fd] : null;
    return registration != null && registration.isOf(owner) ? registration : null;
  }

  /** Returns the registration that an event's data name; null if the file was closed meanwhile. */
  @Nullable Registration named(long data) {
    int fd = (int) data;
    Registration registration = fd < byNumber.length ? byNumber[fd] : null;
    return registration != null && registration.data() == data ? registration : null;
  }

  /**
   * Makes the kernel report current readiness again. For an attempt that returned EAGAIN although
   * no edge will follow, for example since the kernel was short of memory.
   */
  void renew(Registration registration) {
    registration.error = epoll.change(registration.fd, ALL_EVENTS, registration.data());
  }

  /** Removes the registration from epoll. */
  void remove(Registration registration) {
    registration.clear();
    epoll.remove(registration.fd);
  }

  /**
   * Called before a number is closed. If another process has the open file too, the kernel would
   * keep reporting its events, and after the close the registration could not be removed.
   */
  void closing(int fd) {
    Registration registration = fd < byNumber.length ? byNumber[fd] : null;
    if (registration != null && registration.isShared()) {
      remove(registration);
    }
  }

  /** Returns the registration of {@code owner}; registers it if necessary. */
  Registration of(int fd, Descriptor owner) {
    Registration registration = at(fd);
    if (!registration.isOf(owner)) {
      registration.assign(owner);
      int result = epoll.add(fd, ALL_EVENTS, registration.data());
      registration.pollable = result != -Errno.EPERM;
      if (result < 0 && registration.pollable) {
        registration.clear();
        registration.error = result;
      }
    }
    return registration;
  }

  /** Records that the operations of {@code owner} do not wait for readiness. */
  void exempt(int fd, Descriptor owner) {
    Registration registration = at(fd);
    registration.assign(owner);
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
