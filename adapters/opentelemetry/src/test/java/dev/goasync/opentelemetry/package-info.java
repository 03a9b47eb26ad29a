/** Tests of the context. */
@NullMarked
package dev.goasync.opentelemetry;

import org.jspecify.annotations.NullMarked;
