package dev.goasync.internal.handle;

import dev.goasync.internal.platform.Pollable;
import dev.goasync.internal.platform.Pollable.Direction;
import dev.goasync.io.Readiness;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * Readiness of a handle in one direction.
 *
 * @param name the name in messages
 * @param ready returns true if the resource is ready without a look at the handle, since it has
 *     buffered bytes
 */
public record HandleReadiness(
    String name, Pollable handle, Direction direction, BooleanSupplier ready) implements Readiness {
  /** Readiness that depends on the handle alone. */
  public HandleReadiness(String name, Pollable handle, Direction direction) {
    this(name, handle, direction, () -> false);
  }

  @Override
  public boolean isReady() throws IOException {
    return ready.getAsBoolean() || handle.isReady(direction);
  }

  @Override
  public void await() throws IOException {
    if (!ready.getAsBoolean()) {
      handle.awaitReady(direction);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
