package dev.goasync.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/**
 * Every source file of every module is laid out as google-java-format lays it out; -Dformat=apply
 * rewrites.
 */
final class FormatTest {
  @Test
  void sourcesAreFormatted() throws Exception {
    boolean apply = "apply".equals(System.getProperty("format"));
    var formatter = new Formatter();
    var untidy = new ArrayList<String>();
    for (Path file : SourceTree.javaFiles()) {
      String source = Files.readString(file);
      String wanted = formatter.formatSourceAndFixImports(source);
      if (!source.equals(wanted)) {
        untidy.add(SourceTree.name(file));
        if (apply) {
          Files.writeString(file, wanted);
        }
      }
    }
    if (!apply) {
      assertThat(untidy).as("run: mvn test -pl core -Dtest=FormatTest -Dformat=apply").isEmpty();
    }
  }
}
