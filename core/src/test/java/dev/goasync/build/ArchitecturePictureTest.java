package dev.goasync.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The picture of the packages in docs/ARCHITECTURE.md is what {@link PackageGraph} and the first
 * sentences of the packages' descriptions say; {@code -Dformat=apply} rewrites it.
 */
final class ArchitecturePictureTest {
  private static final String BEGIN = "<!-- packages: generated, see ArchitecturePictureTest -->";
  private static final String END = "<!-- end of packages -->";
  private static final int WIDTH = 76;

  @Test
  void pictureIsThePackageGraph() throws Exception {
    Path page = SourceTree.root().resolve("docs/ARCHITECTURE.md");
    String text = Files.readString(page);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    assertThat(begin).as("the line %s in %s", BEGIN, page).isNotNegative();
    assertThat(end).as("the line %s behind it", END).isGreaterThan(begin);
    String wanted =
        text.substring(0, begin) + BEGIN + "\n\n" + picture() + "\n" + text.substring(end);
    if ("apply".equals(System.getProperty("format"))) {
      Files.writeString(page, wanted);
    } else {
      assertThat(text.lines().filter(line -> !wanted.contains(line)))
          .as("run: mvn test -pl core -Dtest=ArchitecturePictureTest -Dformat=apply")
          .isEmpty();
      assertThat(text.equals(wanted)).as("the picture is complete and in order").isTrue();
    }
  }

  private static String picture() throws IOException {
    Map<String, Set<String>> graph = PackageGraph.allowedNeighbours();
    var text = new StringBuilder("```text\n");
    layers(graph).reversed().values().forEach(layer -> appendLayer(text, layer));
    text.append("```\n\n| package | purpose | uses |\n|---|---|---|\n");
    for (String name : graph.keySet().stream().toList().reversed()) {
      text.append("| `")
          .append(name)
          .append("` | ")
          .append(purpose(name))
          .append(" | ")
          .append(String.join(", ", graph.getOrDefault(name, Set.of())))
          .append(" |\n");
    }
    return text.toString();
  }

  /** A package lies one layer above the highest package that it uses. */
  private static SortedMap<Integer, List<String>> layers(Map<String, Set<String>> graph) {
    var heights = new HashMap<String, Integer>();
    var layers = new TreeMap<Integer, List<String>>();
    graph.forEach((name, neighbours) -> {
      int height =
          1 + neighbours.stream().mapToInt(used -> heights.getOrDefault(used, 0)).max().orElse(0);
      heights.put(name, height);
      layers.computeIfAbsent(height, _ -> new ArrayList<>()).add(name);
    });
    return layers;
  }

  private static void appendLayer(StringBuilder text, List<String> layer) {
    int column = 0;
    for (String name : layer) {
      if (column > 0 && column + name.length() + 3 > WIDTH) {
        text.append('\n');
        column = 0;
      }
      text.append(column == 0 ? "" : "   ").append(name);
      column += name.length() + 3;
    }
    text.append('\n').append("-".repeat(WIDTH)).append('\n');
  }

  /** The first sentence of the package's description, without tags. */
  private static String purpose(String name) throws IOException {
    String directory = PackageGraph.ROOT + (name.equals("root") ? "" : "." + name);
    Path file =
        SourceTree.root()
            .resolve("core/src/main/java")
            .resolve(directory.replace('.', '/'))
            .resolve("package-info.java");
    String source = Files.readString(file);
    String comment = source.substring(source.indexOf("/**") + 3, source.indexOf("*/"));
    String plain =
        comment
            .replaceAll("\\n *\\* ?", " ")
            .replaceAll("\\{@link(plain)? [^ }]+ ([^}]*)}", "$2")
            .replaceAll("\\{@\\w+ (?:[a-z][a-z.]*\\.)?([A-Z][^}]*)}", "$1")
            .replaceAll("\\{@\\w+ ([^}]*)}", "$1")
            .replaceAll("<[^>]*>", "")
            .replace("|", "\\|")
            .replaceAll(" +", " ")
            .strip();
    int end = plain.indexOf(". ");
    return end < 0 ? plain : plain.substring(0, end + 1);
  }
}
