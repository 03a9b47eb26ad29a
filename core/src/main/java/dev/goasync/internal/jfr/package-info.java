/** Events for the flight recorder of the JDK (JFR); loaded only while it records. */
@NullMarked
package dev.goasync.internal.jfr;

import org.jspecify.annotations.NullMarked;
