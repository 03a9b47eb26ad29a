/** The machinery behind tasks and scopes: their coroutines, ends, listeners and waits. */
@NullMarked
package dev.goasync.internal.task;

import org.jspecify.annotations.NullMarked;
