package dev.goasync.examples.files;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The target of a request.
 *
 * @param names the decoded path elements from the root on; none is {@code ..}
 * @param endsWithSlash whether the target must be a directory
 * @param query including the question mark, or empty
 */
record Target(List<String> names, boolean endsWithSlash, String query) {
  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

  private static final Pattern PAGE = Pattern.compile("\\?page=([1-9][0-9]{0,6})");

  /**
   * Parses the target of a request line.
   *
   * @throws HttpException if it is malformed
   */
  static Target parse(String text) throws HttpException {
    String local =
        text.replaceFirst("^(?i:https?)://[^/?#]+(?=[/?#]|$)", ""); // the form that proxies receive
    int mark = local.indexOf('?');
    String path = mark < 0 ? local : local.substring(0, mark);
    String query = mark < 0 ? "" : inAscii(local.substring(mark));
    if (path.isEmpty() && !local.equals(text)) {
      path = "/";
    }
    if (!path.startsWith("/") || local.indexOf('#') >= 0) {
      throw new HttpException(Status.BAD_REQUEST, "the target is not a path");
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

  /** The page of a listing that the query {@code ?page=N} asks for; 1 for any other query. */
  int page() {
    Matcher number = PAGE.matcher(query);
    return number.matches() ? Integer.parseInt(number.group(1)) : 1;
  }

  private static String decode(String part) throws HttpException {
    ByteArrayOutputStream decoded = new ByteArrayOutputStream();
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '%') {
        int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
        int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          throw new HttpException(
              Status.BAD_REQUEST, "a percent sign is not followed by two hexadecimal digits");
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
      throw new HttpException(Status.BAD_REQUEST, "the path is not UTF-8");
    }
  }

  /** Percent-encodes what is not ASCII, since a query is repeated in the header Location. */
  private static String inAscii(String query) {
    StringBuilder encoded = new StringBuilder();
    for (byte each : query.getBytes(StandardCharsets.UTF_8)) {
      encoded.append(each < 0 ? String.format("%%%02X", each) : Character.toString(each));
    }
    return encoded.toString();
  }

  /** Percent-encodes a name for a link. */
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

  /** Returns the link of the directory. */
  String directoryLink() {
    StringBuilder link = new StringBuilder("/");
    names.forEach(name -> link.append(encode(name)).append('/'));
    return link.toString();
  }
}
