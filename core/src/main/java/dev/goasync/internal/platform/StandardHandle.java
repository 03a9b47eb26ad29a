package dev.goasync.internal.platform;

/** One of the three streams that the process was started with. Closing it leaves it open. */
public interface StandardHandle extends PipeHandle, Pollable {}
