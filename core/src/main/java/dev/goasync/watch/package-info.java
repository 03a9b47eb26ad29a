/** Watching files and directories for changes. Start at {@link dev.goasync.watch.FileWatch}. */
@NullMarked
package dev.goasync.watch;

import org.jspecify.annotations.NullMarked;
