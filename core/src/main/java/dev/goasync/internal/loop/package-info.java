/**
 * The event loop: ready queue, inbox, timers, and the fibers that it runs. Does no I/O; a backend
 * supplies a {@link dev.goasync.internal.loop.Poller}.
 */
@NullMarked
package dev.goasync.internal.loop;

import org.jspecify.annotations.NullMarked;
