package dev.goasync.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Compiles the code of each section of the libraries guide in a Maven project of its own, which
 * depends on GoAsync and on the artifacts that the section names, and on nothing else. Run it after
 * {@code mvn package -pl core}:
 *
 * <pre>java interop/src/test/java/dev/goasync/interop/SnippetProjects.java</pre>
 *
 * <p>It exits with the status of Maven. With {@code --keep} the projects stay, and it prints where.
 */
public final class SnippetProjects {
  private static final Path GUIDE = Path.of("docs/guide/libraries.md");
  private static final Path CLASSES = Path.of("core/target/classes");
  private static final String TOOL = Path.of(System.getProperty("java.home"), "bin").toString();

  private static final Pattern SECTION =
      Pattern.compile("^### (.+?)\\n(.*?)(?=^##)", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern CODE =
      Pattern.compile("^```java\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern ARTIFACT = Pattern.compile("`([\\w.-]+):([\\w.-]+):([\\w.-]+)`");
  private static final Pattern TYPE = Pattern.compile("^public .*?class (\\w+)", Pattern.MULTILINE);
  private static final Pattern PACKAGE = Pattern.compile("^package ([\\w.]+);");
  private static final Pattern IMPORTS = Pattern.compile("(?:^import .*;\\n+)*", Pattern.MULTILINE);

  private static final String PROJECT =
      """
      <project xmlns="http://maven.apache.org/POM/4.0.0">
        <modelVersion>4.0.0</modelVersion>
        <groupId>example</groupId>
        <artifactId>%s</artifactId>
        <version>1</version>
        <packaging>%s</packaging>
        <properties>
          <maven.compiler.release>25</maven.compiler.release>
          <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
        </properties>
        <build>
          <pluginManagement>
            <plugins>
              <plugin>
                <groupId>org.apache.maven.plugins</groupId>
                <artifactId>maven-compiler-plugin</artifactId>
                <version>3.14.0</version>
              </plugin>
            </plugins>
          </pluginManagement>
        </build>
      %s
      </project>
      """;

  private SnippetProjects() {}

  /** Compiles all sections. */
  public static void main(String[] arguments) throws Exception {
    Path root = Files.createTempDirectory("goasync-snippets");
    boolean keep = List.of(arguments).contains("--keep");
    try {
      Path jar = root.resolve("goasync.jar");
      run(List.of(TOOL + "/jar", "--create", "--file", jar.toString(), "-C", "" + CLASSES, "."));
      List<String> modules = new ArrayList<>();
      for (MatchResult section :
          SECTION.matcher(Files.readString(GUIDE) + "\n##").results().toList()) {
        if (CODE.matcher(section.group(2)).find()) {
          String module = section.group(1).toLowerCase(Locale.ROOT).replaceAll("\\W+", "-");
          write(root.resolve(module), module, section.group(2), jar);
          modules.add("<module>" + module + "</module>");
        }
      }
      String parent =
          PROJECT.formatted(
              "snippets", "pom", "<modules>" + String.join("", modules) + "</modules>");
      Files.writeString(root.resolve("pom.xml"), parent);
      System.out.println(modules.size() + " sections" + (keep ? " in " + root : ""));
      int status =
          run(List.of("mvn", "-B", "-q", "--fail-at-end", "-f", root.toString(), "compile"));
      System.out.println(status == 0 ? "all compile" : "some do not compile");
      System.exit(status);
    } finally {
      if (!keep) {
        delete(root);
      }
    }
  }

  private static void write(Path project, String module, String section, Path jar)
      throws IOException {
    Path sources = Files.createDirectories(project.resolve("src/main/java"));
    StringBuilder dependencies = new StringBuilder("<dependencies>");
    dependencies.append(
        "<dependency><groupId>dev.goasync</groupId><artifactId>goasync</artifactId>"
            + "<version>1</version><scope>system</scope><systemPath>"
            + jar
            + "</systemPath></dependency>");
    ARTIFACT
        .matcher(section + "`org.jspecify:jspecify:1.0.1`") // comes with GoAsync from a repository
        .results()
        .map(found ->
            "<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>"
                .formatted(found.group(1), found.group(2), found.group(3)))
        .distinct()
        .forEach(dependencies::append);
    dependencies.append("</dependencies>");
    Files.writeString(project.resolve("pom.xml"), PROJECT.formatted(module, "jar", dependencies));
    int number = 0;
    for (MatchResult code : CODE.matcher(section).results().toList()) {
      number++;
      writeSource(sources, code.group(1), "Snippet" + number);
    }
  }

  /** A public class is a file of its own; methods get a class around them. */
  private static void writeSource(Path sources, String code, String name) throws IOException {
    var type = TYPE.matcher(code);
    if (type.find()) {
      var declared = PACKAGE.matcher(code);
      String directory = declared.find() ? declared.group(1).replace('.', '/') : "";
      Path file = sources.resolve(directory).resolve(type.group(1) + ".java");
      Files.createDirectories(file.getParent());
      Files.writeString(file, code);
      return;
    }
    var imports = IMPORTS.matcher(code);
    int end = imports.lookingAt() ? imports.end() : 0;
    String source =
        code.substring(0, end) + "\nfinal class " + name + " {\n" + code.substring(end) + "}\n";
    Files.writeString(sources.resolve(name + ".java"), source);
  }

  private static int run(List<String> command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
