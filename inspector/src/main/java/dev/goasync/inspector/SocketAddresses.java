package dev.goasync.inspector;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/** The addresses of the TCP and Unix sockets of this network name space, from {@code /proc}. */
final class SocketAddresses {
  /** The table has the sockets of all processes. */
  private static final int MAX_LINES = 20_000;

  private static final String LISTENS = "0A";
  private static final String CLOSE_WAIT = "08";

  private SocketAddresses() {}

  /** The description of each socket, by the target of its descriptor, {@code socket:[inode]}. */
  static Map<String, String> read() {
    Map<String, String> found = new HashMap<>();
    readTcp("/proc/self/net/tcp", found);
    readTcp("/proc/self/net/tcp6", found);
    return found;
  }

  private static void readTcp(String table, Map<String, String> found) {
    try (BufferedReader lines = Files.newBufferedReader(Path.of(table))) {
      String line = lines.readLine(); // the names of the columns
      for (int i = 0; i < MAX_LINES && line != null; i++) {
        line = lines.readLine();
        String[] columns = line == null ? new String[0] : line.strip().split(" +");
        if (columns.length > 9) {
          found.put("socket:[" + columns[9] + "]", describe(columns[1], columns[2], columns[3]));
        }
      }
    } catch (IOException | IllegalArgumentException notThatFormat) {
      // the page then shows the inode
    }
  }

  private static String describe(String local, String peer, String state) throws IOException {
    return switch (state) {
      case LISTENS -> "TCP " + address(local) + ", listens";
      case CLOSE_WAIT -> "TCP " + address(local) + " to " + address(peer) + ", closed by the peer";
      default -> "TCP " + address(local) + " to " + address(peer);
    };
  }

  /** An address is written as words of the machine's byte order; the port is not. */
  private static String address(String text) throws UnknownHostException {
    int colon = text.indexOf(':');
    byte[] bytes = HexFormat.of().parseHex(text, 0, colon);
    for (int word = 0; word < bytes.length; word += 4) {
      for (int i = 0; i < 2; i++) {
        byte swapped = bytes[word + i];
        bytes[word + i] = bytes[word + 3 - i];
        bytes[word + 3 - i] = swapped;
      }
    }
    String host = InetAddress.getByAddress(bytes).getHostAddress(); // IPv4 if it is mapped
    String brackets = host.contains(":") ? "[" + host + "]" : host;
    return brackets + ":" + Integer.parseInt(text, colon + 1, text.length(), 16);
  }
}
