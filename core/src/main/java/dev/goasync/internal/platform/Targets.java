package dev.goasync.internal.platform;

import java.nio.ByteBuffer;

/** Checks the buffers that reads fill. Any thread. */
public final class Targets {
  private Targets() {}

  /**
   * Throws unless bytes can be read into the buffer.
   *
   * @throws IllegalArgumentException as the JDK's channels, if the buffer is read-only
   */
  public static void requireWritable(ByteBuffer target) {
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("target is read-only");
    }
  }
}
