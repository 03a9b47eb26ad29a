/** The suites: which programs are compared. One class per suite. */
@NullMarked
package dev.goasync.bench.suite;

import org.jspecify.annotations.NullMarked;
