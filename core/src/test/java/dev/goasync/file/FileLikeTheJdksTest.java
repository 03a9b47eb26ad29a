package dev.goasync.file;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.Caller;
import dev.goasync.conformance.Conformance;
import dev.goasync.internal.backend.Backends;
import dev.goasync.testkit.LongRunning;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
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
@LongRunning
final class FileLikeTheJdksTest {
  private static final int STEPS = 300;
  private static final int SHORT_STEPS = 8;
  private static final int SCRIPTS = Integer.getInteger("goasync.file.scripts", 400);
  private static final long FIRST_SEED = Long.getLong("goasync.file.seed", 1);
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

  private static long transferTo(
      SeekableByteChannel channel, long at, long count, WritableByteChannel target)
      throws IOException {
    return channel instanceof AsyncFile file
        ? file.transferTo(at, count, target)
        : ((FileChannel) channel).transferTo(at, count, target);
  }

  private static long transferFrom(
      SeekableByteChannel channel, InputStream source, long at, long count) throws IOException {
    ReadableByteChannel readable = Channels.newChannel(source);
    return channel instanceof AsyncFile file
        ? file.transferFrom(readable, at, count)
        : ((FileChannel) channel).transferFrom(readable, at, count);
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
    return switch (random.nextInt(11)) {
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
      case 8 ->
          channel -> {
            var target = new ByteArrayOutputStream();
            long count = transferTo(channel, at, size, Channels.newChannel(target));
            return count + Arrays.toString(target.toByteArray());
          };
      case 9 -> channel -> transferFrom(channel, new ByteArrayInputStream(bytes), at, size / 2);
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
    caller.run(() -> compare(kind, seed, STEPS, options));
  }

  private void compare(Kind kind, long seed, int steps, OpenOption... options) throws Exception {
    Path ours = Files.writeString(dir.resolve("ours"), "some text to begin with\n");
    Path theirs = Files.copy(ours, dir.resolve("theirs"), REPLACE_EXISTING);
    Random random = new Random(seed);
    try (var file = kind.open(ours, options);
        var channel = FileChannel.open(theirs, options)) {
      for (int i = 0; i < steps; i++) {
        Step step = draw(random);
        Object expected = outcome(step, channel);
        String what = "seed " + seed + ", step " + i;
        assertThat(outcome(step, file)).as(what).isEqualTo(expected);
        assertThat(file.position()).as("position after " + what).isEqualTo(channel.position());
      }
    }
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

  /** Many short scripts with random options; another seed starts other scripts. */
  @ParameterizedTest
  @MethodSource("all")
  void shortScripts(Caller caller, Kind kind) throws Exception {
    OpenOption[][] options = {{READ, WRITE}, {READ}, {WRITE}, {APPEND}};
    int count = Backends.selected().name().equals("uring") ? SCRIPTS : SCRIPTS / 10;
    caller.run(() -> {
      for (long seed = FIRST_SEED; seed < FIRST_SEED + count; seed++) {
        compare(kind, seed, SHORT_STEPS, options[Math.floorMod(seed, options.length)]);
      }
    });
  }

  /** Positions and counts at the limits of their types. */
  @ParameterizedTest
  @MethodSource("all")
  void extremePositions(Caller caller, Kind kind) throws Exception {
    long[] positions = {-1, 0, 5, 23, 24, 25, 1L << 40, Long.MAX_VALUE};
    Path ours = Files.writeString(dir.resolve("ours"), "some text to begin with\n");
    Path theirs = Files.copy(ours, dir.resolve("theirs"));
    caller.run(() -> {
      try (var file = kind.open(ours, READ, WRITE);
          var channel = FileChannel.open(theirs, READ, WRITE)) {
        for (long at : positions) {
          for (long count : new long[] {-1, 0, 3, Long.MAX_VALUE}) {
            Step step =
                each -> {
                  var target = Channels.newChannel(new ByteArrayOutputStream());
                  return transferTo(each, at, count, target);
                };
            assertThat(outcome(step, file))
                .as("%d bytes at %d", count, at)
                .isEqualTo(outcome(step, channel));
          }
        }
      }
    });
  }
}
