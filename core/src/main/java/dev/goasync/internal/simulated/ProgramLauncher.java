package dev.goasync.internal.simulated;

import dev.goasync.internal.platform.LaunchSpec;
import dev.goasync.internal.simulated.disk.DirectoryNode;
import dev.goasync.internal.simulated.disk.Disk;
import dev.goasync.internal.simulated.disk.DiskException;
import dev.goasync.internal.simulated.disk.Node;
import dev.goasync.internal.simulated.resource.NotSimulated;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Starts a program of a simulation, for another program of its host. */
final class ProgramLauncher {
  /** The permissions to execute, of all users. */
  private static final int EXECUTE = 0111;

  private final HostRun parent;
  private final LaunchSpec spec;
  private final String command;

  ProgramLauncher(HostRun parent, LaunchSpec spec) {
    this.parent = parent;
    this.spec = spec;
    this.command = spec.command().getFirst();
  }

  /** Starts it; errors are those of the real backends. */
  ChildProgram launch() throws IOException {
    if (spec.terminal() != null) {
      throw NotSimulated.exception("pseudo terminals");
    }
    parent.files.begin("the start of " + command);
    LaunchedStreams streams = new LaunchedStreams(parent, command);
    boolean started = false;
    try {
      streams.open(spec.input(), spec.output(), spec.error());
      Path directory = directory();
      Map<String, String> environment = environment();
      ProgramBody body = find(directory, environment);
      List<String> arguments = spec.command().subList(1, spec.command().size());
      ProgramBody.Start start =
          new ProgramBody.Start(
              parent.host, command, List.copyOf(arguments), environment, directory);
      ChildProgram child =
          new ChildProgram(
              parent,
              new LaunchedProgram(
                  command,
                  directory,
                  environment,
                  streams,
                  spec.ownGroup(),
                  () -> body.run(start)));
      started = true;
      return child;
    } finally {
      if (!started) {
        streams.closeAll();
      }
    }
  }

  private Path directory() throws IOException {
    Path wanted = spec.directory();
    if (wanted == null) {
      return parent.program.directory();
    }
    Path absolute = parent.program.directory().resolve(wanted);
    Node node = nodeAt(absolute);
    if (node == null) {
      throw new NoSuchFileException(
          wanted.toString(), null, "no such directory for " + command + " to work in");
    }
    if (!(node instanceof DirectoryNode)) {
      throw new FileSystemException(
          wanted.toString(), null, "no directory for " + command + " to work in");
    }
    return absolute;
  }

  private @Nullable Node nodeAt(Path path) {
    Disk disk = parent.files.disk();
    try {
      return disk.find(disk.root(), path.toString(), true, false);
    } catch (DiskException missing) {
      return null;
    }
  }

  private Map<String, String> environment() {
    Map<String, String> environment =
        new TreeMap<>(spec.inheritsEnvironment() ? parent.program.environment() : Map.of());
    spec.changes()
        .forEach((name, value) -> {
          if (value == null) {
            environment.remove(name);
          } else {
            environment.put(name, value);
          }
        });
    return environment;
  }

  private ProgramBody find(Path directory, Map<String, String> environment) throws IOException {
    ProgramBody known = parent.host.world.program(command);
    if (known != null) {
      return known;
    }
    if (command.indexOf('/') < 0) {
      String path = Objects.requireNonNullElse(environment.get("PATH"), LaunchSpec.DEFAULT_PATH);
      throw new NoSuchFileException(command, null, "no such command in the PATH " + path);
    }
    Path file = directory.resolve(command).normalize();
    ProgramBody atPath = parent.host.world.program(file.toString());
    if (atPath != null) {
      return atPath;
    }
    Node node = nodeAt(file);
    if (node == null) {
      throw new NoSuchFileException(command, null, "no such command");
    }
    if (node instanceof DirectoryNode) {
      throw new AccessDeniedException(command, null, "a directory, not a command");
    }
    if ((node.mode() & EXECUTE) == 0) {
      throw new AccessDeniedException(command, null, "not executable");
    }
    throw NotSimulated.exception("the code of " + command + ": give it a body by World.program");
  }
}
