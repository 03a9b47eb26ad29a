package dev.goasync.inspect;

import java.util.List;

/**
 * Files, sockets and pipes that were opened at the same line and not closed; listed with {@code
 * -Dgoasync.trace=true}.
 *
 * @param place the first line of the opening's stack that is not of the library or the JDK
 * @param count how many are open
 * @param examples the paths or addresses of some of them
 */
public record OpenResources(String place, int count, List<String> examples) {
  /** Copies the list. */
  public OpenResources {
    examples = List.copyOf(examples);
  }

  @Override
  public String toString() {
    return count
        + " open, opened at "
        + place
        + ": "
        + String.join(", ", examples)
        + (count > examples.size() ? ", ..." : "");
  }
}
