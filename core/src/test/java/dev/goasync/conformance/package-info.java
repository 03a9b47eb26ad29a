/**
 * What every backend must do alike. The tests tagged here are run again by each backend in a JVM of
 * its own; they assert the contract, and where a backend differs, docs/BACKENDS.md has a row.
 */
@NullMarked
package dev.goasync.conformance;

import org.jspecify.annotations.NullMarked;
