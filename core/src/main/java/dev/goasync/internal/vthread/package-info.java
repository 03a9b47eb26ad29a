/**
 * The only door to the virtual threads' scheduler: threads that run one at a time on a carrier of
 * ours. Where the door is shut, the same promise is kept with a baton ({@link
 * dev.goasync.internal.vthread.Strand}).
 */
@NullMarked
package dev.goasync.internal.vthread;

import org.jspecify.annotations.NullMarked;
