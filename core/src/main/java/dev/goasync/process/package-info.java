/**
 * Other programs, and how this one was started: its terminal and standard streams. Begin at {@link
 * dev.goasync.process.Command} and {@link dev.goasync.process.StandardStream}.
 */
@NullMarked
package dev.goasync.process;

import org.jspecify.annotations.NullMarked;
