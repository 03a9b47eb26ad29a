package ${package};

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MainTest {
  @TempDir Path directory;

  @Test
  void countsLines() throws Exception {
    Path file = Files.writeString(directory.resolve("a.txt"), "one\ntwo\n");
    assertEquals(List.of("2 " + file), Main.count(List.of(file.toString())));
  }

  @Test
  void aMissingFileIsNamed() {
    String missing = directory.resolve("missing").toString();
    var failure = assertThrows(NoSuchFileException.class, () -> Main.count(List.of(missing)));
    assertEquals(missing, failure.getFile());
  }
}
