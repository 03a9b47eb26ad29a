package dev.goasync.build;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.SimpleJavaFileObject;

/**
 * An example made into a source file: its imports come first, its methods and types become members
 * of a class, and its statements the body of that class's method {@code example}.
 */
final class ExampleSource extends SimpleJavaFileObject {
  private static final Pattern TYPE =
      Pattern.compile(
          "((public|private|static|final|sealed|abstract) )*(class|record|enum|interface) .*");
  private static final Pattern METHOD =
      Pattern.compile(
          "((public|private|protected|static|final|synchronized) )*(<[^>]+> )?"
              + "(?!(new|return|throw|else|try|while|for|if|switch|synchronized|case|yield)\\b)"
              + "[A-Za-z][\\w.<>\\[\\], ?@&]* \\w+\\([^=;]*\\)( throws [\\w., ]+)? \\{.*",
          Pattern.DOTALL);
  private static final Pattern IMPORTED = Pattern.compile("import (static )?[\\w.]+\\.(\\w+);");

  final Example example;
  final String className;
  private final List<String> text = new ArrayList<>();

  /** For each line of the text, its line in the example's file, or 0. */
  private final List<Integer> origins = new ArrayList<>();

  private final List<Chunk> chunks = new ArrayList<>();

  /** Lines at the outermost level that go together. */
  private record Chunk(int first, List<String> lines) {
    String head() {
      return String.join(" ", lines).replaceAll("^(@\\w+(\\([^)]*\\))? )+", "");
    }

    boolean isImport() {
      return head().startsWith("import ");
    }

    boolean isMember() {
      return TYPE.matcher(head()).matches() || METHOD.matcher(untilBrace()).matches();
    }

    private String untilBrace() {
      String head = head();
      int brace = head.indexOf('{');
      return brace < 0 ? head : head.substring(0, brace + 1);
    }
  }

  /**
   * Makes a source file.
   *
   * @param types the names of the types that are imported unless the example imports another of the
   *     same simple name
   */
  ExampleSource(Example example, int number, Set<String> types, String context) {
    super(URI.create("string:///Example" + number + ".java"), Kind.SOURCE);
    this.example = example;
    className = "Example" + number;
    split();
    write(types, context);
  }

  @Override
  public CharSequence getCharContent(boolean ignoreEncodingErrors) {
    return String.join("\n", text);
  }

  /** Where a line of this source comes from, as {@code file:line}. */
  String origin(long line) {
    int known = line > 0 && line <= origins.size() ? origins.get((int) line - 1) : 0;
    return example.file() + ":" + (known == 0 ? example.line() : known);
  }

  private void split() {
    int depth = 0;
    int first = 0;
    var current = new ArrayList<String>();
    for (int i = 0; i < example.code().size(); i++) {
      String line = example.code().get(i);
      String bare = withoutLiterals(line);
      if (current.isEmpty()) {
        if (bare.isBlank()) {
          continue;
        }
        first = i;
      }
      current.add(line);
      for (int at = 0; at < bare.length(); at++) {
        char c = bare.charAt(at);
        depth += c == '{' || c == '(' ? 1 : c == '}' || c == ')' ? -1 : 0;
      }
      String end = bare.stripTrailing();
      if (depth == 0 && (end.endsWith(";") || end.endsWith("}"))) {
        chunks.add(new Chunk(first, List.copyOf(current)));
        current.clear();
      }
    }
    if (!current.isEmpty()) {
      chunks.add(new Chunk(first, List.copyOf(current)));
    }
  }

  private static String withoutLiterals(String line) {
    return line.replaceAll("\"(\\\\.|[^\"\\\\])*\"", "\"\"")
        .replaceAll("'(\\\\.|[^'\\\\])'", "' '")
        .replaceFirst("//.*", "");
  }

  private void write(Set<String> types, String context) {
    List<Chunk> imports = chunks.stream().filter(Chunk::isImport).toList();
    List<String> own = imports.stream().map(chunk -> simpleName(chunk.head())).toList();
    for (String type : types) {
      if (!own.contains(type.substring(type.lastIndexOf('.') + 1))) {
        add("import " + type + ";");
      }
    }
    add("import static dev.goasync.GoAsync.*;");
    for (String name : OTHER_IMPORTS) {
      add("import " + name + ".*;");
    }
    imports.forEach(this::add);
    add("@SuppressWarnings(\"all\")");
    add("class " + className + " extends " + context + " {");
    add(example.setup());
    chunks.stream().filter(chunk -> !chunk.isImport() && chunk.isMember()).forEach(this::add);
    add("void example() throws Exception {");
    chunks.stream().filter(chunk -> !chunk.isImport() && !chunk.isMember()).forEach(this::add);
    add("}");
    add("}");
  }

  private static final List<String> OTHER_IMPORTS =
      List.of(
          "java.io",
          "java.net",
          "java.net.http",
          "java.nio",
          "java.nio.channels",
          "java.nio.charset",
          "java.nio.file",
          "java.nio.file.attribute",
          "java.time",
          "java.util",
          "java.util.concurrent",
          "java.util.function",
          "java.util.stream",
          "javax.net",
          "javax.net.ssl",
          "static java.nio.charset.StandardCharsets",
          "static java.nio.file.StandardOpenOption");

  private static String simpleName(String line) {
    Matcher matcher = IMPORTED.matcher(line);
    return matcher.find() ? matcher.group(2) : "";
  }

  private void add(String lines) {
    lines
        .lines()
        .forEach(line -> {
          text.add(line);
          origins.add(0);
        });
  }

  private void add(Chunk chunk) {
    for (int i = 0; i < chunk.lines().size(); i++) {
      text.add(chunk.lines().get(i));
      origins.add(example.line() + chunk.first() + i);
    }
  }
}
