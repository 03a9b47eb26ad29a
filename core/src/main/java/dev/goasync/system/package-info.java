/**
 * This process: its standard streams, its terminal, the signals it receives, and descriptors that
 * other libraries opened.
 */
@NullMarked
package dev.goasync.system;

import org.jspecify.annotations.NullMarked;
