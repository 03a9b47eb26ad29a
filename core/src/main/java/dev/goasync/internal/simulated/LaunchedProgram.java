package dev.goasync.internal.simulated;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * A program that is about to start.
 *
 * @param command its name
 * @param directory its working directory, absolute
 */
record LaunchedProgram(
    String command,
    Path directory,
    Map<String, String> environment,
    LaunchedStreams streams,
    boolean ownGroup,
    Callable<Integer> body) {}
