package dev.goasync.file;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.Caller;
import dev.goasync.conformance.Conformance;
import dev.goasync.file.FileSubject.Kind;
import dev.goasync.testkit.LongRunning;
import dev.goasync.testkit.Scripts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the same random operations on an {@code AsyncFile} and on a JDK channel. */
@Conformance
@LongRunning
final class FileLikeTheJdksTest {
  private static final int STEPS = 300;
  private static final int MAX_SHORT_STEPS = 12;
  private static final int SCRIPTS = 2_200;
  private static final int[] SIZES = {0, 24, 4_096, 20_000};

  private static final OpenOption[][] ORDINARY = {{READ, WRITE}, {READ}, {WRITE}, {APPEND}};

  private static final OpenOption[][] UNUSUAL = {
    {},
    {READ, APPEND},
    {APPEND, TRUNCATE_EXISTING},
    {READ, TRUNCATE_EXISTING},
    {READ, WRITE, TRUNCATE_EXISTING},
    {READ, WRITE, CREATE_NEW},
    {READ, CREATE},
    {WRITE, CREATE},
    {WRITE, CREATE, DELETE_ON_CLOSE},
    {READ, DELETE_ON_CLOSE},
    {READ, WRITE, SPARSE},
  };

  @TempDir Path dir;

  static Stream<Arguments> all() {
    return Stream.of(Caller.values())
        .flatMap(caller -> Stream.of(Kind.OURS).map(kind -> Arguments.of(caller, kind)));
  }

  /** The kind of the exception, or null if the file was opened. */
  private @Nullable Class<?> refusal(Kind kind, OpenOption... options) throws IOException {
    Path path = Files.createFile(dir.resolve("to open"));
    try {
      kind.open(path, options).close();
      return null;
    } catch (Exception thrown) {
      return thrown.getClass();
    } finally {
      Files.deleteIfExists(path);
    }
  }

  private void compare(Caller caller, Kind kind, long seed, OpenOption... options)
      throws Exception {
    Random random = new Random(seed);
    caller.run(() -> compare(kind, random, 24, STEPS, options));
  }

  private void compare(Kind kind, Random random, int size, int steps, OpenOption... options)
      throws IOException {
    byte[] begin = new byte[size];
    FileStep.Content.HEAP.get(0, begin);
    Path ours = Files.write(dir.resolve("ours"), begin);
    Path theirs = Files.write(dir.resolve("theirs"), begin);
    try {
      run(kind, random, steps, ours, theirs, options);
      assertThat(Files.exists(ours)).as("exists").isEqualTo(Files.exists(theirs));
      if (Files.exists(theirs)) {
        assertThat(Files.readAllBytes(ours)).isEqualTo(Files.readAllBytes(theirs));
      }
    } finally {
      Files.deleteIfExists(ours); // a truncation instead would cost a write to the disk
      Files.deleteIfExists(theirs);
    }
  }

  private static void run(
      Kind kind, Random random, int steps, Path ours, Path theirs, OpenOption... options)
      throws IOException {
    List<FileStep> done = new ArrayList<>();
    try (FileSubject file = kind.open(ours, options);
        FileSubject channel = Kind.JDK.open(theirs, options)) {
      for (int i = 0; i < steps; i++) {
        if (random.nextInt(100) == 0) {
          file.channel().close();
          channel.channel().close();
        }
        FileStep step = FileStep.draw(random);
        done.add(step);
        compare(step, file, channel, done, options);
        compare(each -> each.channel().position(), file, channel, done, options);
      }
    }
  }

  private static void compare(
      FileStep step, FileSubject file, FileSubject channel, List<FileStep> done, Object[] options) {
    Object expected = FileStep.outcome(step, channel);
    Object outcome = FileStep.outcome(step, file);
    if (!outcome.equals(expected)) {
      assertThat(outcome)
          .as("%s opened with %s: %s", file.channel(), Arrays.toString(options), done)
          .isEqualTo(expected);
    }
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

  /** Many short scripts with random options, each in a coroutine or on a plain thread. */
  @Test
  void shortScripts() throws Exception {
    Scripts.run("files", SCRIPTS, this::shortScript);
  }

  void shortScript(long seed) throws Exception {
    Random random = new Random(seed);
    Caller caller = Scripts.pick(random, Caller.values());
    Kind kind = Scripts.pick(random, Kind.OURS);
    OpenOption[][] table = random.nextInt(5) == 0 ? UNUSUAL : ORDINARY;
    OpenOption[] options = Scripts.pick(random, table);
    int size = SIZES[random.nextInt(SIZES.length)];
    int steps = 1 + random.nextInt(MAX_SHORT_STEPS);
    caller.run(() -> {
      Class<?> refusal = table == UNUSUAL ? refusal(Kind.JDK, options) : null;
      assertThat(table == UNUSUAL ? refusal(kind, options) : null)
          .as(Arrays.toString(options))
          .isEqualTo(refusal);
      if (refusal == null) {
        compare(kind, random, size, steps, options);
      }
    });
  }
}
