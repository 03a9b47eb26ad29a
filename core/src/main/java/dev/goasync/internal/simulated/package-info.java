/**
 * The simulated backend: a world of hosts with a virtual clock and a network in memory, whose loops
 * one thread runs in an order that a seed decides.
 */
@NullMarked
package dev.goasync.internal.simulated;

import org.jspecify.annotations.NullMarked;
