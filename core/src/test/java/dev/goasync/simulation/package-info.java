/** Tests of simulations. */
@NullMarked
package dev.goasync.simulation;

import org.jspecify.annotations.NullMarked;
