/** Chooses the backend: the first that this machine can have, or the one that was asked for. */
@NullMarked
package dev.goasync.internal.backend;

import org.jspecify.annotations.NullMarked;
