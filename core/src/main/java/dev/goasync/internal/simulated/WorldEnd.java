package dev.goasync.internal.simulated;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a run of a world has ended.
 *
 * @param problem what was wrong, as a sentence; null if nothing was
 * @param cause the exception that a coroutine threw; null if there is none
 * @param report the coroutines and the last events, if there was a problem
 * @param steps how many tasks were run
 * @param elapsed the virtual time
 * @param trace the events
 * @param picture the last events and messages; null if they were not kept
 */
public record WorldEnd(
    @Nullable String problem,
    @Nullable Throwable cause,
    String report,
    long steps,
    Duration elapsed,
    Trace trace,
    @Nullable Picture picture) {}
