package dev.goasync.interop.tls;

import dev.goasync.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import org.jspecify.annotations.Nullable;

/** A channel that cancels a task when the task reads for the n-th time. */
final class CancellingChannel implements ByteChannel {
  private final ByteChannel channel;
  private int readsBefore;
  private @Nullable Task<?> task;

  CancellingChannel(ByteChannel channel, int readsBefore) {
    this.channel = channel;
    this.readsBefore = readsBefore;
  }

  void cancels(Task<?> victim) {
    task = victim;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    Task<?> victim = task;
    if (victim != null && readsBefore-- == 0) {
      victim.cancel();
    }
    return channel.read(target);
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return channel.write(source);
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
