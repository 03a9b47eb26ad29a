package dev.goasync.process;

import dev.goasync.internal.platform.PipeHandle;
import dev.goasync.io.ByteStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Our end of a process's pipe. */
class PipeStream extends ByteStream {
  private final PipeHandle handle;

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

  /** Closes without a flush of the writer: the process has ended, so no reader is left. */
  void closeUnflushed() throws IOException {
    closeNow();
  }

  @Override
  protected void closeHandle() throws IOException {
    handle.close();
  }

  @Override
  public String toString() {
    return handle.toString();
  }
}
