package dev.goasync.inspector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code of docs/guide/inspecting.md. */
@Timeout(60)
final class GuideTest {
  // guide: begin
  static void inspect(Runnable program) throws IOException {
    try (Inspector inspector = Inspector.start()) { // any free port; prints the URL
      System.out.println("inspected on port " + inspector.port());
      program.run();
    }
  }

  static Inspector startOnFixedPort() throws IOException {
    return Inspector.with().port(9321).interval(Duration.ofSeconds(2)).printUrl(false).start();
  }

  // guide: end

  @Test
  void theProgramRunsWhileThePageIsServed() throws Exception {
    int[] runs = {0};
    inspect(() -> runs[0]++);
    assertThat(runs[0]).isEqualTo(1);
  }
}
