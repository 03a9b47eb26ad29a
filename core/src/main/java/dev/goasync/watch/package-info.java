/**
 * Watching files and folders for changes. Begin at {@link dev.goasync.watch.FileWatch}.
 *
 * <p>Allowed neighbours: the root package, {@code io}, {@code internal.handle}, {@code
 * internal.platform}, {@code internal.backend}.
 */
@NullMarked
package dev.goasync.watch;

import org.jspecify.annotations.NullMarked;
