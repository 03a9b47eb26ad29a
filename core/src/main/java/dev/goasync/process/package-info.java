/**
 * Child processes: start programs, connect them by pipes, read their output, signal and end them.
 * Start at {@link dev.goasync.process.Command}. The streams, the terminal and the signals of this
 * process are in {@link dev.goasync.system}.
 */
@NullMarked
package dev.goasync.process;

import org.jspecify.annotations.NullMarked;
