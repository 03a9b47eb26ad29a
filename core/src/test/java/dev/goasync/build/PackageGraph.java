package dev.goasync.build;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Lists the packages of the library and, for each, the packages that it may use. */
final class PackageGraph {
  /** The library's root package, {@code root} in the table; the others are named below it. */
  static final String ROOT = "dev.goasync";

  /** Lowest first: a package uses only packages above its own row, so there is no way round. */
  private static final String TABLE =
      """
      internal.util             :
      internal.vthread          : internal.util
      internal.sys              :
      internal.loop             : internal.vthread internal.util
      internal.deadlock         : internal.loop internal.vthread internal.util
      internal.worker           : internal.loop internal.util
      internal.platform         : internal.loop
      internal.linux.io         : internal.platform internal.loop internal.worker internal.util internal.sys
      internal.linux.net        : internal.linux.io internal.platform internal.sys
      internal.linux.file       : internal.linux.io internal.linux.net internal.platform internal.sys
      internal.linux.process    : internal.linux.io internal.linux.file internal.platform internal.loop internal.worker internal.sys
      internal.linux.system     : internal.linux.io internal.platform internal.sys
      internal.linux.watch      : internal.linux.io internal.linux.system internal.platform internal.sys
      internal.linux            : internal.linux.io internal.linux.net internal.linux.file internal.linux.process internal.linux.system internal.linux.watch internal.platform internal.worker internal.sys
      internal.uring            : internal.linux internal.linux.io internal.platform internal.loop internal.util internal.sys
      internal.epoll            : internal.linux internal.linux.io internal.platform internal.loop internal.sys
      internal.nio.io           : internal.platform internal.loop internal.util
      internal.nio.net          : internal.nio.io internal.platform
      internal.nio.file         : internal.nio.io internal.platform internal.worker
      internal.nio.process      : internal.nio.io internal.platform internal.loop internal.worker internal.util
      internal.nio.system       : internal.nio.process internal.platform
      internal.nio.watch        : internal.platform internal.loop
      internal.nio              : internal.nio.io internal.nio.net internal.nio.file internal.nio.process internal.nio.system internal.nio.watch internal.platform internal.loop
      internal.simulated.disk   : internal.sys
      internal.simulated.resource : internal.platform internal.loop
      internal.simulated.local  : internal.simulated.resource internal.simulated.disk internal.platform internal.loop internal.sys
      internal.simulated        : internal.simulated.local internal.simulated.resource internal.simulated.disk internal.platform internal.loop internal.sys
      internal.backend          : internal.uring internal.epoll internal.nio internal.nio.io internal.platform internal.loop
      internal.task             : internal.deadlock internal.loop internal.vthread internal.util
      internal.jfr              : internal.task internal.loop
      inspect                   :
      internal.inspect          : inspect internal.task internal.backend internal.loop internal.vthread internal.util
      root                      : inspect internal.inspect internal.task internal.backend internal.platform internal.deadlock internal.worker internal.loop internal.util internal.vthread
      coroutine                 : internal.vthread
      io                        :
      file                      : root io internal.platform internal.backend internal.worker internal.util
      sync                      : root io internal.task internal.deadlock internal.loop internal.util
      internal.handle           : io internal.platform
      system                    : root io internal.handle internal.platform internal.backend internal.loop internal.util
      net                       : root io sync internal.handle internal.platform internal.backend internal.util
      tls                       : root io net internal.loop internal.util
      process                   : root io system internal.handle internal.platform internal.backend internal.loop internal.util
      watch                     : root io internal.handle internal.platform internal.backend
      bridge                    : root io net tls internal.platform internal.backend internal.loop
      testing                   : root io sync system internal.simulated internal.simulated.disk internal.backend internal.loop internal.deadlock internal.vthread internal.util
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
