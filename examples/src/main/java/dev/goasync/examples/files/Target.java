package dev.goasync.examples.files;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a request asks for.
 *
 * @param names of folders and perhaps a file, from the root on, decoded; none is {@code ..}
 * @param endsWithSlash whether it can only be a folder
 * @param query with its question mark, or empty
 */
record Target(List<String> names, boolean endsWithSlash, String query) {
  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

  /**
   * Parses the target of a request line.
   *
   * @throws HttpException if it is malformed
   */
  static Target parse(String text) throws HttpException {
    String local = text.replaceFirst("^(?i:https?)://[^/?#]+(?=[/?#]|$)", ""); // as proxies get it
    int mark = local.indexOf('?');
    String path = mark < 0 ? local : local.substring(0, mark);
    String query = mark < 0 ? "" : local.substring(mark);
    if (path.isEmpty() && !local.equals(text)) {
      path = "/";
    }
    if (!path.startsWith("/") || local.indexOf('#') >= 0) {
      throw new HttpException(Status.BAD_REQUEST, "the target is no path");
    }
    List<String> names = new ArrayList<>();
    for (String part : path.substring(1).split("/", -1)) {
      names.add(decode(part));
    }
    boolean endsWithSlash = names.getLast().isEmpty();
    if (endsWithSlash) {
      names.removeLast();
    }
    if (names.contains(".") || names.contains("..")) {
      throw new HttpException(Status.BAD_REQUEST, "the path is not normalized");
    }
    return new Target(List.copyOf(names), endsWithSlash, query);
  }

  private static String decode(String part) throws HttpException {
    ByteArrayOutputStream decoded = new ByteArrayOutputStream();
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '%') {
        int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
        int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          throw new HttpException(Status.BAD_REQUEST, "a percent sign begins no escape");
        }
        decoded.write(16 * high + low);
        i += 2;
      } else {
        decoded.write(bytes[i]);
      }
    }
    try {
      ByteBuffer name = ByteBuffer.wrap(decoded.toByteArray());
      return StandardCharsets.UTF_8.newDecoder().decode(name).toString();
    } catch (CharacterCodingException malformed) {
      throw new HttpException(Status.BAD_REQUEST, "the path is not in UTF-8");
    }
  }

  /** A name as part of a link; nothing in it has a meaning there. */
  static String encode(String name) {
    StringBuilder encoded = new StringBuilder();
    for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
      if (UNRESERVED.indexOf(each) >= 0) {
        encoded.append((char) each);
      } else {
        encoded.append(String.format("%%%02X", each));
      }
    }
    return encoded.toString();
  }

  /** The path of the folder, as a link. */
  String folderLink() {
    StringBuilder link = new StringBuilder("/");
    names.forEach(name -> link.append(encode(name)).append('/'));
    return link.toString();
  }
}
