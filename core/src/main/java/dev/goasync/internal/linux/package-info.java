/**
 * What every Linux backend shares: files, streams and listeners over descriptors, written once over
 * {@link dev.goasync.internal.linux.Io}. A backend brings an {@code Io} for coroutines; plain
 * threads have {@code BlockingIo}.
 *
 * <p>Ownership: a {@code Descriptor} counts its users, so that no descriptor number is closed, and
 * perhaps given to another file, under an operation. Memory given to the kernel is a direct
 * buffer's own, or a {@code Chunk} that its {@code Io} lends for the length of one operation.
 */
@NullMarked
package dev.goasync.internal.linux;

import org.jspecify.annotations.NullMarked;
