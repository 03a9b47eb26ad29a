package dev.goasync.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PipelineTest {
  @Test
  void servesEveryOrder() throws Exception {
    try (var pipeline = RunningExample.start(Pipeline.class)) {
      assertThat(pipeline.awaitEnd(0))
          .contains("200 orders taken, 200 dishes served")
          .endsWith("pipeline: ok");
    }
  }

  @Test
  void completesTheOrdersInThePipelineOnCtrlC() throws Exception {
    try (var pipeline = RunningExample.start(Pipeline.class, "--endless")) {
      pipeline.awaitLine("open");
      assertThat(pipeline.interrupt()).isEqualTo(130);
      assertThat(pipeline.awaitLine("closing: ")).isEqualTo("closing: Ctrl-C");
      pipeline.awaitLine("pipeline: ok");
    }
  }
}
