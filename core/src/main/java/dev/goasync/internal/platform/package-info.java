/**
 * The interface between resource types and backends: handles of files, streams and listeners. A
 * resource type holds a handle and does not depend on a backend.
 *
 * <p>Every operation suits its caller: it pauses a coroutine, and blocks any other thread. A handle
 * has no loop of its own; coroutines of several loops and plain threads may use it.
 */
@NullMarked
package dev.goasync.internal.platform;

import org.jspecify.annotations.NullMarked;
