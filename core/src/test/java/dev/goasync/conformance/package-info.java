/**
 * The conformance suite: tests that every backend must pass. They run once per backend, in separate
 * JVMs. Where a backend differs, docs/BACKENDS.md has a row.
 */
@NullMarked
package dev.goasync.conformance;

import org.jspecify.annotations.NullMarked;
