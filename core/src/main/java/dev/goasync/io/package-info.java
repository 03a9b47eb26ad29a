/**
 * Sources and sinks of bytes, and what is the same for all of them: reading lines, whole texts and
 * exact counts, and gathering small writes. {@link dev.goasync.io.ByteStream} has it all.
 */
@NullMarked
package dev.goasync.io;

import org.jspecify.annotations.NullMarked;
