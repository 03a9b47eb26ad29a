/**
 * Access to the scheduler of virtual threads: threads that run one at a time, in full mode on a
 * scheduler of ours, in portable mode by handing a permit over ({@link
 * dev.goasync.internal.vthread.ConfinedThread}). Stacks for coroutines without a loop.
 */
@NullMarked
package dev.goasync.internal.vthread;

import org.jspecify.annotations.NullMarked;
