package dev.goasync.internal.nio.system;

import dev.goasync.internal.nio.process.NioPipe;
import dev.goasync.internal.platform.PipeHandle;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** The standard input, output or error of this process, by the JDK's streams. */
public final class NioStandard implements PipeHandle.Standard {
  private final NioPipe pipe;

  /**
   * Opens a standard stream of this process.
   *
   * @param number 0 for input, 1 for output, 2 for errors
   */
  public NioStandard(int number, String name) {
    pipe =
        switch (number) {
          case 0 -> new NioPipe(keptOpen(new FileInputStream(FileDescriptor.in)), name);
          case 1 -> new NioPipe(keptOpen(new FileOutputStream(FileDescriptor.out)), name);
          case 2 -> new NioPipe(keptOpen(new FileOutputStream(FileDescriptor.err)), name);
          default -> throw new IllegalArgumentException("number must be from 0 to 2: " + number);
        };
  }

  private static InputStream keptOpen(InputStream shared) {
    return new FilterInputStream(shared) {
      @Override
      public void close() {}
    };
  }

  private static OutputStream keptOpen(OutputStream shared) {
    return new FilterOutputStream(shared) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return pipe.read(target);
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return pipe.write(source);
  }

  @Override
  public int available() throws IOException {
    return pipe.available();
  }

  @Override
  public boolean isReady(Direction direction) throws IOException {
    return direction == Direction.INPUT ? pipe.isReadable() : pipe.isWritable();
  }

  @Override
  public void awaitReady(Direction direction) throws IOException {
    if (direction == Direction.INPUT) {
      pipe.awaitReadable();
    } else {
      pipe.awaitWritable();
    }
  }

  @Override
  public void close() throws IOException {
    pipe.close();
  }

  @Override
  public String toString() {
    return pipe.toString();
  }
}
