/** The bench: the library beside what its users would pick instead. */
@NullMarked
package dev.goasync.bench;

import org.jspecify.annotations.NullMarked;
