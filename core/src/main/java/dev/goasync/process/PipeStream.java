package dev.goasync.process;

import dev.goasync.internal.platform.PipeHandle;
import dev.goasync.io.ByteStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Our end of a process's pipe. */
class PipeStream extends ByteStream {
  private final PipeHandle handle;
  private volatile boolean open = true;

  PipeStream(PipeHandle handle) {
    super(handle::read);
    this.handle = handle;
  }

  PipeHandle handle() {
    return handle;
  }

  /** How many bytes a read would bring without waiting. */
  int available() throws IOException {
    return buffered() + handle.available();
  }

  /** Whether somebody has begun to read and has not had all that was brought. */
  boolean isReadAhead() {
    return buffered() > 0;
  }

  /** Waits for room and hands over what fits; returns the count. */
  @Override
  public int write(ByteBuffer source) throws IOException {
    return handle.write(Objects.requireNonNull(source, "source"));
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    try {
      flushBeforeClose();
    } finally {
      closeNow();
    }
  }

  /** Closes without a flush, for which nobody is left. */
  void closeNow() throws IOException {
    open = false;
    handle.close();
  }

  @Override
  public String toString() {
    return handle.toString();
  }
}
