/** Runs programs in turn, gathers what they measure, and shows it. Knows no suite. */
@NullMarked
package dev.goasync.bench.harness;

import org.jspecify.annotations.NullMarked;
