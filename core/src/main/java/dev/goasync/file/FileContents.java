package dev.goasync.file;

import dev.goasync.GoAsync;
import dev.goasync.internal.worker.Workers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Reads and writes the content of files for {@link AsyncFiles}. */
final class FileContents {
  private static final Set<OpenOption> NEW_CONTENT =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE);

  /** The largest array that every JVM can allocate. */
  private static final long MAX_ARRAY = Integer.MAX_VALUE - 8;

  private static final int BUFFER_BYTES = 64 * 1024;

  private FileContents() {}

  static byte[] readAllBytes(Path path) throws IOException {
    if (!GoAsync.inCoroutine() || !PathCalls.isOfAsyncFile(path)) {
      return PathCalls.run(path, Files::readAllBytes);
    }
    try (AsyncFile file = AsyncFile.open(path)) {
      long size = file.size();
      if (size == 0 || size > MAX_ARRAY) { // files in /proc report size 0
        return file.readAllBytes();
      }
      byte[] content = new byte[(int) size];
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        if (file.read(rest) < 0) {
          return Arrays.copyOf(content, rest.position());
        }
      }
      byte[] more = file.readAllBytes();
      return more.length == 0 ? content : joined(content, more);
    }
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, Math.addExact(first.length, second.length));
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  @SuppressWarnings("StreamResourceLeak") // the caller closes it
  static Stream<String> lines(Path path) throws IOException {
    if (!PathCalls.isOfAsyncFile(path)) {
      return OffLoopIterator.stream(path, () -> Files.lines(path), UnaryOperator.identity());
    }
    AsyncFile file = AsyncFile.open(path);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // reports malformed bytes
    return new BufferedReader(Channels.newReader(file, decoder, -1))
        .lines()
        .onClose(() -> close(file));
  }

  private static void close(AsyncFile file) {
    try {
      file.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  static void write(Path path, byte[] bytes, OpenOption... options) throws IOException {
    if (!PathCalls.isOfAsyncFile(path)) {
      Workers.offLoop(path, () -> Files.write(path, bytes, options));
      return;
    }
    Set<OpenOption> all = options.length == 0 ? NEW_CONTENT : forWriting(options);
    try (AsyncFile file = AsyncFile.open(path, all)) {
      file.writeAll(bytes);
    }
  }

  private static Set<OpenOption> forWriting(OpenOption... options) {
    Set<OpenOption> all = new HashSet<>(Arrays.asList(options));
    if (all.contains(StandardOpenOption.READ)) {
      throw new IllegalArgumentException("READ not allowed");
    }
    all.add(StandardOpenOption.WRITE);
    return all;
  }

  static long copy(InputStream source, Path target, CopyOption... options) throws IOException {
    boolean replace = false;
    for (CopyOption option : options) {
      if (option != StandardCopyOption.REPLACE_EXISTING) {
        throw new UnsupportedOperationException("copy option not supported: " + option);
      }
      replace = true;
    }
    if (!PathCalls.isOfAsyncFile(target)) {
      return Workers.offLoop(target, () -> Files.copy(source, target, options));
    }
    Path replaced = PathCalls.located(target);
    Path written = replace ? FileCopy.temporaryNameBeside(replaced) : replaced;
    boolean complete = false;
    AsyncFile file =
        AsyncFile.open(written, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      long count;
      try (file) {
        count = source.transferTo(file.outputStream());
      }
      if (replace) {
        PathCalls.run(target, () -> FileCopy.rename(written, replaced));
      }
      complete = true;
      return count;
    } finally {
      if (!complete) {
        PathCalls.runUncancellable(target, () -> Files.deleteIfExists(written));
      }
    }
  }

  static long copy(Path source, OutputStream target) throws IOException {
    if (!PathCalls.isOfAsyncFile(source)) {
      return Workers.offLoop(source, () -> Files.copy(source, target));
    }
    byte[] buffer = new byte[BUFFER_BYTES];
    long copied = 0;
    try (AsyncFile file = AsyncFile.open(source)) {
      ByteBuffer bytes = ByteBuffer.wrap(buffer);
      for (int count; (count = file.read(bytes.clear())) >= 0; copied += count) {
        target.write(buffer, 0, count);
      }
    }
    return copied;
  }
}
