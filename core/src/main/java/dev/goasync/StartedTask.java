package dev.goasync;

import org.jspecify.annotations.Nullable;

/**
 * A task that has reported that it is ready; see {@link TaskScope#awaitStart}.
 *
 * @param value what the task reported
 * @param task the running task, to be cancelled or awaited
 * @param <V> the type of the reported value
 */
public record StartedTask<V extends @Nullable Object>(V value, Task<@Nullable Void> task) {}
