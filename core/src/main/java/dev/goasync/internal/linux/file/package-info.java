/** Files by Linux. */
@NullMarked
package dev.goasync.internal.linux.file;

import org.jspecify.annotations.NullMarked;
