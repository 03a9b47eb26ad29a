package dev.goasync.internal.linux.process;

import dev.goasync.internal.linux.file.LinuxFile;
import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.DescriptorCalls;
import dev.goasync.internal.platform.PipeHandle;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.OpenFlags;
import dev.goasync.internal.sys.ProcessCalls;
import dev.goasync.internal.sys.SystemCalls;
import java.io.IOException;
import java.nio.file.OpenOption;
import java.util.Set;

/** This process's end of a pipe to or from a child process. */
class LinuxPipe extends LinuxFile implements PipeHandle {
  LinuxPipe(Descriptor descriptor, OpenOption... directions) {
    super(descriptor, OpenFlags.of(Set.of(directions)));
  }

  @Override
  public int available() throws IOException {
    int count = DescriptorCalls.with(descriptor, SystemCalls::available);
    if (count < 0 && count != -Errno.EIO) {
      throw error(-count);
    }
    return Math.max(count, 0);
  }

  @Override
  public int descriptorNumber() throws IOException {
    return DescriptorCalls.with(descriptor, (_, fd) -> fd);
  }

  /** Duplicates the descriptor, above 2, for a child process that takes the pipe over. */
  int duplicate() throws IOException {
    int result = DescriptorCalls.with(descriptor, ProcessCalls::duplicate);
    if (result < 0) {
      throw error(-result);
    }
    return result;
  }
}
