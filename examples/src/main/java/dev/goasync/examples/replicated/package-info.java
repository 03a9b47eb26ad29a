/**
 * A small replicated key-value store: the parts of the example {@code replicated}.
 *
 * <p>The nodes elect a leader and copy its log, after D. Ongaro and J. Ousterhout, "In Search of an
 * Understandable Consensus Algorithm" (USENIX ATC 2014), sections 5 and 8: the algorithm Raft.
 * {@link dev.goasync.examples.replicated.Node} is a member, {@link
 * dev.goasync.examples.replicated.Client} uses the store. The log is never compacted, and the
 * members do not change.
 */
@NullMarked
package dev.goasync.examples.replicated;

import org.jspecify.annotations.NullMarked;
