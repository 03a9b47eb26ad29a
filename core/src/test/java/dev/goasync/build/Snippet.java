package dev.goasync.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a test of a module other than core that the guide shows: the lines between the
 * comments {@code guide: begin} and {@code guide: end}, with the imports that they need. A name
 * behind {@code begin} distinguishes the parts of a file.
 */
final class Snippet {
  /** In Markdown, the comment before the fence that shows a snippet: a file, and maybe a name. */
  static final String FROM = "<!-- from: ";

  static final String BEGIN = "// guide: begin";
  private static final String END = "// guide: end";
  private static final Pattern MODULE = Pattern.compile("(adapters/(\\w+)|inspector)/(\\w+)");
  private static final Pattern IMPORT = Pattern.compile("import (?:static )?[\\w.]+\\.(\\w+);");

  private Snippet() {}

  /** The directory of the files that have neither an adapter nor a path upwards in their names. */
  static Path tests() {
    return SourceTree.root().resolve("interop/src/test/java/dev/goasync/interop");
  }

  /** Returns the file that a comment names: {@code inspector/Test}, or {@code adapters/x/Test}. */
  static Path fileOf(String comment) {
    String name = wordsOf(comment)[0];
    Matcher module = MODULE.matcher(name);
    return module.matches()
        ? SourceTree.root()
            .resolve(module.group(1) + "/src/test/java/dev/goasync")
            .resolve(module.group(1).replace("adapters/", "") + "/" + module.group(3) + ".java")
        : tests().resolve(name + ".java").normalize();
  }

  /** Returns the lines that the fence behind a comment shows. */
  static List<String> of(String comment) throws IOException {
    String[] words = wordsOf(comment);
    String begin = words.length == 1 ? BEGIN : BEGIN + " " + words[1];
    List<String> file = Files.readAllLines(fileOf(comment));
    List<String> part = between(file, begin);
    if (part.isEmpty()) {
      throw new IllegalStateException(comment + " names a file without " + begin);
    }
    List<String> all = new ArrayList<>();
    String packageLine = file.getFirst();
    if (!packageLine.startsWith("package dev.goasync.")) { // the user's class must lie there, too
      all.add(packageLine);
      all.add("");
    }
    List<String> imports = importsOf(file, String.join("\n", part));
    all.addAll(imports);
    if (!imports.isEmpty()) {
      all.add("");
    }
    all.addAll(part);
    return all;
  }

  private static String[] wordsOf(String comment) {
    return comment.substring(FROM.length(), comment.indexOf(" -->")).split(" ");
  }

  private static List<String> between(List<String> file, String begin) {
    List<String> part = new ArrayList<>();
    boolean inside = false;
    int indentation = 0;
    for (String line : file) {
      if (line.strip().equals(begin)) {
        inside = true;
        indentation = line.indexOf('/');
      } else if (line.strip().equals(END)) {
        inside = false;
      } else if (inside) {
        part.add(line.isBlank() ? "" : line.substring(indentation));
      }
    }
    while (!part.isEmpty() && part.getLast().isEmpty()) {
      part.removeLast();
    }
    return part;
  }

  private static List<String> importsOf(List<String> file, String code) {
    List<String> imports = new ArrayList<>();
    for (String line : file) {
      Matcher matcher = IMPORT.matcher(line);
      if (matcher.matches()
          && Pattern.compile("\\b" + matcher.group(1) + "\\b").matcher(code).find()) {
        imports.add(line);
      }
    }
    return imports;
  }
}
