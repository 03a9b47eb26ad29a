/**
 * Times that coroutines, and threads, wait for: once ({@link dev.goasync.time.Timer}) or again and
 * again ({@link dev.goasync.time.Ticker}), by themselves or in a {@link dev.goasync.sync.Select}.
 *
 * <p>Allowed neighbours: the root package, {@code io}, {@code sync}, {@code internal.loop}.
 */
@NullMarked
package dev.goasync.time;

import org.jspecify.annotations.NullMarked;
