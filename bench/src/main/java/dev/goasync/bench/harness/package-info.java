/** Runs programs in turn, collects their figures, and prints them. Independent of the suites. */
@NullMarked
package dev.goasync.bench.harness;

import org.jspecify.annotations.NullMarked;
