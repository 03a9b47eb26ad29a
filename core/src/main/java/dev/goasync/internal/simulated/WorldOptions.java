package dev.goasync.internal.simulated;

/**
 * The options of one run of a world.
 *
 * @param seed decides everything that is left open
 * @param schedule makes the schedule
 * @param choices which random choices are those of the seed
 * @param maxSteps the maximum number of tasks that are run
 * @param maxNanos the maximum virtual time
 * @param completeTrace whether the trace keeps all events
 * @param picture whether the last events and messages are kept to draw them
 * @param stallNanos the real time after which a task that runs on is a failure
 */
public record WorldOptions(
    long seed,
    Schedule.Factory schedule,
    Choices choices,
    long maxSteps,
    long maxNanos,
    boolean completeTrace,
    boolean picture,
    long stallNanos) {}
