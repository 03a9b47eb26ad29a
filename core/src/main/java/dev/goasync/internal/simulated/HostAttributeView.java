package dev.goasync.internal.simulated;

import dev.goasync.internal.simulated.disk.DiskException;
import dev.goasync.internal.simulated.disk.Node;
import dev.goasync.internal.simulated.resource.NotSimulated;
import dev.goasync.internal.sys.FileModes;
import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and sets the attributes of a file of a simulated host. */
final class HostAttributeView implements PosixFileAttributeView {
  private static final String BASIC = "basic";
  private static final String POSIX = "posix";
  private static final List<String> POSIX_ONLY = List.of("permissions", "owner", "group");

  private final HostFileProvider provider;
  private final HostPath path;
  private final boolean follow;

  HostAttributeView(HostFileProvider provider, HostPath path, boolean follow) {
    this.provider = provider;
    this.path = path;
    this.follow = follow;
  }

  private <R extends @Nullable Object> R onNode(NodeCall<R> call) throws IOException {
    return provider.call(path, disk -> call.run(provider.find(disk, path, follow)));
  }

  private interface NodeCall<R extends @Nullable Object> {
    R run(Node node) throws DiskException;
  }

  @Override
  public String name() {
    return POSIX;
  }

  @Override
  public HostAttributes readAttributes() throws IOException {
    return onNode(HostAttributes::of);
  }

  @Override
  public void setTimes(
      @Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime created)
      throws IOException {
    onNode(node -> {
      if (modified != null) {
        node.setModified(modified.toInstant());
      }
      if (accessed != null) {
        node.setAccessed(accessed.toInstant());
      }
      return null;
    });
  }

  @Override
  public void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
    int mode = FileModes.of(0, PosixFilePermissions.asFileAttribute(permissions));
    onNode(node -> {
      node.setMode(mode);
      return null;
    });
  }

  @Override
  public UserPrincipal getOwner() throws IOException {
    return readAttributes().owner();
  }

  @Override
  public void setOwner(UserPrincipal owner) {
    checkRoot(owner);
  }

  @Override
  public void setGroup(GroupPrincipal group) {
    checkRoot(group);
  }

  private static void checkRoot(UserPrincipal wanted) {
    if (!wanted.equals(HostAttributes.ROOT)) {
      throw NotSimulated.exception("users but root: " + wanted);
    }
  }

  // ---- by name ----

  /** Reads attributes as {@code Files.readAttributes} names them. */
  Map<String, Object> read(String names) throws IOException {
    String view = viewOf(names);
    Map<String, Object> all = all(view.equals(POSIX));
    Map<String, Object> read = new LinkedHashMap<>();
    for (String name : names.substring(names.indexOf(':') + 1).split(",", -1)) {
      if (name.equals("*")) {
        read.putAll(all);
      } else {
        read.put(name, known(all, name));
      }
    }
    return read;
  }

  private static Object known(Map<String, Object> all, String name) {
    Object value = all.get(name);
    if (value == null) {
      throw new IllegalArgumentException("'" + name + "' not recognized");
    }
    return value;
  }

  private static String viewOf(String names) {
    int colon = names.indexOf(':');
    String view = colon < 0 ? BASIC : names.substring(0, colon);
    if (!view.equals(BASIC) && !view.equals(POSIX)) {
      throw new UnsupportedOperationException("View '" + view + "' not available");
    }
    return view;
  }

  private Map<String, Object> all(boolean posix) throws IOException {
    HostAttributes attributes = readAttributes();
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("size", attributes.size());
    all.put("creationTime", attributes.creationTime());
    all.put("lastAccessTime", attributes.lastAccessTime());
    all.put("lastModifiedTime", attributes.lastModifiedTime());
    all.put("isDirectory", attributes.isDirectory());
    all.put("isSymbolicLink", attributes.isSymbolicLink());
    all.put("isRegularFile", attributes.isRegularFile());
    all.put("isOther", attributes.isOther());
    all.put("fileKey", attributes.fileKey());
    if (posix) {
      all.put("permissions", attributes.permissions());
      all.put("owner", attributes.owner());
      all.put("group", attributes.group());
    }
    return all;
  }

  /** Sets an attribute as {@code Files.setAttribute} names it. */
  @SuppressWarnings("unchecked") // the caller's value, as in the JDK
  void set(String attribute, @Nullable Object value) throws IOException {
    String view = viewOf(attribute);
    String name = attribute.substring(attribute.indexOf(':') + 1);
    if (view.equals(BASIC) && POSIX_ONLY.contains(name)) {
      throw new IllegalArgumentException("'" + view + ":" + name + "' not recognized");
    }
    switch (name) {
      case "lastModifiedTime" -> setTimes((FileTime) value, null, null);
      case "lastAccessTime" -> setTimes(null, (FileTime) value, null);
      case "creationTime" -> setTimes(null, null, (FileTime) value);
      case "permissions" ->
          setPermissions((Set<PosixFilePermission>) Objects.requireNonNull(value));
      case "owner", "group" -> checkRoot((UserPrincipal) Objects.requireNonNull(value));
      default -> throw new IllegalArgumentException("'" + name + "' not recognized");
    }
  }
}
