package ${package};

import static dev.goasync.GoAsync.awaitAll;
import static dev.goasync.GoAsync.goAsync;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.TaskFailedException;
import dev.goasync.file.AsyncFiles;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A tool that counts the lines of files, which it reads at the same time. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    if (arguments.length == 0 || arguments[0].startsWith("-")) {
      System.err.println("usage: ${artifactId} FILE...");
      System.err.println(GoAsync.describe());
      System.exit(2);
    }
    try {
      count(List.of(arguments)).forEach(System.out::println);
    } catch (NoSuchFileException missing) {
      System.err.println("${artifactId}: " + missing.getFile() + ": no such file");
      System.exit(1);
    } catch (IOException failure) {
      System.err.println("${artifactId}: " + failure.getMessage());
      System.exit(1);
    }
  }

  /** The number of lines and the name of each file, in the order of {@code names}. */
  static List<String> count(List<String> names) throws IOException {
    List<Task<Long>> counts = new ArrayList<>();
    for (String name : names) {
      counts.add(goAsync(() -> AsyncFiles.readString(Path.of(name)).lines().count()));
    }
    try {
      List<Long> numbers = awaitAll(counts);
      return IntStream.range(0, names.size())
          .mapToObj(i -> numbers.get(i) + " " + names.get(i))
          .toList();
    } catch (TaskFailedException failure) {
      if (failure.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw failure;
    }
  }
}
