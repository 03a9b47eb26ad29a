package dev.goasync.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CancellationException;

/**
 * Checks that a duplex byte stream keeps the contract of {@link dev.goasync.io.ByteStream}: order,
 * end of stream, close, cancellation. For tests of streams of your own; it needs no test framework.
 *
 * <pre>{@code
 * StreamContract.check(() -> {
 *   MemoryStream.Pair pair = MemoryStream.pair(100);
 *   return new StreamContract.Ends(pair.first(), pair.second());
 * });
 * }</pre>
 *
 * <p>The checks run in coroutines of the current loop. A check that takes longer than ten seconds
 * fails.
 */
public final class StreamContract {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int LARGE = 300_000;

  /**
   * Two connected ends: each reads what is written to the opposite one.
   *
   * @param first one end
   * @param second the opposite end
   */
  public record Ends(ByteChannel first, ByteChannel second) {}

  /** Opens a new connected pair for each check. */
  @FunctionalInterface
  public interface Factory {
    /**
     * Opens a connected pair.
     *
     * @throws Exception if the pair cannot be opened
     */
    Ends open() throws Exception;
  }

  @FunctionalInterface
  private interface Check {
    void run(ByteChannel here, ByteChannel there) throws Exception;
  }

  private final Factory factory;

  private StreamContract(Factory factory) {
    this.factory = factory;
  }

  /**
   * Runs all checks. {@code factory} is called several times for each of them, and the ends are
   * closed after it.
   *
   * @throws AssertionError if a check fails; its message names the check
   */
  public static void check(Factory factory) {
    var contract = new StreamContract(Objects.requireNonNull(factory, "factory"));
    contract.both("bytes arrive in order", StreamContract::bytesArriveInOrder);
    contract.both("both directions at once", StreamContract::bothDirectionsAtOnce);
    contract.both("positions and limits of buffers", StreamContract::buffersMoveByTheCount);
    contract.both("a full buffer reads 0 bytes", StreamContract::fullBufferReadsNothing);
    contract.both("end of stream after a close", StreamContract::endAfterClose);
    contract.both("operations on a closed end", StreamContract::closedEndThrows);
    contract.both("a close ends a waiting read", StreamContract::closeEndsWaitingRead);
    contract.both("a cancelled read loses no bytes", StreamContract::cancelledReadLosesNothing);
    contract.both("a write to a closed peer fails", StreamContract::writeToClosedPeerFails);
  }

  /** Runs a check in both directions. */
  private void both(String name, Check check) {
    one(name + " (from first to second)", check, false);
    one(name + " (from second to first)", check, true);
  }

  private void one(String name, Check check, boolean swapped) {
    Task<?> task =
        GoAsync.goAsync(() -> {
          Ends ends = factory.open();
          try (ByteChannel first = ends.first();
              ByteChannel second = ends.second()) {
            GoAsync.withTimeout(
                TIMEOUT, () -> check.run(swapped ? second : first, swapped ? first : second));
          }
        });
    try {
      task.await();
    } catch (DeadlineExceededException expired) {
      throw new AssertionError(name + ": not done in " + TIMEOUT.toSeconds() + " seconds", expired);
    } catch (AssertionError | RuntimeException failed) {
      throw new AssertionError(name + ": " + failed.getMessage(), failed);
    }
  }

  // ---- the checks ----

  private static void bytesArriveInOrder(ByteChannel here, ByteChannel there) throws Exception {
    byte[] sent = randomBytes(LARGE, 1);
    Task<?> writer = GoAsync.goAsync(() -> writeInPieces(here, sent));
    expectBytes(sent, readExactly(there, sent.length));
    writer.await();
  }

  private static void bothDirectionsAtOnce(ByteChannel here, ByteChannel there) throws Exception {
    byte[] forth = randomBytes(LARGE, 2);
    byte[] back = randomBytes(LARGE, 3);
    Task<?> writer = GoAsync.goAsync(() -> writeInPieces(here, forth));
    Task<?> answering = GoAsync.goAsync(() -> writeInPieces(there, back));
    Task<byte[]> reader = GoAsync.goAsync(() -> readExactly(there, forth.length));
    expectBytes(back, readExactly(here, back.length));
    expectBytes(forth, reader.await());
    GoAsync.awaitAll(writer, answering);
  }

  private static void buffersMoveByTheCount(ByteChannel here, ByteChannel there) throws Exception {
    ByteBuffer source = ByteBuffer.wrap("..abc..".getBytes(UTF_8)).position(2).limit(5);
    int written = here.write(source);
    expect(written >= 1 && written <= 3, "write returned " + written + " for 3 bytes");
    expect(source.position() == 2 + written, "write moved the position to " + source.position());
    expect(source.limit() == 5, "write moved the limit to " + source.limit());
    ByteBuffer target = ByteBuffer.wrap("01234567".getBytes(UTF_8)).position(1).limit(7);
    int read = there.read(target);
    expect(read >= 1 && read <= written, "read returned " + read + " of " + written + " bytes");
    expect(target.position() == 1 + read, "read moved the position to " + target.position());
    expect(target.limit() == 7, "read moved the limit to " + target.limit());
    expectBytes(
        ("0" + "abc".substring(0, read) + "01234567".substring(1 + read)).getBytes(UTF_8),
        target.array());
  }

  private static void fullBufferReadsNothing(ByteChannel here, ByteChannel there)
      throws IOException {
    writeAll(here, new byte[1]);
    expect(there.read(ByteBuffer.allocate(0)) == 0, "a read without space did not return 0");
    expect(here.write(ByteBuffer.allocate(0)) == 0, "a write without bytes did not return 0");
    expect(there.read(ByteBuffer.allocate(5)) == 1, "the byte was lost");
  }

  private static void endAfterClose(ByteChannel here, ByteChannel there) throws IOException {
    writeAll(here, new byte[] {1, 2, 3});
    here.close();
    expectBytes(new byte[] {1, 2, 3}, readExactly(there, 3));
    for (int i = 0; i < 3; i++) {
      int count = there.read(ByteBuffer.allocate(10));
      expect(count == -1, "a read after the end returned " + count);
    }
  }

  private static void closedEndThrows(ByteChannel here, ByteChannel there) throws IOException {
    expect(here.isOpen(), "an open end says that it is closed");
    here.close();
    here.close();
    expect(!here.isOpen(), "a closed end says that it is open");
    expectThrows(ClosedChannelException.class, () -> here.read(ByteBuffer.allocate(1)));
    expectThrows(ClosedChannelException.class, () -> here.write(ByteBuffer.allocate(1)));
    expect(there.isOpen(), "the close of one end closed the opposite one");
  }

  private static void closeEndsWaitingRead(ByteChannel here, ByteChannel there) throws Exception {
    Task<Integer> reader = GoAsync.goAsync(() -> there.read(ByteBuffer.allocate(1)));
    letWait();
    expect(!reader.isCompleted(), "a read without bytes did not wait");
    there.close();
    expectThrows(ClosedChannelException.class, reader::await);
    expect(here.isOpen(), "the close of one end closed the opposite one");
  }

  private static void cancelledReadLosesNothing(ByteChannel here, ByteChannel there)
      throws Exception {
    for (int i = 0; i < 20; i++) {
      byte[] sent = {(byte) i, 1, 2};
      ByteBuffer target = ByteBuffer.allocate(3);
      Task<Integer> reader = GoAsync.goAsync(() -> there.read(target));
      letWait();
      if (i % 2 == 0) {
        reader.cancel();
        writeAll(here, sent);
      } else {
        writeAll(here, sent);
        reader.cancel();
      }
      try {
        reader.await();
      } catch (CancellationException cancelled) {
        expect(target.position() == 0, "a cancelled read has filled its buffer");
      }
      byte[] rest = readExactly(there, target.remaining());
      target.put(rest);
      expectBytes(sent, target.array());
    }
  }

  private static void writeToClosedPeerFails(ByteChannel here, ByteChannel there)
      throws IOException {
    there.close();
    // The first writes can succeed: a network reports the close later.
    expectThrows(
        IOException.class,
        () -> {
          for (int i = 0; i < 10_000; i++) {
            writeAll(here, new byte[1000]);
          }
        });
  }

  // ---- helpers ----

  @FunctionalInterface
  private interface Operation {
    void run() throws Exception;
  }

  private static void expectThrows(Class<? extends Exception> type, Operation operation) {
    try {
      operation.run();
    } catch (Exception thrown) {
      for (Throwable each = thrown; each != null; each = each.getCause()) {
        if (type.isInstance(each)) {
          return;
        }
      }
      throw new AssertionError("expected " + type.getSimpleName() + " but got " + thrown, thrown);
    }
    throw new AssertionError("expected " + type.getSimpleName() + " but nothing was thrown");
  }

  private static void expect(boolean condition, String message) {
    if (!condition) {
      throw new AssertionError(message);
    }
  }

  private static void expectBytes(byte[] expected, byte[] actual) {
    int mismatch = Arrays.mismatch(expected, actual);
    expect(mismatch < 0, "the bytes differ from index " + mismatch + " on");
  }

  /** Lets the coroutines that were started run until they wait. */
  private static void letWait() {
    for (int i = 0; i < 10; i++) {
      GoAsync.yield();
    }
  }

  private static byte[] randomBytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static void writeInPieces(ByteChannel channel, byte[] bytes) throws IOException {
    Random random = new Random(4);
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(bytes.length - at, 1 + random.nextInt(20_000));
      writeAll(channel, Arrays.copyOfRange(bytes, at, at + length));
      at += length;
    }
  }

  private static void writeAll(ByteChannel channel, byte[] bytes) throws IOException {
    ByteBuffer source = ByteBuffer.wrap(bytes);
    while (source.hasRemaining()) {
      channel.write(source);
    }
  }

  private static byte[] readExactly(ByteChannel channel, int length) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(length);
    while (target.hasRemaining()) {
      int count = channel.read(target);
      expect(count != -1, "the stream ended after " + target.position() + " of " + length);
      expect(count > 0, "a read with space returned " + count);
    }
    return target.array();
  }
}
