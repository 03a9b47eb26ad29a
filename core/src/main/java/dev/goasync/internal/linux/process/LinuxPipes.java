package dev.goasync.internal.linux.process;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.platform.PipeHandle;
import dev.goasync.internal.sys.IoErrors;
import dev.goasync.internal.sys.ProcessCalls;
import java.io.IOException;
import java.nio.file.StandardOpenOption;

/** Opens pipes whose two ends are in this process. */
public final class LinuxPipes {
  private LinuxPipes() {}

  /** Opens a pipe by pipe2(2), closed on exec. */
  public static PipeHandle.Ends open() throws IOException {
    LinuxIo io = LinuxIo.acquire();
    try {
      int result = ProcessCalls.pipe(io.calls());
      if (result < 0) {
        throw IoErrors.ofFile(-result, "pipe");
      }
      int readEnd = ProcessCalls.readEnd(io.calls());
      int writeEnd = ProcessCalls.writeEnd(io.calls());
      return new PipeHandle.Ends(
          new LinuxPipe(new Descriptor(readEnd, "source of a pipe"), StandardOpenOption.READ),
          new LinuxPipe(new Descriptor(writeEnd, "sink of a pipe"), StandardOpenOption.WRITE));
    } finally {
      io.release();
    }
  }
}
