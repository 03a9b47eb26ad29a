/** Selects the backend: the one that a system property names, otherwise the first that works. */
@NullMarked
package dev.goasync.internal.backend;

import org.jspecify.annotations.NullMarked;
