/** File watching by inotify. */
@NullMarked
package dev.goasync.internal.linux.watch;

import org.jspecify.annotations.NullMarked;
