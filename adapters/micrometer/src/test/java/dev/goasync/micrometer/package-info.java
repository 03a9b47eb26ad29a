/** Tests of the meters and of the context. */
@NullMarked
package dev.goasync.micrometer;

import org.jspecify.annotations.NullMarked;
