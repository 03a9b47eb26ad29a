package dev.goasync.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the examples of Markdown and Java files.
 *
 * <p>In Markdown these are the fences of the language {@code java}. An HTML comment that begins
 * with {@code setup:} adds its members to the class around the next fence; the comment {@code run}
 * has the next fence run, and the fence behind it is the expected output. A fence after a comment
 * that begins with {@code from:} is no example: {@link SnippetsTest} compares it with a test, which
 * is compiled. In Java files examples are the preformatted code blocks of the Javadoc.
 */
final class ExampleReader {
  private static final String SETUP = "<!-- setup:";
  private static final String RUN = "<!-- run -->";
  private static final String JAVADOC_BEGIN = "<pre>{@code";
  private static final String JAVADOC_END = "}</pre>";

  private final String name;
  private final List<String> lines;
  private final List<Example> found = new ArrayList<>();
  private int at;

  private ExampleReader(Path file) throws IOException {
    name = SourceTree.name(file);
    lines = Files.readAllLines(file);
  }

  static List<Example> ofMarkdown(Path file) throws IOException {
    return new ExampleReader(file).readMarkdown();
  }

  static List<Example> ofJavadoc(Path file) throws IOException {
    return new ExampleReader(file).readJavadoc();
  }

  private List<Example> readMarkdown() {
    String setup = "";
    boolean run = false;
    boolean copied = false;
    for (; at < lines.size(); at++) {
      String line = lines.get(at);
      if (line.startsWith(SETUP)) {
        setup = readSetup();
      } else if (line.equals(RUN)) {
        run = true;
      } else if (line.startsWith(Snippet.FROM)) {
        copied = true;
      } else if (line.startsWith("```")) {
        boolean isJava = line.equals("```java");
        int first = at + 2;
        List<String> code = readFence();
        if (isJava && copied) {
          copied = false;
        } else if (isJava) {
          found.add(new Example(name, first, code, setup, run ? readOutput() : null));
          setup = "";
          run = false;
        }
      }
    }
    return found;
  }

  /** Leaves {@code at} at the line that ends the comment. */
  private String readSetup() {
    var setup = new StringBuilder(lines.get(at).substring(SETUP.length()));
    while (setup.indexOf("-->") < 0) {
      setup.append('\n').append(lines.get(++at));
    }
    return setup.substring(0, setup.indexOf("-->"));
  }

  /** Leaves {@code at} at the line that ends the fence. */
  private List<String> readFence() {
    var inside = new ArrayList<String>();
    for (at++; !lines.get(at).startsWith("```"); at++) {
      inside.add(lines.get(at));
    }
    return inside;
  }

  private @Nullable String readOutput() {
    for (at++; at < lines.size(); at++) {
      if (lines.get(at).startsWith("```")) {
        return String.join("\n", readFence());
      }
    }
    throw new IllegalStateException(name + ": no fence with the output behind the last example");
  }

  private List<Example> readJavadoc() {
    for (; at < lines.size(); at++) {
      int begin = lines.get(at).indexOf(JAVADOC_BEGIN);
      if (begin >= 0) {
        int first = at + 1;
        var code = new ArrayList<String>();
        code.add(lines.get(at).substring(begin + JAVADOC_BEGIN.length()));
        while (code.getLast().indexOf(JAVADOC_END) < 0) {
          code.add(lines.get(++at).replaceFirst("^ *\\* ?", ""));
        }
        String last = code.removeLast();
        code.add(last.substring(0, last.indexOf(JAVADOC_END)));
        found.add(new Example(name, first, code, "", null));
      }
    }
    return found;
  }
}
