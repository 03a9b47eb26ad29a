/**
 * JMH benchmarks of single steps, one class for each peer; each benchmark runs in its own process.
 */
@NullMarked
package dev.goasync.bench.micro;

import org.jspecify.annotations.NullMarked;
