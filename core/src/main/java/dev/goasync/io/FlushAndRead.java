package dev.goasync.io;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes all of {@code output}, runs {@code flushed} and reads into {@code target}; see {@link
 * ByteStream#exchange}.
 */
@FunctionalInterface
interface FlushAndRead {
  int flushAndRead(ByteBuffer output, Runnable flushed, ByteBuffer target) throws IOException;
}
