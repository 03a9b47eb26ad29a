package dev.goasync.http;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of paths, a method and their handler.
 *
 * @param method "*" for any method
 * @param segments those of the pattern; "{name}" matches one segment, "{name...}" the rest
 */
record Route(String method, List<String> segments, HttpHandler handler) {
  private static final String REST = "...}";

  /**
   * Parses a pattern such as {@code /users/{id}} or {@code /static/{path...}}.
   *
   * @throws IllegalArgumentException if the pattern or the method is malformed
   */
  static Route parse(String method, String pattern, HttpHandler handler) {
    if (!FieldRules.isToken(method)) {
      throw new IllegalArgumentException("the method is not a token: " + method);
    }
    if (!pattern.startsWith("/")) {
      throw new IllegalArgumentException("the pattern must begin with a slash: " + pattern);
    }
    List<String> segments = List.of(pattern.substring(1).split("/", -1));
    Set<String> names = new HashSet<>();
    for (int i = 0; i < segments.size(); i++) {
      String each = segments.get(i);
      boolean braces = each.startsWith("{") && each.endsWith("}");
      if (!braces && (each.indexOf('{') >= 0 || each.indexOf('}') >= 0)) {
        throw new IllegalArgumentException("braces must enclose a segment: " + pattern);
      }
      if (braces && (nameOf(each).isEmpty() || !names.add(nameOf(each)))) {
        throw new IllegalArgumentException("a name in braces is empty or comes twice: " + pattern);
      }
      if (each.endsWith(REST) && i < segments.size() - 1) {
        throw new IllegalArgumentException("{name...} must be the last segment: " + pattern);
      }
    }
    return new Route(method, segments, handler);
  }

  private static String nameOf(String braces) {
    return braces.substring(1, braces.length() - (braces.endsWith(REST) ? REST.length() : 1));
  }

  /** Whether the pattern has no names, so that its path can be looked up. */
  boolean isFixed() {
    return segments.stream().noneMatch(each -> each.startsWith("{"));
  }

  String path() {
    return "/" + String.join("/", segments);
  }

  boolean accepts(String requestMethod) {
    return method.equals("*")
        || method.equals(requestMethod)
        || (method.equals("GET") && requestMethod.equals("HEAD"));
  }

  /** Returns the values of the names, or null if the path does not match. */
  @Nullable Map<String, String> match(List<String> path) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < segments.size(); i++) {
      String pattern = segments.get(i);
      if (pattern.startsWith("{") && pattern.endsWith(REST)) {
        if (path.size() < i) {
          return null;
        }
        values.put(nameOf(pattern), String.join("/", path.subList(i, path.size())));
        return values;
      }
      if (i >= path.size()) {
        return null;
      }
      if (pattern.startsWith("{")) {
        if (path.get(i).isEmpty()) {
          return null;
        }
        values.put(nameOf(pattern), path.get(i));
      } else if (!pattern.equals(path.get(i))) {
        return null;
      }
    }
    return path.size() == segments.size() ? values : null;
  }
}
