/**
 * Files. Begin at {@link dev.goasync.file.AsyncFile}.
 *
 * <p>Allowed neighbours: the root package, {@code io}, {@code internal.platform}, {@code
 * internal.backend}, {@code internal.loop}.
 */
@NullMarked
package dev.goasync.file;

import org.jspecify.annotations.NullMarked;
