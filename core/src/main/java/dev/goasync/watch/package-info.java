/** Watching files and folders for changes. Begin at {@link dev.goasync.watch.FileWatch}. */
@NullMarked
package dev.goasync.watch;

import org.jspecify.annotations.NullMarked;
