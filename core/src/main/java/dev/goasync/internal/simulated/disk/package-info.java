/** A file system in memory that loses what was not forced when its host crashes. */
@NullMarked
package dev.goasync.internal.simulated.disk;

import org.jspecify.annotations.NullMarked;
