package dev.goasync.build;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The architecture: each package of the library and the packages it may use. Said only here. */
final class PackageGraph {
  /** The library's root package, {@code root} in the table; the others are named below it. */
  static final String ROOT = "dev.goasync";

  /** Lowest first: a package uses only packages above its own row, so there is no way round. */
  private static final String TABLE =
      """
      internal.vthread   :
      internal.sys       :
      internal.loop      : internal.vthread
      internal.platform  : internal.loop
      internal.linux     : internal.platform internal.loop internal.sys
      internal.uring     : internal.linux internal.platform internal.loop internal.sys
      internal.epoll     : internal.linux internal.platform internal.loop internal.sys
      internal.nio       : internal.platform internal.loop
      internal.backend   : internal.uring internal.epoll internal.nio internal.platform internal.loop
      root               : internal.backend internal.platform internal.loop internal.vthread
      coroutine          : internal.vthread
      io                 : root
      file               : root io internal.platform internal.backend internal.loop
      sync               : root io internal.loop
      signal             : root io internal.loop
      time               : root io sync internal.loop
      internal.handle    : io internal.platform
      net                : root io file sync internal.handle internal.platform internal.backend
      tls                : root io net
      process            : root io internal.handle internal.platform internal.backend internal.loop
      watch              : root io internal.handle internal.platform internal.backend
      poll               : io internal.handle internal.platform internal.backend
      bridge             : root net internal.platform internal.backend
      testing            : root internal.backend internal.loop
      """;

  private PackageGraph() {}

  /** Package to allowed neighbours, names relative to the root, in the table's order. */
  static Map<String, Set<String>> allowedNeighbours() {
    var rows = new LinkedHashMap<String, Set<String>>();
    TABLE
        .lines()
        .forEach(row -> {
          int colon = row.indexOf(':');
          var neighbours = new LinkedHashSet<String>();
          Arrays.stream(row.substring(colon + 1).split(" "))
              .filter(name -> !name.isEmpty())
              .forEach(neighbours::add);
          rows.put(row.substring(0, colon).strip(), neighbours);
        });
    return rows;
  }

  /** The table's name of a package: {@code dev.goasync.io} is {@code io}; others keep theirs. */
  static String shortName(String packageName) {
    if (packageName.equals(ROOT)) {
      return "root";
    }
    return packageName.startsWith(ROOT + ".")
        ? packageName.substring(ROOT.length() + 1)
        : packageName;
  }
}
