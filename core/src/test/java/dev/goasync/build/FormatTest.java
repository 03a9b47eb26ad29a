package dev.goasync.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/**
 * Checks that every source file of every module has the layout of google-java-format; {@code
 * -Dformat=apply} rewrites it.
 */
final class FormatTest {
  @Test
  void sourcesAreFormatted() throws Exception {
    boolean apply = "apply".equals(System.getProperty("format"));
    var formatter = new Formatter();
    var different = new ArrayList<String>();
    for (Path file : SourceTree.javaFiles()) {
      String source = Files.readString(file);
      String wanted = formatter.formatSourceAndFixImports(source);
      if (!source.equals(wanted)) {
        different.add(SourceTree.name(file));
        if (apply) {
          Files.writeString(file, wanted);
        }
      }
    }
    if (!apply) {
      assertThat(different).as("run: mvn test -pl core -Dtest=FormatTest -Dformat=apply").isEmpty();
    }
  }
}
