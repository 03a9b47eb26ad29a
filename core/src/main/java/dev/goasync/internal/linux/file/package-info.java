/** Files of the Linux backends. */
@NullMarked
package dev.goasync.internal.linux.file;

import org.jspecify.annotations.NullMarked;
