#!/usr/bin/env bash
# jimfs 1.3.2 and memoryfilesystem 2.8.1, JDK 25: an in-memory file system as the default one, by the JDK's documented property
# java.nio.file.spi.DefaultFileSystemProvider, whose provider makes it when the JDK creates the provider or asks for the file system.
# Guess: Path.of then names files in memory, which is what the property is for.
# Seen: neither can be made there. Both look through the installed providers, which needs the default file system that is being
# made: NullPointerException from FileSystemProvider.installedProviders at the first use of a path.
. "$(dirname "$0")/lib.sh"
jars com.google.jimfs:jimfs:1.3.2 com.github.marschall:memoryfilesystem:2.8.1
mkdir "$work/classes"
cat >"$work/Program.java" <<'JAVA'
import com.github.marschall.memoryfilesystem.MemoryFileSystemBuilder;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.*;
import java.nio.file.attribute.*;
import java.nio.file.spi.FileSystemProvider;
import java.util.*;

public class Program {
  public static void main(String[] args) {
    try {
      System.out.println(args[0] + ": " + Path.of("file"));
    } catch (Throwable failed) {
      Throwable cause = failed;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      System.out.println(args[0] + ": " + cause.getClass().getSimpleName() + " in "
          + Arrays.stream(cause.getStackTrace()).map(StackTraceElement::getMethodName).findFirst().get());
    }
  }

  public static final class OfJimfs extends Provider {
    public OfJimfs(FileSystemProvider jdk) {
      super(jdk);
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
      return Jimfs.newFileSystem(Configuration.unix());
    }
  }

  public static final class OfMemoryFileSystem extends Provider {
    public OfMemoryFileSystem(FileSystemProvider jdk) {
      super(jdk);
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
      try {
        return MemoryFileSystemBuilder.newLinux().build("name");
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  /** All but the file system is the JDK's. */
  abstract static class Provider extends FileSystemProvider {
    private final FileSystemProvider jdk;

    Provider(FileSystemProvider jdk) {
      this.jdk = jdk;
    }

    @Override public String getScheme() { return "file"; }
    @Override public FileSystem newFileSystem(URI uri, Map<String, ?> env) { throw new FileSystemAlreadyExistsException(); }
    @Override public Path getPath(URI uri) { return jdk.getPath(uri); }
    @Override public SeekableByteChannel newByteChannel(Path p, Set<? extends OpenOption> o, FileAttribute<?>... a) throws java.io.IOException { return jdk.newByteChannel(p, o, a); }
    @Override public DirectoryStream<Path> newDirectoryStream(Path p, DirectoryStream.Filter<? super Path> f) throws java.io.IOException { return jdk.newDirectoryStream(p, f); }
    @Override public void createDirectory(Path p, FileAttribute<?>... a) throws java.io.IOException { jdk.createDirectory(p, a); }
    @Override public void delete(Path p) throws java.io.IOException { jdk.delete(p); }
    @Override public void copy(Path p, Path q, CopyOption... o) throws java.io.IOException { jdk.copy(p, q, o); }
    @Override public void move(Path p, Path q, CopyOption... o) throws java.io.IOException { jdk.move(p, q, o); }
    @Override public boolean isSameFile(Path p, Path q) throws java.io.IOException { return jdk.isSameFile(p, q); }
    @Override public boolean isHidden(Path p) throws java.io.IOException { return jdk.isHidden(p); }
    @Override public FileStore getFileStore(Path p) throws java.io.IOException { return jdk.getFileStore(p); }
    @Override public void checkAccess(Path p, AccessMode... m) throws java.io.IOException { jdk.checkAccess(p, m); }
    @Override public <V extends FileAttributeView> V getFileAttributeView(Path p, Class<V> t, LinkOption... o) { return jdk.getFileAttributeView(p, t, o); }
    @Override public <A extends BasicFileAttributes> A readAttributes(Path p, Class<A> t, LinkOption... o) throws java.io.IOException { return jdk.readAttributes(p, t, o); }
    @Override public Map<String, Object> readAttributes(Path p, String a, LinkOption... o) throws java.io.IOException { return jdk.readAttributes(p, a, o); }
    @Override public void setAttribute(Path p, String a, Object v, LinkOption... o) throws java.io.IOException { jdk.setAttribute(p, a, v, o); }
  }
}
JAVA
"$jdk/bin/javac" -d "$work/classes" -cp "$work/lib/*" "$work/Program.java"
for provider in OfJimfs OfMemoryFileSystem; do
  timeout 60 "$jdk/bin/java" "-Djava.nio.file.spi.DefaultFileSystemProvider=Program\$$provider" \
    -cp "$work/classes:$work/lib/*" Program "$provider"
done >"$work/seen"
expect <<'TEXT'
OfJimfs: NullPointerException in installedProviders
OfMemoryFileSystem: NullPointerException in installedProviders
TEXT
