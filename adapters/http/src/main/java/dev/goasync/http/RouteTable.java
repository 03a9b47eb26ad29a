package dev.goasync.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the handler of a request. Paths without names come first; then the patterns in the order in
 * which they were added. Immutable.
 */
final class RouteTable {
  /** A handler and the values of the names in its pattern. */
  record Match(HttpHandler handler, Map<String, String> values) {}

  private final Map<String, List<Route>> fixed = new HashMap<>();
  private final List<Route> patterns = new ArrayList<>();

  RouteTable(List<Route> routes) {
    for (Route each : routes) {
      if (each.isFixed()) {
        fixed.computeIfAbsent(each.path(), _ -> new ArrayList<>(1)).add(each);
      } else {
        patterns.add(each);
      }
    }
  }

  Match find(String method, Target target) throws StatusException {
    List<Route> same = fixed.get(target.path());
    if (same != null) {
      for (Route each : same) {
        if (each.accepts(method)) {
          return new Match(each.handler(), Map.of());
        }
      }
    }
    return findPattern(method, target, same == null ? List.of() : same);
  }

  private Match findPattern(String method, Target target, List<Route> refused)
      throws StatusException {
    var allowed = new TreeSet<String>();
    refused.forEach(each -> allowed.add(each.method()));
    if (!target.path().equals("*")) {
      List<String> path = Target.segments(target.path());
      for (Route each : patterns) {
        Map<String, String> values = each.match(path);
        if (values != null && each.accepts(method)) {
          return new Match(each.handler(), values);
        }
        if (values != null) {
          allowed.add(each.method());
        }
      }
    }
    return new Match(exchange -> refuse(exchange, allowed), Map.of());
  }

  private static void refuse(HttpExchange exchange, Set<String> allowed) throws Exception {
    if (exchange.path().equals("*")) {
      exchange.respond(204);
    } else if (allowed.isEmpty()) {
      exchange.respond(404, "no page has this path\n");
    } else {
      if (allowed.contains("GET")) {
        allowed.add("HEAD");
      }
      exchange.setHeader("Allow", String.join(", ", allowed));
      exchange.respond(405, "this page does not support the method\n");
    }
  }
}
