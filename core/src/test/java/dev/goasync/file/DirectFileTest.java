package dev.goasync.file;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.conformance.Conformance;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files opened with {@code DIRECT}, with heap, direct and aligned buffers. */
@Conformance
final class DirectFileTest {
  private static final int BLOCK = AsyncFile.DIRECT_ALIGNMENT;
  private static final int BLOCKS = 50;

  @TempDir Path dir;

  @Test
  void alignedBuffersAreAligned() {
    for (int capacity : new int[] {0, 1, BLOCK, 3 * BLOCK + 5}) {
      ByteBuffer buffer = AsyncFile.allocateAligned(capacity);
      assertThat(buffer.capacity()).isEqualTo(capacity);
      assertThat(buffer.isDirect()).isTrue();
      assertThat(MemorySegment.ofBuffer(buffer).address() % BLOCK).isZero();
    }
    assertThatThrownBy(() -> AsyncFile.allocateAligned(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource
  void readsAndWritesBlocksWithAnyBuffer(Caller caller) throws Exception {
    byte[] content = new byte[BLOCKS * BLOCK];
    new Random(1).nextBytes(content);
    caller.run(() -> {
      try (var file = AsyncFile.open(dir.resolve("file"), CREATE, READ, WRITE, direct())) {
        file.writeAll(content);
        assertThat(file.position()).isEqualTo(content.length);
        file.write(AsyncFile.allocateAligned(BLOCK).put(content, 0, BLOCK).flip(), 3L * BLOCK);
        ByteBuffer aligned = AsyncFile.allocateAligned(2 * BLOCK);
        assertThat(file.read(aligned, 2L * BLOCK)).isEqualTo(2 * BLOCK);
        assertThat(Arrays.mismatch(bytes(aligned), BLOCK, 2 * BLOCK, content, 0, BLOCK))
            .isNegative();
        ByteBuffer heap = ByteBuffer.allocate(BLOCK);
        assertThat(file.read(heap, 7L * BLOCK)).isEqualTo(BLOCK);
        assertThat(heap.array()).isEqualTo(Arrays.copyOfRange(content, 7 * BLOCK, 8 * BLOCK));
        ByteBuffer all = ByteBuffer.allocate(content.length);
        while (all.hasRemaining()) {
          assertThat(file.read(all, all.position())).isPositive();
        }
        assertThat(
                Arrays.mismatch(
                    all.array(), 4 * BLOCK, content.length, content, 4 * BLOCK, content.length))
            .isNegative();
      } catch (IOException refused) {
        assertThat(refused)
            .as("this file system does not support DIRECT")
            .hasMessageContaining("Invalid argument");
      }
    });
  }

  /** By name, since the tests do not require the module jdk.unsupported. */
  private static OpenOption direct() throws ClassNotFoundException {
    Object[] all = Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants();
    return (OpenOption)
        Arrays.stream(all)
            .filter(each -> each.toString().equals("DIRECT"))
            .findFirst()
            .orElseThrow();
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.flip().remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
