/**
 * Deadlock detection: cycles of waits, loops whose coroutines all wait for each other, and the end
 * of the program. docs/adr/0027 defines what counts as able to wake a coroutine.
 */
@NullMarked
package dev.goasync.internal.deadlock;

import org.jspecify.annotations.NullMarked;
