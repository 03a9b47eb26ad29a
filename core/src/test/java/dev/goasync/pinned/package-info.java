/** Waits of coroutines that cannot unmount: below a class initializer or a native frame. */
@NullMarked
package dev.goasync.pinned;

import org.jspecify.annotations.NullMarked;
