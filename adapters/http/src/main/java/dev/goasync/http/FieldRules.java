package dev.goasync.http;

/**
 * The characters of field names, field values and targets (RFC 9110, 5.1, 5.5 and 5.6.2; RFC 9112,
 * 3.2). HttpCore accepts more than the RFCs allow, and two parsers that differ let a request pass
 * for another one.
 */
final class FieldRules {
  private static final String TOKEN_SYMBOLS = "!#$%&'*+-.^_`|~";
  private static final int ASCII = 128;
  private static final char DELETE = 0x7f;
  private static final char MAX_OCTET = 0xff;
  private static final boolean[] TOKEN = new boolean[ASCII];

  static {
    for (char each = 0; each < ASCII; each++) {
      TOKEN[each] = isDigitOrLetter(each) || TOKEN_SYMBOLS.indexOf(each) >= 0;
    }
  }

  private FieldRules() {}

  private static boolean isDigitOrLetter(char each) {
    return (each >= '0' && each <= '9')
        || (each >= 'a' && each <= 'z')
        || (each >= 'A' && each <= 'Z');
  }

  static boolean isTokenCharacter(char each) {
    return each < ASCII && TOKEN[each];
  }

  /** Whether text is a token: the syntax of methods and field names. */
  static boolean isToken(CharSequence text) {
    return isToken(text, 0, text.length());
  }

  static boolean isToken(CharSequence text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!isTokenCharacter(text.charAt(i))) {
        return false;
      }
    }
    return to > from;
  }

  /** Whether a character can be in a value: no control except the tab, and at most an octet. */
  static boolean isValueCharacter(char each) {
    return each >= ' ' ? each != DELETE && each <= MAX_OCTET : each == '\t';
  }

  static boolean isValue(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isValueCharacter(text.charAt(i))) {
        return false;
      }
    }
    return text.isEmpty() || !(isSpace(text.charAt(0)) || isSpace(text.charAt(text.length() - 1)));
  }

  static boolean isSpace(char each) {
    return each == ' ' || each == '\t';
  }

  /** Whether text is visible ASCII: the characters of a target. */
  static boolean isVisible(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      if (each <= ' ' || each >= DELETE) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  static boolean isDigits(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty();
  }

  static boolean isHexDigit(char each) {
    return Character.digit(each, 16) >= 0 && each < ASCII;
  }

  /** Whether text can be a value of Host or :authority: a host and an optional port, no user. */
  static boolean isAuthority(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      if (each < ASCII
          ? !(isDigitOrLetter(each) || "-._~!$&'()*+,;=:[]%".indexOf(each) >= 0)
          : true) {
        return false;
      }
    }
    return true;
  }

  /**
   * Checks a field that the program sets.
   *
   * @throws IllegalArgumentException if it cannot be sent
   */
  static void require(String name, String value) {
    if (!isToken(name)) {
      throw new IllegalArgumentException("the field name is not a token: " + name);
    }
    if (!isValue(value)) {
      throw new IllegalArgumentException(
          "the value of "
              + name
              + " has a control character, a character beyond U+00FF, or white space at an end;"
              + " encode it");
    }
  }
}
