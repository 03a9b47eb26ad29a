package dev.goasync.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.GoAsync;
import dev.goasync.testkit.ChildJvm;
import dev.goasync.testkit.LongRunning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The property that starts an inspector, without the module that has one; see there for more. */
@Timeout(120)
@LongRunning
final class InspectorPropertyTest {
  static final class Program {
    private Program() {}

    public static void main(String[] args) {
      GoAsync.goAsync(() -> 1).await();
    }
  }

  private static String errorsWith(String value) throws Exception {
    return ChildJvm.run(Program.class, "-Dgoasync.inspector=" + value).assertSuccess().err();
  }

  @Test
  void aMissingModuleIsLoggedAndTheProgramRuns() throws Exception {
    assertThat(errorsWith("9321"))
        .contains(
            "-Dgoasync.inspector=9321 has no effect", "goasync-inspector is not on the class path");
  }

  @Test
  void aWrongValueIsLoggedAndTheProgramRuns() throws Exception {
    assertThat(errorsWith("here")).contains("the value must be a port, from 0 to 65535");
    assertThat(errorsWith("65536")).contains("the value must be a port, from 0 to 65535");
  }
}
