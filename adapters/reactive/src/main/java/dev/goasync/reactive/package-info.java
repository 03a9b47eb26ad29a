/** Reactive streams and coroutines: publishers, subscriptions, schedulers on a loop. */
@NullMarked
package dev.goasync.reactive;

import org.jspecify.annotations.NullMarked;
