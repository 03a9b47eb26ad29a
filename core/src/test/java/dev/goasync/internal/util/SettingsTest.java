package dev.goasync.internal.util;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.GoAsync;
import dev.goasync.testkit.ChildJvm;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong values of the library's properties are refused, wrong names are warned about. */
final class SettingsTest {
  private static Properties with(String name, String value) {
    Properties properties = new Properties();
    properties.setProperty(name, value);
    return properties;
  }

  @ParameterizedTest
  @CsvSource({
    "goasync.offloadThreads, x, must be a positive number: \"x\"",
    "goasync.offloadThreads, 0, must be a positive number: \"0\"",
    "goasync.starvationMillis, 1.5, must be a positive number: \"1.5\"",
    "goasync.blockingCallMillis, -1, must be a positive number: \"-1\"",
    "goasync.longCloseMillis, 5s, must be a positive number: \"5s\"",
    "goasync.growthLimit, 1, must be a number of at least 2: \"1\"",
    "goasync.uring.usesBeforeMultishot, -1, must be a number that is not negative: \"-1\"",
    "goasync.recorder, x, must be a number from 1 to 65536: \"x\"",
    "goasync.recorder, 0, must be a number from 1 to 65536: \"0\"",
    "goasync.recorder, 65537, must be a number from 1 to 65536: \"65537\"",
    "goasync.deadlock, no, 'must be throw, log or off: \"no\"'",
    "goasync.daemon, yes, must be true or false: \"yes\"",
    "goasync.noThread, '', must be true or false: \"\"",
  })
  void wrongValueIsRefused(String name, String value, String message) {
    assertThatThrownBy(() -> Settings.problems(with(name, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("property -D" + name + " " + message);
  }

  @ParameterizedTest
  @CsvSource({
    "goasync.offloadThread, goasync.offloadThreads",
    "goasync.nothread, goasync.noThread",
    "goasync.growLimit, goasync.growthLimit",
    "goasync.uring.witout, goasync.uring.without",
  })
  void misspeltNameIsWarnedAboutWithTheSimilarOne(String name, String similar) {
    assertThat(Settings.problems(with(name, "1")))
        .containsExactly("unknown property -D" + name + "; did you mean " + similar + "?");
  }

  @Test
  void unknownNameIsWarnedAboutAndOtherPrefixesAreIgnored() {
    assertThat(Settings.problems(with("goasync.colour", "red")))
        .containsExactly("unknown property -Dgoasync.colour");
    assertThat(Settings.problems(with("goasynchronous", "red"))).isEmpty();
    assertThat(Settings.problems(with("goasync.daemon", "TRUE"))).isEmpty();
    assertThat(Settings.problems(with("goasync.deadlock", "off"))).isEmpty();
    assertThat(Settings.problems(with("goasync.recorder", "65536"))).isEmpty();
  }

  @Test
  void firstUseOfALoopThrows() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(Program.class, "-Dgoasync.daemon=yes");
    assertThat(ended.err()).contains("property -Dgoasync.daemon must be true or false");
  }

  /** Started as a program. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) {
      GoAsync.goAsync(() -> {}).await();
    }
  }
}
