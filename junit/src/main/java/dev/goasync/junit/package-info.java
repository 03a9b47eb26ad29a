/**
 * Extensions of JUnit Jupiter: tests that run in a simulation with many seeds, tests that run in a
 * coroutine with a virtual clock, and a leak check.
 */
@NullMarked
package dev.goasync.junit;

import org.jspecify.annotations.NullMarked;
