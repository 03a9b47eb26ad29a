/** jcstress tests of descriptors. */
@NullMarked
package dev.goasync.internal.linux.io;

import org.jspecify.annotations.NullMarked;
