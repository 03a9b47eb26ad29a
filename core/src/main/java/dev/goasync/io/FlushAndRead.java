package dev.goasync.io;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A read before which something must be written; see {@link ByteStream#exchange}. */
@FunctionalInterface
interface FlushAndRead {
  int exchange(ByteBuffer output, Runnable written, ByteBuffer target) throws IOException;
}
