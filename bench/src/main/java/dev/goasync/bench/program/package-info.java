/** Programs that are measured, each in a process of its own. */
@NullMarked
package dev.goasync.bench.program;

import org.jspecify.annotations.NullMarked;
