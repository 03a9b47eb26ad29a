package dev.goasync.internal.nio.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.testkit.Waiting;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pipe whose reading thread is slow, as on a loaded machine. */
@Timeout(20)
final class NioPipeTest {
  /** Its read returns one byte once it is released. */
  private static final class SlowInput extends InputStream {
    private final CountDownLatch released = new CountDownLatch(1);

    @Override
    public int read() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      try {
        released.await();
      } catch (InterruptedException interrupted) {
        throw new IOException(interrupted);
      }
      target[offset] = 7;
      return 1;
    }
  }

  /** Later jobs do not overtake the read once it may go on. */
  private static void run(Runnable job, int number, CountDownLatch readOver) {
    try {
      if (number > 3) {
        readOver.await();
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
    job.run();
    if (number == 1) {
      readOver.countDown();
    }
  }

  @Test
  void availableWaitsForATransferWhoseThreadGetsNoProcessorTime() throws Exception {
    SlowInput input = new SlowInput();
    AtomicInteger jobs = new AtomicInteger();
    CountDownLatch readOver = new CountDownLatch(1);
    try (ExecutorService pool = Executors.newCachedThreadPool()) {
      NioPipe pipe =
          new NioPipe(
              input,
              "slow",
              job -> {
                int number = jobs.incrementAndGet();
                pool.execute(() -> run(job, number, readOver));
                if (number == 3) { // the read, and two jobs after it
                  input.released.countDown();
                }
              });
      Future<?> reader =
          pool.submit(() -> {
            pipe.awaitReadable();
            return null;
          });
      Waiting.until(() -> jobs.get() == 1);
      assertThat(pipe.available()).isEqualTo(1);
      ByteBuffer target = ByteBuffer.allocate(9);
      assertThat(pipe.read(target)).isEqualTo(1);
      assertThat(target.get(0)).isEqualTo((byte) 7);
      reader.get();
      pipe.close();
    }
  }
}
