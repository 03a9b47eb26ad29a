package dev.goasync.internal.linux.process;

import dev.goasync.internal.platform.LaunchSpec;
import dev.goasync.internal.sys.PathNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The environment of a child process. Inherited variables are passed on as bytes: a value that is
 * not valid in the platform's charset would be changed by a conversion to a Java string.
 */
final class Environment {
  private static final Path OWN = Path.of("/proc/self/environ");

  /** The environment of this process at its start; Java cannot change it. */
  private static final List<byte[]> ENTRIES = own();

  private Environment() {}

  private static List<byte[]> own() {
    try {
      return split(Files.readAllBytes(OWN));
    } catch (IOException notReadable) {
      List<byte[]> entries = new ArrayList<>();
      System.getenv().forEach((name, value) -> entries.add(entry(name, value)));
      return entries;
    }
  }

  private static List<byte[]> split(byte[] bytes) {
    List<byte[]> entries = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        entries.add(Arrays.copyOfRange(bytes, start, i));
        start = i + 1;
      }
    }
    return entries;
  }

  private static byte[] entry(String name, String value) {
    return PathNames.encode(name + "=" + value);
  }

  /** Returns the environment of the child, as entries {@code NAME=value}. */
  static List<byte[]> of(LaunchSpec spec) {
    Map<String, @Nullable String> changes = spec.changes();
    List<byte[]> entries = new ArrayList<>();
    if (spec.inheritsEnvironment()) {
      for (byte[] entry : ENTRIES) {
        if (changes.isEmpty() || !changes.containsKey(nameOf(entry))) {
          entries.add(entry);
        }
      }
    }
    changes.forEach((name, value) -> {
      if (value != null) {
        entries.add(entry(name, value));
      }
    });
    return entries;
  }

  private static String nameOf(byte[] entry) {
    int end = 0;
    while (end < entry.length && entry[end] != '=') {
      end++;
    }
    return PathNames.decodeWord(entry, end);
  }
}
