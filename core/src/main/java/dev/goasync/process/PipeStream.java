package dev.goasync.process;

import dev.goasync.internal.platform.PipeHandle;
import dev.goasync.io.ByteStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/** The stream at this program's end of a pipe to or from a child process. */
class PipeStream extends ByteStream {
  private final PipeHandle handle;

  PipeStream(PipeHandle handle) {
    super(handle::read);
    this.handle = handle;
  }

  PipeHandle handle() {
    return handle;
  }

  /** Returns how many bytes a read would return without waiting. */
  int available() throws IOException {
    return buffered() + handle.available();
  }

  /** Returns whether bytes were read from the pipe that no caller has received yet. */
  boolean hasBufferedBytes() {
    return buffered() > 0;
  }

  /** Waits for room, writes as many bytes as fit, and returns their number. */
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
