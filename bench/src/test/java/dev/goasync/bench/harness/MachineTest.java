package dev.goasync.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commit of a measurement. */
class MachineTest {
  @TempDir private Path root;

  @BeforeEach
  void commit() throws Exception {
    Files.createDirectories(root.resolve("bench"));
    Files.writeString(root.resolve("bench/RESULTS.md"), "old");
    Files.writeString(root.resolve("Code.java"), "old");
    git("init", "-q");
    git("add", ".");
    git("-c", "user.name=n", "-c", "user.email=e", "commit", "-q", "--no-gpg-sign", "-m", "m");
  }

  private void git(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("git", "-C", root.toString()));
    command.addAll(List.of(arguments));
    var _ = Program.run(command);
  }

  private String commitLine() throws Exception {
    return Machine.describe(root).getLast();
  }

  @Test
  void filesWrittenByTheBenchAreNotAChange() throws Exception {
    Files.writeString(root.resolve("bench/RESULTS.md"), "new");

    assertThat(commitLine()).matches("commit: [0-9a-f]+");
  }

  @Test
  void aChangedSourceMarksTheCommitAsDirty() throws Exception {
    Files.writeString(root.resolve("Code.java"), "new");

    assertThat(commitLine()).matches("commit: [0-9a-f]+-dirty");
  }
}
