/** JMH benchmarks of single steps, one class a peer, each run in a process of its own. */
@NullMarked
package dev.goasync.bench.micro;

import org.jspecify.annotations.NullMarked;
