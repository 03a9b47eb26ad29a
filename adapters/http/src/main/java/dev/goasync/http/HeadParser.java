package dev.goasync.http;

import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.AbstractMessageParser;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.message.LineParser;
import org.apache.hc.core5.http.message.RequestLine;
import org.apache.hc.core5.http.message.StatusLine;
import org.apache.hc.core5.util.CharArrayBuffer;

/** HttpCore's parser of heads with the strict syntax of RFC 9112, 5.1, for fields. */
final class HeadParser extends AbstractMessageParser<MessageHead> {
  /** HttpCore counts up to the maximum exclusively. */
  static final Http1Config CONFIG =
      Http1Config.custom()
          .setMaxHeaderCount(Settings.MAX_FIELDS + 1)
          .setMaxLineLength(Settings.MAX_LINE_BYTES)
          .setMaxEmptyLineCount(4)
          .build();

  HeadParser() {
    super(CONFIG, new StrictFields());
  }

  @Override
  protected MessageHead createMessage(CharArrayBuffer line) {
    return new MessageHead(line.toString());
  }

  /** Parses a field: a token, a colon right behind it, and a value without white space around. */
  static Header parseField(CharArrayBuffer line) throws ParseException {
    int colon = line.indexOf(':');
    if (colon < 0 || !FieldRules.isToken(line, 0, colon)) {
      throw new ParseException("a header line has no valid name");
    }
    int start = colon + 1;
    int end = line.length();
    while (start < end && FieldRules.isSpace(line.charAt(start))) {
      start++;
    }
    while (end > start && FieldRules.isSpace(line.charAt(end - 1))) {
      end--;
    }
    return new BasicHeader(line.substring(0, colon), line.substring(start, end));
  }

  /** Start lines are parsed elsewhere: HttpCore's parser skips white space in them. */
  private static final class StrictFields implements LineParser {
    @Override
    public Header parseHeader(CharArrayBuffer line) throws ParseException {
      return parseField(line);
    }

    @Override
    public RequestLine parseRequestLine(CharArrayBuffer line) {
      throw new UnsupportedOperationException("not called");
    }

    @Override
    public StatusLine parseStatusLine(CharArrayBuffer line) {
      throw new UnsupportedOperationException("not called");
    }
  }
}
