package dev.goasync.examples.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;

/**
 * Parses a request in place: its words are ranges of the received bytes. A request is an array of
 * strings in RESP, or a line of text ({@link InlineWords}).
 *
 * <p>Parsing an incomplete request continues where it stopped when more bytes are received.
 */
final class Request {
  /** The maximum size of a string; that of Redis is half a gigabyte. */
  private static final int MAX_STRING_BYTES = 1024 * 1024;

  /** The maximum number of characters of a word that an error message quotes. */
  static final int MAX_QUOTED = 128;

  private static final int MAX_WORDS = 1024 * 1024;
  private static final int MAX_LINE_BYTES = 64 * 1024;
  private static final int FEW_WORDS = 8;

  /** Stands for a number whose line is incomplete. */
  private static final long INCOMPLETE = Long.MIN_VALUE;

  private final Input input;

  /** The position of the next unparsed byte, relative to the input's start. */
  private int at;

  /** The number of words of the request; -1 until it is known. */
  private int wanted = -1;

  private int count;

  // For each word: its position, relative to the input's start, and its length.
  private int[] froms = new int[FEW_WORDS];
  private int[] lengths = new int[FEW_WORDS];

  private final Bytes view = new Bytes();

  Request(Input input) {
    this.input = input;
  }

  // ---- reading ----

  /**
   * Continues parsing; returns whether the request is complete.
   *
   * @throws RedisException if the request is malformed
   */
  boolean read() throws RedisException {
    while (wanted < 0) {
      if (input.start + at == input.end || !begin()) {
        return false;
      }
      if (wanted == 0) { // an empty request has no reply
        end();
      }
    }
    while (count < wanted) {
      if (input.start + at == input.end || !readString()) {
        return false;
      }
    }
    return true;
  }

  /** Discards the request, so that the next one can be parsed. */
  void end() {
    input.start += at;
    at = 0;
    wanted = -1;
    count = 0;
    if (froms.length > FEW_WORDS) {
      froms = new int[FEW_WORDS];
      lengths = new int[FEW_WORDS];
    }
  }

  private boolean begin() throws RedisException {
    if (input.bytes[input.start] != '*') {
      return readLine();
    }
    long number = readNumber("multibulk");
    if (number > MAX_WORDS) {
      throw RedisException.ofProtocol("invalid multibulk length");
    }
    if (number != INCOMPLETE) {
      wanted = (int) Math.max(0, number);
    }
    return number != INCOMPLETE;
  }

  private boolean readString() throws RedisException {
    int before = at;
    byte kind = input.bytes[input.start + at];
    if (kind != '$') {
      throw RedisException.ofProtocol("expected '$', got '" + (char) (kind & 0xff) + "'");
    }
    long length = readNumber("bulk");
    if (length == INCOMPLETE) {
      return false;
    }
    if (length < 0 || length > MAX_STRING_BYTES) {
      throw RedisException.ofProtocol("invalid bulk length");
    }
    if (input.end - input.start - at < length + 2) {
      at = before;
      return false;
    }
    add(at, (int) length);
    at += (int) length + 2;
    return true;
  }

  /** Parses a number that follows a letter and ends with the line. */
  private long readNumber(String what) throws RedisException {
    byte[] bytes = input.bytes;
    int end = input.end;
    int first = input.start + at + 1;
    int i = first;
    boolean negative = i < end && bytes[i] == '-';
    if (negative) {
      i = ++first;
    }
    long number = 0;
    for (; i < end; i++) {
      int digit = bytes[i] - '0';
      if (digit >= 0 && digit <= 9 && number <= MAX_STRING_BYTES) {
        number = 10 * number + digit;
      } else if (bytes[i] == '\r' && i > first) {
        if (i + 1 == end) {
          return INCOMPLETE;
        }
        at = i + 2 - input.start;
        return negative ? -number : number;
      } else {
        throw RedisException.ofProtocol("invalid " + what + " length");
      }
    }
    return INCOMPLETE;
  }

  private boolean readLine() throws RedisException {
    byte[] bytes = input.bytes;
    int i = input.start + at;
    while (i < input.end && bytes[i] != '\n') {
      i++;
    }
    at = i - input.start;
    if (at > MAX_LINE_BYTES) {
      throw RedisException.ofProtocol("too big inline request");
    }
    if (i == input.end) {
      return false;
    }
    at++;
    InlineWords.split(bytes, input.start, i, (from, length) -> add(from - input.start, length));
    wanted = count;
    return true;
  }

  private void add(int from, int length) {
    if (count == froms.length) {
      froms = Arrays.copyOf(froms, 2 * count);
      lengths = Arrays.copyOf(lengths, 2 * count);
    }
    froms[count] = from;
    lengths[count] = length;
    count++;
  }

  // ---- words ----

  /** Returns the number of words, including the command's name. */
  int count() {
    return count;
  }

  /** Returns a word as a key; the result is valid until the next call. */
  Bytes key(int word) {
    return view.view(input.bytes, input.start + froms[word], lengths[word]);
  }

  byte[] copy(int word) {
    int from = input.start + froms[word];
    return Arrays.copyOfRange(input.bytes, from, from + lengths[word]);
  }

  String text(int word) {
    return new String(input.bytes, input.start + froms[word], lengths[word], ISO_8859_1);
  }

  /**
   * Returns the beginning of a word for an error reply; line ends, which would end the reply, are
   * replaced by spaces.
   */
  String quotable(int word) {
    String text = text(word);
    return text.substring(0, Math.min(text.length(), MAX_QUOTED)).replaceAll("[\r\n]", " ");
  }

  /** Returns whether a word equals {@code lowerCase}, ignoring case. */
  boolean is(int word, String lowerCase) {
    return lengths[word] == lowerCase.length() && text(word).equalsIgnoreCase(lowerCase);
  }

  /**
   * Returns a word as a number.
   *
   * @throws RedisException if it is not a number
   */
  long integer(int word) throws RedisException {
    return Integers.parse(input.bytes, input.start + froms[word], lengths[word]);
  }
}
