package dev.goasync.file;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.Caller;
import dev.goasync.conformance.Conformance;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the same random operations on an {@code AsyncFile} and on a JDK channel. */
@Conformance
final class FileLikeTheJdksTest {
  private static final int STEPS = 300;
  private static final int MAX_BYTES = 9_000;

  @TempDir Path dir;

  static Stream<Arguments> all() {
    return Stream.of(Caller.values())
        .flatMap(caller -> Stream.of(Kind.values()).map(kind -> Arguments.of(caller, kind)));
  }

  /** Performs an operation on a channel and returns its outcome. */
  private interface Step {
    Object run(SeekableByteChannel channel) throws IOException;
  }

  private static ByteBuffer buffer(int capacity, boolean direct) {
    return direct ? ByteBuffer.allocateDirect(capacity) : ByteBuffer.allocate(capacity);
  }

  private static List<Object> content(ByteBuffer read, long count) {
    byte[] bytes = new byte[read.flip().remaining()];
    read.get(bytes);
    return List.of(count, Arrays.hashCode(bytes));
  }

  /** What both kinds of channel have, by their own methods. */
  private static int readAt(SeekableByteChannel channel, ByteBuffer target, long at)
      throws IOException {
    return channel instanceof AsyncFile file
        ? file.read(target, at)
        : ((FileChannel) channel).read(target, at);
  }

  private static int writeAt(SeekableByteChannel channel, ByteBuffer source, long at)
      throws IOException {
    return channel instanceof AsyncFile file
        ? file.write(source, at)
        : ((FileChannel) channel).write(source, at);
  }

  private static long gather(SeekableByteChannel channel, ByteBuffer... sources)
      throws IOException {
    return channel instanceof AsyncFile file
        ? file.write(sources)
        : ((FileChannel) channel).write(sources);
  }

  /** The implementation to compare with the JDK's channel. */
  enum Kind {
    FILE {
      @Override
      SeekableByteChannel open(Path path, OpenOption... options) throws IOException {
        return AsyncFile.open(path, options);
      }
    },

    /** A channel of {@code FileChannel.open} for a path of {@code AsyncFileSystem}. */
    CHANNEL {
      @Override
      SeekableByteChannel open(Path path, OpenOption... options) throws IOException {
        FileChannel channel = FileChannel.open(AsyncFileSystem.of(path), options);
        assertThat(channel).isInstanceOf(AsyncFileChannel.class);
        return channel;
      }
    };

    abstract SeekableByteChannel open(Path path, OpenOption... options) throws IOException;
  }

  private static Step draw(Random random) {
    boolean direct = random.nextBoolean();
    int size = random.nextInt(MAX_BYTES);
    long at = random.nextInt(3 * MAX_BYTES);
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    ByteBuffer source = buffer(size, direct).put(bytes).flip();
    return switch (random.nextInt(9)) {
      case 0 ->
          channel -> {
            ByteBuffer read = buffer(size, direct);
            return content(read, channel.read(read));
          };
      case 1 ->
          channel -> {
            ByteBuffer read = buffer(size, direct);
            return content(read, readAt(channel, read, at));
          };
      case 2 -> channel -> channel.write(source.duplicate());
      case 3 -> channel -> writeAt(channel, source.duplicate(), at);
      case 4 ->
          channel -> {
            ByteBuffer head = ByteBuffer.wrap(bytes, 0, size / 3);
            ByteBuffer empty = ByteBuffer.allocate(0);
            return gather(channel, head, empty, source.duplicate().position(size / 3));
          };
      case 5 -> channel -> channel.position(at).position();
      case 6 -> channel -> channel.truncate(at).size();
      case 7 -> SeekableByteChannel::position;
      default -> SeekableByteChannel::size;
    };
  }

  private static Object outcome(Step step, SeekableByteChannel channel) {
    try {
      return step.run(channel);
    } catch (Exception thrown) {
      return thrown.getClass();
    }
  }

  private void compare(Caller caller, Kind kind, long seed, OpenOption... options)
      throws Exception {
    Path ours = Files.writeString(dir.resolve("ours"), "some text to begin with\n");
    Path theirs = Files.copy(ours, dir.resolve("theirs"));
    Random random = new Random(seed);
    caller.run(() -> {
      try (var file = kind.open(ours, options);
          var channel = FileChannel.open(theirs, options)) {
        for (int i = 0; i < STEPS; i++) {
          Step step = draw(random);
          Object expected = outcome(step, channel);
          assertThat(outcome(step, file)).as("step %d", i).isEqualTo(expected);
          assertThat(file.position()).as("position after %d", i).isEqualTo(channel.position());
        }
      }
    });
    assertThat(Files.mismatch(ours, theirs)).isEqualTo(-1);
  }

  @ParameterizedTest
  @MethodSource("all")
  void readingAndWriting(Caller caller, Kind kind) throws Exception {
    compare(caller, kind, 1, READ, WRITE);
  }

  @ParameterizedTest
  @MethodSource("all")
  void appending(Caller caller, Kind kind) throws Exception {
    compare(caller, kind, 2, APPEND);
  }

  @ParameterizedTest
  @MethodSource("all")
  void readingOnly(Caller caller, Kind kind) throws Exception {
    compare(caller, kind, 3, READ);
  }

  @ParameterizedTest
  @MethodSource("all")
  void writingOnly(Caller caller, Kind kind) throws Exception {
    compare(caller, kind, 4, WRITE);
  }
}
