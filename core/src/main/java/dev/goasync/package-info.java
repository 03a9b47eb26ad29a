/** GoAsync: coroutines tied to an event loop. Begin at {@link dev.goasync.GoAsync}. */
@NullMarked
package dev.goasync;

import org.jspecify.annotations.NullMarked;
