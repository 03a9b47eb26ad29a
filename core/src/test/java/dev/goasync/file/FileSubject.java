package dev.goasync.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/**
 * An open file of one of three implementations, with the operations that they share under names
 * that no interface has: positional reads and writes, scatter, gather and transfers.
 */
interface FileSubject extends AutoCloseable {
  SeekableByteChannel channel();

  Path path();

  int read(ByteBuffer target, long at) throws IOException;

  int write(ByteBuffer source, long at) throws IOException;

  long scatter(ByteBuffer... targets) throws IOException;

  long gather(ByteBuffer... sources) throws IOException;

  long transferTo(long at, long count, WritableByteChannel target) throws IOException;

  long transferFrom(ReadableByteChannel source, long at, long count) throws IOException;

  @Override
  default void close() throws IOException {
    channel().close();
  }

  /** The implementation to compare with the JDK's channel. */
  enum Kind {
    FILE {
      @Override
      FileSubject open(Path path, OpenOption... options) throws IOException {
        return new OfFile(AsyncFile.open(path, options), path);
      }
    },

    /** A channel of {@code FileChannel.open} for a path of {@code AsyncFileSystem}. */
    CHANNEL {
      @Override
      FileSubject open(Path path, OpenOption... options) throws IOException {
        FileChannel channel = FileChannel.open(AsyncFileSystem.of(path), options);
        assertThat(channel).isInstanceOf(AsyncFileChannel.class);
        return new OfChannel(channel, path);
      }
    },

    JDK {
      @Override
      FileSubject open(Path path, OpenOption... options) throws IOException {
        return new OfChannel(FileChannel.open(path, options), path);
      }
    };

    static final Kind[] OURS = {FILE, CHANNEL};

    abstract FileSubject open(Path path, OpenOption... options) throws IOException;
  }

  /** Uses an {@code AsyncFile}. */
  record OfFile(AsyncFile channel, Path path) implements FileSubject {
    @Override
    public int read(ByteBuffer target, long at) throws IOException {
      return channel.read(target, at);
    }

    @Override
    public int write(ByteBuffer source, long at) throws IOException {
      return channel.write(source, at);
    }

    @Override
    public long scatter(ByteBuffer... targets) throws IOException {
      return channel.read(targets);
    }

    @Override
    public long gather(ByteBuffer... sources) throws IOException {
      return channel.write(sources);
    }

    @Override
    public long transferTo(long at, long count, WritableByteChannel target) throws IOException {
      return channel.transferTo(at, count, target);
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long count) throws IOException {
      return channel.transferFrom(source, at, count);
    }
  }

  /** Uses a {@code FileChannel}. */
  record OfChannel(FileChannel channel, Path path) implements FileSubject {
    boolean isOfJdk() {
      return !(channel instanceof AsyncFileChannel);
    }

    @Override
    public int read(ByteBuffer target, long at) throws IOException {
      return channel.read(target, at);
    }

    @Override
    public int write(ByteBuffer source, long at) throws IOException {
      return channel.write(source, at);
    }

    @Override
    public long scatter(ByteBuffer... targets) throws IOException {
      return channel.read(targets);
    }

    @Override
    public long gather(ByteBuffer... sources) throws IOException {
      return channel.write(sources);
    }

    @Override
    public long transferTo(long at, long count, WritableByteChannel target) throws IOException {
      return channel.transferTo(at, count, target);
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long count) throws IOException {
      return channel.transferFrom(source, at, count);
    }
  }
}
