/**
 * Stackful coroutines on event loops. Start with {@link dev.goasync.GoAsync#goAsync
 * GoAsync.goAsync}, {@link dev.goasync.Task} and {@link dev.goasync.TaskScope}.
 */
@NullMarked
package dev.goasync;

import org.jspecify.annotations.NullMarked;
