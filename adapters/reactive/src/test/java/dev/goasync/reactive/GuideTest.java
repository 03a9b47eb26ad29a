package dev.goasync.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.EventLoop;
import dev.goasync.io.ByteStream;
import dev.goasync.system.AsyncPipe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code of docs/guide/reactive.md. */
@Timeout(60)
final class GuideTest {
  // guide: begin
  static Flow.Publisher<String> linesOf(EventLoop loop, ByteStream stream) {
    return Publishers.of(
        loop,
        emitter -> {
          for (String line; (line = stream.readLine()) != null; ) {
            emitter.emit(line);
          }
        });
  }

  static List<String> collect(Flow.Publisher<String> lines) {
    List<String> collected = new ArrayList<>();
    try (Subscribed<String> values = Publishers.subscribe(lines, 16)) {
      for (String line : values) {
        collected.add(line);
      }
    }
    return collected;
  }

  // guide: end

  @Test
  void linesOfAPipeArePublished() throws IOException {
    try (EventLoop loop = EventLoop.start("lines")) {
      AsyncPipe pipe = loop.goAsync(() -> AsyncPipe.open()).await();
      loop.goAsync(() -> {
        pipe.sink().writeAll("one\ntwo\n");
        pipe.sink().close();
      });
      assertThat(collect(linesOf(loop, pipe.source()))).containsExactly("one", "two");
      loop.goAsync(() -> pipe.close()).await();
    }
  }
}
