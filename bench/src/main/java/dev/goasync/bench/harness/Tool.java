package dev.goasync.bench.harness;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Programs and libraries that peers and measurements need besides the JDK, with their Debian
 * packages.
 */
public enum Tool {
  GO("go", "golang-go"),
  GCC("gcc", "gcc"),
  LIBURING("/usr/include/liburing.h", "liburing-dev"),
  NIM("nim", "nim"),
  NODE("node", "nodejs"),
  PYTHON(Tool.DEBIAN_PYTHON, "python3"),
  GEVENT("/usr/lib/python3/dist-packages/gevent", "python3-gevent"),
  MAVEN("mvn", "maven"),
  WRK("wrk", "wrk"),
  FIO("fio", "fio"),
  STRACE("strace", "strace"),
  NGINX("nginx", "nginx-light"),
  HAPROXY("haproxy", "haproxy"),
  OPENSSL("openssl", "openssl"),
  REDIS("redis-server", "redis-server"),
  POSTGRESQL("/usr/lib/postgresql", "postgresql"),
  RABBITMQ("/usr/lib/rabbitmq/bin/rabbitmq-server", "rabbitmq-server"),
  REDIS_BENCHMARK("redis-benchmark", "redis-tools");

  /** The Python of Debian; another Python in PATH would not find Debian's packages. */
  public static final String DEBIAN_PYTHON = "/usr/bin/python3";

  private final String file;
  private final String debianPackage;

  Tool(String file, String debianPackage) {
    this.file = file;
    this.debianPackage = debianPackage;
  }

  /**
   * Returns the reason why the tool cannot be used, if there is one, and the package to install.
   */
  public Optional<String> missing() {
    return missing(System.getenv().getOrDefault("PATH", ""));
  }

  Optional<String> missing(String path) {
    boolean there = file.startsWith("/") ? Files.exists(Path.of(file)) : isOn(path);
    return there
        ? Optional.empty()
        : Optional.of(file + " is missing: install the Debian package " + debianPackage);
  }

  private boolean isOn(String path) {
    return List.of(path.split(":", -1)).stream()
        .anyMatch(
            directory -> !directory.isEmpty() && Files.isExecutable(Path.of(directory, file)));
  }

  /** Returns the first reason why one of {@code tools} cannot be used. */
  public static Optional<String> firstMissing(Tool... tools) {
    return List.of(tools).stream()
        .map(tool -> tool.missing())
        .flatMap(Optional::stream)
        .findFirst();
  }
}
