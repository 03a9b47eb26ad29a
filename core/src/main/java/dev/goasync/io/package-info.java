/**
 * Sources and sinks of bytes, and what is the same for all of them: reading lines, whole texts and
 * exact counts.
 *
 * <p>Allowed neighbours: the root package.
 */
@NullMarked
package dev.goasync.io;

import org.jspecify.annotations.NullMarked;
