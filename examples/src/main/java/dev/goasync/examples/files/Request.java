package dev.goasync.examples.files;

import dev.goasync.io.ByteStream;
import dev.goasync.io.TooLongException;
import java.io.EOFException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request (RFC 9112).
 *
 * @param headers by name in lower case; values of repeated headers are joined by commas
 */
record Request(String method, Target target, boolean isHttp11, Map<String, String> headers) {
  private static final int MAX_LINE_BYTES = 8 * 1024;
  private static final int MAX_HEAD_BYTES = 16 * 1024;
  private static final int MAX_EMPTY_LINES = 4;
  private static final int LINE_END_BYTES = 2;
  private static final char DELETE = 0x7f;
  private static final int MAX_BODY_BYTES = 64 * 1024;

  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern VERSION = Pattern.compile("HTTP/[0-9]\\.[0-9]");
  private static final Pattern DIGITS = Pattern.compile("[0-9]+");

  /** Headers that must not be repeated: two parsers could use different ones of them. */
  private static final Set<String> ONCE = Set.of("host", "content-length", "transfer-encoding");

  private static final Set<String> OTHER_METHODS =
      Set.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT");

  /**
   * Reads the next request head.
   *
   * @return null if the client has closed the connection
   * @throws HttpException if it is malformed; the start of the next request is unknown then
   */
  static @Nullable Request read(ByteStream client) throws IOException {
    String line = readRequestLine(client);
    if (line == null) {
      return null;
    }
    refuseControls(line, false);
    String[] words = line.split(" ", -1);
    if (words.length != 3
        || !TOKEN.matcher(words[0]).matches()
        || !VERSION.matcher(words[2]).matches()) {
      throw new HttpException(Status.BAD_REQUEST, "the request line is malformed");
    }
    if (!words[2].startsWith("HTTP/1.")) {
      throw new HttpException(
          Status.VERSION_NOT_SUPPORTED, "only HTTP/1.0 and HTTP/1.1 are supported");
    }
    checkMethod(words[0]);
    Map<String, String> headers = readHeaders(client);
    boolean isHttp11 = !words[2].equals("HTTP/1.0");
    if (isHttp11 && !headers.containsKey("host")) {
      throw new HttpException(Status.BAD_REQUEST, "the header Host is missing");
    }
    Request request = new Request(words[0], Target.parse(words[1]), isHttp11, headers);
    request.skipBody(client);
    return request;
  }

  private static @Nullable String readRequestLine(ByteStream client) throws IOException {
    try {
      String line = client.readLine(MAX_LINE_BYTES);
      for (int i = 0; line != null && line.isEmpty() && i < MAX_EMPTY_LINES; i++) {
        line = client.readLine(MAX_LINE_BYTES); // some clients send an empty line after a body
      }
      return line;
    } catch (TooLongException tooLong) {
      throw new HttpException(Status.URI_TOO_LONG, "the request line is too long");
    }
  }

  private static Map<String, String> readHeaders(ByteStream client) throws IOException {
    Map<String, StringJoiner> values = new HashMap<>();
    int left = MAX_HEAD_BYTES;
    while (true) {
      String line = readHeaderLine(client, left);
      if (line.isEmpty()) {
        Map<String, String> headers = HashMap.newHashMap(values.size());
        values.forEach((name, joined) -> headers.put(name, joined.toString()));
        return headers;
      }
      left -= line.length() + LINE_END_BYTES;
      addHeader(line, values);
    }
  }

  private static void addHeader(String line, Map<String, StringJoiner> values)
      throws HttpException {
    refuseControls(line, true);
    int colon = line.indexOf(':');
    if (colon < 0 || !TOKEN.matcher(line.substring(0, colon)).matches()) {
      throw new HttpException(Status.BAD_REQUEST, "a header line is malformed");
    }
    String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
    StringJoiner joined = values.computeIfAbsent(name, _ -> new StringJoiner(", "));
    if (joined.length() > 0 && ONCE.contains(name)) {
      throw new HttpException(Status.BAD_REQUEST, "the header " + name + " came twice");
    }
    joined.add(trim(line, colon + 1));
  }

  /**
   * Refuses bare CR, NUL and other controls, which parsers treat in different ways (RFC 9112, 2.2;
   * RFC 9110, 5.5).
   */
  private static void refuseControls(String line, boolean allowTab) throws HttpException {
    for (int i = 0; i < line.length(); i++) {
      char each = line.charAt(i);
      if ((each < ' ' && !(allowTab && each == '\t')) || each == DELETE) {
        throw new HttpException(Status.BAD_REQUEST, "a line contains a control character");
      }
    }
  }

  /** Removes white space of HTTP at both ends: spaces and tabs (RFC 9110, 5.6.3). */
  private static String trim(String line, int from) {
    int start = from;
    int end = line.length();
    while (start < end && isSpace(line.charAt(start))) {
      start++;
    }
    while (end > start && isSpace(line.charAt(end - 1))) {
      end--;
    }
    return line.substring(start, end);
  }

  private static boolean isSpace(char each) {
    return each == ' ' || each == '\t';
  }

  private static String readHeaderLine(ByteStream client, int maxBytes) throws IOException {
    try {
      String line = client.readLine(Math.max(maxBytes, 0));
      if (line == null) {
        throw new EOFException("the client closed the connection within a request head");
      }
      return line;
    } catch (TooLongException tooLong) {
      throw new HttpException(Status.HEADER_FIELDS_TOO_LARGE, "the headers are too long");
    }
  }

  /** Skips the body, which is not used, to find the next request. */
  private void skipBody(ByteStream client) throws IOException {
    if (headers.containsKey("transfer-encoding")) {
      throw new HttpException(Status.LENGTH_REQUIRED, "a body must have a Content-Length");
    }
    String length = headers.getOrDefault("content-length", "0");
    if (!DIGITS.matcher(length).matches()) {
      throw new HttpException(Status.BAD_REQUEST, "Content-Length is not a number");
    }
    if (length.length() > 9 || Integer.parseInt(length) > MAX_BODY_BYTES) {
      throw new HttpException(Status.CONTENT_TOO_LARGE, "the body is too large");
    }
    if (!length.equals("0") && headers.containsKey("expect")) {
      throw new HttpException(Status.EXPECTATION_FAILED, "a body is not expected");
    }
    client.readExactly(Integer.parseInt(length));
  }

  private static void checkMethod(String method) throws HttpException {
    if (OTHER_METHODS.contains(method)) {
      throw new HttpException(Status.METHOD_NOT_ALLOWED, "only GET and HEAD are allowed");
    }
    if (!method.equals("GET") && !method.equals("HEAD")) {
      throw new HttpException(Status.NOT_IMPLEMENTED, "the method is unknown");
    }
  }

  boolean isHead() {
    return method.equals("HEAD");
  }

  @Nullable String header(String lowerCaseName) {
    return headers.get(lowerCaseName);
  }

  /** Returns whether the connection stays open after this request. */
  boolean keepsAlive() {
    String options = headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
    List<String> words = List.of(options.split("[ \t,]+", -1));
    return isHttp11 ? !words.contains("close") : words.contains("keep-alive");
  }
}
