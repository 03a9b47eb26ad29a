/** Programs that are measured, each in its own process. */
@NullMarked
package dev.goasync.bench.program;

import org.jspecify.annotations.NullMarked;
