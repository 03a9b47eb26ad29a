/** Carries the context of OpenTelemetry, and with it the current span, to coroutines. */
@NullMarked
package dev.goasync.opentelemetry;

import org.jspecify.annotations.NullMarked;
