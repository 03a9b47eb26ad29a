package dev.goasync.cancel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.conformance.Differences;
import dev.goasync.file.AsyncFile;
import dev.goasync.net.PassedDescriptor;
import dev.goasync.testkit.SocketPair;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Passing descriptors. */
final class DescriptorRows {
  private static final String CONTENT = "content";

  private DescriptorRows() {}

  static void addTo(BiConsumer<String, Function<Path, CancelRow>> table) {
    table.accept("receive a descriptor", Receive::new);
    table.accept("send a descriptor to a full socket", Send::new);
  }

  /** A row with a file to pass. */
  abstract static class PassingRow extends CancelRow {
    private final Path dir;
    private @Nullable SocketPair pair;
    private @Nullable AsyncFile file;

    PassingRow(Path dir) {
      this.dir = dir;
    }

    SocketPair pair() {
      return Objects.requireNonNull(pair);
    }

    AsyncFile file() {
      return Objects.requireNonNull(file);
    }

    @Override
    @Nullable String obstacle() {
      return Differences.ofDescriptors();
    }

    @Override
    void open() throws Exception {
      pair = SocketPair.in(dir);
      file = AsyncFile.open(Files.writeString(dir.resolve("passed"), CONTENT));
    }

    /** Takes all that comes until there is a descriptor. */
    @Nullable PassedDescriptor receive() throws Exception {
      List<PassedDescriptor> passed = new ArrayList<>();
      ByteBuffer target = ByteBuffer.allocate(100_000);
      while (passed.isEmpty() && pair().there().receiveDescriptors(target.clear(), passed) >= 0) {
        // fill that came before
      }
      return passed.isEmpty() ? null : passed.getFirst();
    }

    static void checkContent(PassedDescriptor passed) throws Exception {
      try (AsyncFile taken = passed.open(AsyncFile::ofDescriptor)) {
        assertThat(taken.position(0).readAll()).isEqualTo(CONTENT);
      }
    }

    @Override
    void close() throws Exception {
      pair().close();
      file().close();
    }
  }

  private static final class Receive extends PassingRow {
    Receive(Path dir) {
      super(dir);
    }

    @Override
    @Nullable Object run() throws Exception {
      return receive();
    }

    @Override
    void release() throws Exception {
      pair().here().sendDescriptors(ByteBuffer.allocate(1), file());
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      if (!released) {
        release();
      }
      Object passed = result == null ? run() : result;
      checkContent((PassedDescriptor) Objects.requireNonNull(passed));
    }
  }

  private static final class Send extends PassingRow {
    private static final int FILL = 4_000;

    private int filled;

    Send(Path dir) {
      super(dir);
    }

    @Override
    void open() throws Exception {
      super.open();
      ByteBuffer fill = ByteBuffer.allocate(FILL);
      while (pair().here().writable().isReady()) {
        filled += pair().here().write(fill.clear());
      }
      pair().here().setOption(StandardSocketOptions.SO_SNDBUF, 1);
    }

    @Override
    Object run() throws Exception {
      pair().here().sendDescriptors(ByteBuffer.wrap(new byte[] {1}), file());
      return "sent";
    }

    @Override
    void release() throws Exception {
      pair().there().readExactly(filled);
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      if (!released) {
        release();
      }
      if (result == null) {
        run();
      }
      pair().here().shutdownOutput();
      checkContent(Objects.requireNonNull(receive()));
      assertThat(receive()).as("sent once").isNull();
    }
  }
}
