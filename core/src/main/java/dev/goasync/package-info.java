/**
 * GoAsync: coroutines tied to an event loop. Begin at {@link dev.goasync.GoAsync}.
 *
 * <p>Allowed neighbours: {@code internal.backend}, {@code internal.platform}, {@code
 * internal.loop}, {@code internal.vthread}.
 */
@NullMarked
package dev.goasync;

import org.jspecify.annotations.NullMarked;
