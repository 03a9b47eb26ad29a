/** Files. Begin at {@link dev.goasync.file.AsyncFile}. */
@NullMarked
package dev.goasync.file;

import org.jspecify.annotations.NullMarked;
