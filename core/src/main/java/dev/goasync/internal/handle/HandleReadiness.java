package dev.goasync.internal.handle;

import dev.goasync.internal.platform.Pollable;
import dev.goasync.internal.platform.Pollable.Direction;
import dev.goasync.io.Readiness;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * The readiness of a handle.
 *
 * @param name what is waited for, for people
 * @param ready says that there is no need to ask the handle
 */
public record HandleReadiness(
    String name, Pollable handle, Direction direction, BooleanSupplier ready) implements Readiness {
  /** One of which only the handle knows. */
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
