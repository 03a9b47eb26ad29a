package dev.goasync.internal.simulated.disk;

import java.nio.charset.StandardCharsets;

/** A symbolic link. */
public final class LinkNode extends Node {
  private static final int MODE = 0777;

  private final String target;

  LinkNode(Disk disk, String target) {
    super(disk, MODE);
    this.target = target;
  }

  /** The path to which the link leads. */
  public String target() {
    return target;
  }

  @Override
  public long size() {
    return target.getBytes(StandardCharsets.UTF_8).length;
  }
}
