package dev.goasync.internal.platform;

/** The size of a terminal in characters. */
public record WindowSize(int columns, int rows) {}
