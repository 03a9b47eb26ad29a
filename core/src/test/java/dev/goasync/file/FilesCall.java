package dev.goasync.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A call of a method of {@code Files} by its name; path arguments are relative to a tree. */
final class FilesCall {
  /** A time of modification that no call of a test sets by writing. */
  static final FileTime THEN = FileTime.fromMillis(1_000_000_000_000L);

  /** The methods of {@code AsyncFiles} that were called. */
  static final Set<String> CALLED = new ConcurrentSkipListSet<>();

  private static final Map<Class<?>, Method[]> METHODS = new ConcurrentHashMap<>();

  private final String name;
  private final @Nullable Object[] arguments;

  FilesCall(String name, @Nullable Object... arguments) {
    this.name = name;
    this.arguments = arguments;
  }

  Object in(Class<?> owner, Path root) throws Throwable {
    Object[] resolved =
        Arrays.stream(arguments)
            .map(each -> each instanceof Path path ? root.resolve(path.toString()) : each)
            .toArray();
    Method[] methods = METHODS.computeIfAbsent(owner, Class::getMethods);
    Method method = Arrays.stream(methods).filter(this::fits).findFirst().orElseThrow();
    if (owner == AsyncFiles.class) {
      CALLED.add(signature(method));
    }
    try {
      return method.invoke(null, resolved);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }

  private boolean fits(Method method) {
    Class<?>[] types = method.getParameterTypes();
    boolean fits = method.getName().equals(name) && types.length == arguments.length;
    for (int i = 0; fits && i < types.length; i++) {
      Object argument = arguments[i];
      fits =
          argument == null
              || types[i].isInstance(argument)
              || (types[i] == int.class && argument instanceof Integer);
    }
    return fits;
  }

  @Override
  public String toString() {
    Object[] shown =
        Arrays.stream(arguments)
            .map(each -> each instanceof byte[] bytes ? bytes.length + " bytes" : each)
            .toArray();
    return name + Arrays.deepToString(shown);
  }

  static String signature(Method method) {
    return method.getName()
        + Arrays.stream(method.getParameterTypes())
            .map(Class::getSimpleName)
            .collect(Collectors.joining(", ", "(", ")"));
  }

  /** The outcome: the result without the tree's name, or the kind of its exception. */
  String outcome(Class<?> owner, Path root) {
    try {
      Object result = in(owner, root);
      if (result instanceof Stream<?> stream) {
        try (stream) {
          result = stream.toList();
        }
      }
      String text =
          switch (result) {
            case byte[] bytes -> new String(bytes, ISO_8859_1);
            case List<?> list ->
                (name.equals("list") || name.equals("walk")
                        ? list.stream().sorted()
                        : list.stream())
                    .map(String::valueOf)
                    .collect(Collectors.joining("\n"));
            case Set<?> set -> new TreeSet<>(set).toString();
            case Map<?, ?> map -> new TreeMap<>(map).toString();
            case null, default -> String.valueOf(result);
          };
      return text.replace(root.toString(), "ROOT");
    } catch (Throwable thrown) {
      return kind(thrown, root);
    }
  }

  /** Messages of plain IOExceptions are not compared: ours contain more than the JDK's. */
  private static String kind(Throwable thrown, Path root) {
    Class<?> type = thrown.getClass();
    if (type == IOException.class || type == FileSystemException.class) {
      return "IOException";
    }
    String file = thrown instanceof FileSystemException named ? " at " + named.getFile() : "";
    return type.getSimpleName() + file.replace(root.toString(), "ROOT");
  }

  /** Names, kinds, permissions, times and contents of all entries of a tree. */
  static Map<String, String> snapshot(Path root) throws IOException {
    Map<String, String> seen = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.toList()) {
        PosixFileAttributes attributes =
            Files.readAttributes(path, PosixFileAttributes.class, NOFOLLOW_LINKS);
        String content =
            attributes.isRegularFile()
                ? new String(Files.readAllBytes(path), ISO_8859_1)
                : attributes.isSymbolicLink()
                    ? Files.readSymbolicLink(path).toString()
                    : "directory";
        String time = attributes.lastModifiedTime().equals(THEN) ? " then " : " now ";
        seen.put(
            root.relativize(path).toString(),
            PosixFilePermissions.toString(attributes.permissions())
                + time
                + content.replace(root.toString(), "ROOT"));
      }
    }
    return seen;
  }

  /** The implementation to compare with {@code Files}. */
  enum Face {
    ASYNC_FILES(AsyncFiles.class) {
      @Override
      Path root(Path root) {
        return root;
      }
    },
    FILE_SYSTEM(Files.class) {
      @Override
      Path root(Path root) {
        return AsyncFileSystem.of(root);
      }
    };

    final Class<?> owner;

    Face(Class<?> owner) {
      this.owner = owner;
    }

    abstract Path root(Path root);
  }
}
