package dev.goasync.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checks that the files for a public forge name what exists. */
final class CommunityFilesTest {
  private static final Path FORGE = SourceTree.root().resolve(".github");

  @Test
  void ownersArePartsOfTheRepository() throws Exception {
    List<String> parts =
        Files.readAllLines(FORGE.resolve("CODEOWNERS")).stream()
            .filter(line -> line.startsWith("/"))
            .map(line -> line.substring(1, line.indexOf(' ')))
            .toList();
    assertThat(parts).hasSizeGreaterThan(20).doesNotHaveDuplicates();
    assertThat(parts)
        .filteredOn(part -> !Files.exists(SourceTree.root().resolve(part)))
        .as("paths in CODEOWNERS that do not exist")
        .isEmpty();
  }

  @Test
  void theWorkflowRunsTheScriptThatDevelopersRun() throws Exception {
    assertThat(Files.readString(FORGE.resolve("workflows/ci.yml"))).contains(" .ci/run\n");
    assertThat(SourceTree.root().resolve(".ci/run")).isExecutable();
  }
}
