package dev.goasync.cancel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.process.AsyncProcess;
import dev.goasync.process.Command;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Starts of processes, and waits for them and their pipes. */
final class ProcessRows {
  private ProcessRows() {}

  static void addTo(BiConsumer<String, Function<Path, CancelRow>> table) {
    table.accept("process start", dir -> new Start());
    table.accept("process await", dir -> new Await());
    table.accept("process read", dir -> new Read());
  }

  private abstract static class CatRow extends CancelRow {
    private @Nullable AsyncProcess cat;

    @Override
    void open() throws Exception {
      cat = Command.of("cat").start();
    }

    final AsyncProcess cat() {
      return Objects.requireNonNull(cat);
    }

    @Override
    void close() {
      if (cat != null) {
        cat.close();
      }
    }
  }

  /** It starts completely or not at all; no process is left without a handle. */
  private static final class Start extends CatRow {
    @Override
    void open() {}

    @Override
    Object run() throws Exception {
      super.open();
      return "started";
    }

    @Override
    boolean waits() {
      return false;
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      if (result == null) {
        run();
      }
      cat().stdin().close();
      assertThat(cat().await()).isZero();
    }
  }

  private static final class Await extends CatRow {
    @Override
    Object run() throws Exception {
      return cat().await();
    }

    @Override
    void release() throws Exception {
      cat().stdin().close();
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      if (!released) {
        assertThat(cat().isAlive()).isTrue();
        release();
      }
      assertThat(run()).isEqualTo(0);
      assertThat(result).isIn(0, null);
    }
  }

  private static final class Read extends CatRow {
    @Override
    @Nullable Object run() throws Exception {
      return cat().stdout().readLine();
    }

    @Override
    void release() throws Exception {
      cat().stdin().writeAll("first\n");
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      if (!released) {
        release();
      }
      assertThat(result == null ? run() : result).isEqualTo("first");
      cat().stdin().writeAll("second\n");
      assertThat(run()).isEqualTo("second");
    }
  }
}
