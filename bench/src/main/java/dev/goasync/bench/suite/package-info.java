/** What is compared with what: one class a suite. */
@NullMarked
package dev.goasync.bench.suite;

import org.jspecify.annotations.NullMarked;
