/** The suites, one class for each: peers, cases and targets. */
@NullMarked
package dev.goasync.bench.suite;

import org.jspecify.annotations.NullMarked;
