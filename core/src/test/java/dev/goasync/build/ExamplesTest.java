package dev.goasync.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.GoAsync;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compiles the examples of README, the documents and the Javadoc, and runs those that have an
 * output. {@link ExampleReader} describes how an example is marked.
 */
final class ExamplesTest {
  private static final String CONTEXT = "ExampleContext";

  @TempDir Path classes;

  @Test
  void examplesOfTheDocumentsCompileAndPrintTheirOutput() throws Exception {
    var examples =
        new ArrayList<>(ExampleReader.ofMarkdown(SourceTree.root().resolve("README.md")));
    for (Path page : SourceTree.markdownFilesBelow(SourceTree.root().resolve("docs"))) {
      examples.addAll(ExampleReader.ofMarkdown(page));
    }
    assertThat(examples).as("examples of the documents").isNotEmpty();
    List<ExampleSource> sources = compile(examples);
    for (ExampleSource source : sources) {
      if (source.example.output() != null) {
        assertThat(outputOf(source.className))
            .as(source.origin(0))
            .isEqualTo(source.example.output());
      }
    }
  }

  @Test
  void examplesOfTheJavadocCompile() throws Exception {
    var examples = new ArrayList<Example>();
    for (Path file : SourceTree.exportedFiles()) {
      for (Example example : ExampleReader.ofJavadoc(file)) {
        examples.add(withSetup(example));
      }
    }
    assertThat(examples).as("examples of the Javadoc").isNotEmpty();
    compile(examples);
  }

  private List<ExampleSource> compile(List<Example> examples) throws Exception {
    Set<String> types = exportedTypes();
    var sources = new ArrayList<ExampleSource>();
    for (Example example : examples) {
      sources.add(new ExampleSource(example, sources.size(), types, CONTEXT));
    }
    var units = new ArrayList<JavaFileObject>(sources);
    units.add(context(types));
    var problems = new DiagnosticCollector<JavaFileObject>();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> options =
        List.of(
            "-proc:none", "-Xlint:none", "-nowarn", "-d", classes.toString(), "-cp", classPath());
    compiler.getTask(null, null, problems, options, null, units).call();
    assertThat(problems.getDiagnostics())
        .filteredOn(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
        .extracting(ExamplesTest::describe)
        .as("examples that do not compile")
        .isEmpty();
    return sources;
  }

  private static String describe(Diagnostic<? extends JavaFileObject> problem) {
    String where =
        problem.getSource() instanceof ExampleSource source
            ? source.origin(problem.getLineNumber())
            : CONTEXT + ":" + problem.getLineNumber();
    return where + " " + problem.getMessage(null);
  }

  /** The library, as the test uses it, and the annotations that its signatures contain. */
  private static String classPath() throws URISyntaxException {
    return pathOf(GoAsync.class) + File.pathSeparator + pathOf(Nullable.class);
  }

  private static Path pathOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  /** The public types of the exported packages. */
  private static Set<String> exportedTypes() throws IOException {
    var types = new TreeSet<String>();
    Path sources = SourceTree.root().resolve("core/src/main/java");
    for (Path file : SourceTree.exportedFiles()) {
      String name = sources.relativize(file).toString().replaceAll("[/\\\\]", ".");
      String source = Files.readString(file);
      if (source.contains("\npublic ") && !name.endsWith("package-info.java")) {
        types.add(name.substring(0, name.length() - ".java".length()));
      }
    }
    return types;
  }

  /** The class that every example extends: names that examples use without declaring them. */
  private static JavaFileObject context(Set<String> types) throws IOException {
    var text = new StringBuilder();
    types.forEach(type -> text.append("import ").append(type).append("; "));
    text.append(contextSections()[0]);
    return new SimpleJavaFileObject(
        URI.create("string:///" + CONTEXT + ".java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }

  /** Members that only the Javadoc examples of one file need: its section of the resource. */
  private static Example withSetup(Example example) throws IOException {
    for (String section : contextSections()) {
      int end = section.indexOf('\n');
      if (example.file().endsWith("/goasync/" + section.substring(0, end))) {
        return new Example(
            example.file(), example.line(), example.code(), section.substring(end), null);
      }
    }
    return example;
  }

  /** The common class, then a section for each file, whose first line is the file's name. */
  private static String[] contextSections() throws IOException {
    try (var resource = ExamplesTest.class.getResourceAsStream("example-context.txt")) {
      if (resource == null) {
        throw new IllegalStateException("example-context.txt is missing beside ExamplesTest");
      }
      return new String(resource.readAllBytes(), UTF_8).split("\n## ");
    }
  }

  private String outputOf(String className) throws Exception {
    var bytes = new ByteArrayOutputStream();
    PrintStream before = System.out;
    URL[] path = {classes.toUri().toURL()};
    try (var loader = new URLClassLoader(path, ExamplesTest.class.getClassLoader())) {
      System.setOut(new PrintStream(bytes, true, UTF_8));
      Class<?> type = loader.loadClass(className);
      Method main = mainOf(type);
      main.setAccessible(true);
      var instance = main.getDeclaringClass() == type ? newInstance(type) : null;
      Object[] arguments =
          main.getParameterCount() == 0 ? new Object[0] : new Object[] {new String[0]};
      main.invoke(instance, arguments);
    } finally {
      System.setOut(before);
    }
    return bytes.toString(UTF_8).strip();
  }

  private static Object newInstance(Class<?> type) throws ReflectiveOperationException {
    var constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    return constructor.newInstance();
  }

  /** The method {@code main} of a class in the example, or of the example, or its statements. */
  private static Method mainOf(Class<?> type) throws NoSuchMethodException {
    return Stream.concat(Stream.of(type.getDeclaredClasses()), Stream.of(type))
        .flatMap(candidate -> Stream.of(candidate.getDeclaredMethods()))
        .filter(method -> method.getName().equals("main"))
        .findFirst()
        .orElse(type.getDeclaredMethod("example"));
  }
}
