/**
 * The event loop: run queue, inbox, timers, and the fibers that pause and go on in it. Knows no
 * I/O; a backend gives it a {@link dev.goasync.internal.loop.Poller}.
 */
@NullMarked
package dev.goasync.internal.loop;

import org.jspecify.annotations.NullMarked;
