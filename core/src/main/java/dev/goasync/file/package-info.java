/** Asynchronous file I/O. Start at {@link dev.goasync.file.AsyncFile}. */
@NullMarked
package dev.goasync.file;

import org.jspecify.annotations.NullMarked;
