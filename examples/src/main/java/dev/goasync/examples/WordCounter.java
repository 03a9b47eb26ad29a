package dev.goasync.examples;

/**
 * Counts lines, words and bytes of one file as {@code wc} does: a word is text between spaces that
 * has at least one printable character. Which characters are printable is the JDK's version of
 * Unicode; that of the C library may be older.
 */
final class WordCounter {
  /** A space in the view of {@code wc}. */
  private static final int WORD_JOINER = 0x2060;

  private final boolean utf8;
  private long lines;
  private long words;
  private long bytes;
  private boolean inWord;

  // State of a character whose first bytes were decoded.
  private int character;
  private int missing;
  private int smallest;

  /**
   * @param utf8 whether the text is UTF-8; if not, it is ASCII, and all other bytes are ignored
   */
  WordCounter(boolean utf8) {
    this.utf8 = utf8;
  }

  void count(byte[] content, int length) {
    bytes += length;
    for (int i = 0; i < length; i++) {
      int each = content[i];
      if (each > ' ' && each < 0x7f) {
        missing = 0;
        inWord = true;
      } else if (each >= 0) {
        missing = 0;
        control(each);
      } else if (utf8) {
        decode(each & 0xff);
      }
    }
  }

  private void control(int each) {
    if (each == '\n') {
      lines++;
    }
    if (each == ' ' || (each >= '\t' && each <= '\r')) {
      endWord();
    }
  }

  private void endWord() {
    if (inWord) {
      words++;
      inWord = false;
    }
  }

  private void decode(int each) {
    if (missing > 0 && each < 0xc0) {
      character = character << 6 | (each & 0x3f);
      missing--;
      if (missing == 0 && character >= smallest) {
        decoded(character);
      }
    } else if (each >= 0xf5) {
      missing = 0; // occurs in no UTF-8 text
    } else if (each >= 0xf0) {
      begin(each & 7, 3, 0x1_0000);
    } else if (each >= 0xe0) {
      begin(each & 15, 2, 0x800);
    } else if (each >= 0xc0) {
      begin(each & 31, 1, 0x80);
    }
  }

  private void begin(int bits, int following, int least) {
    character = bits;
    missing = following;
    smallest = least;
  }

  private void decoded(int codePoint) {
    switch (Character.getType(codePoint)) {
      case Character.SPACE_SEPARATOR -> endWord();
      case Character.CONTROL,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR -> {}
      default -> {
        if (codePoint == WORD_JOINER) {
          endWord();
        } else {
          inWord = true;
        }
      }
    }
  }

  /** Ends the last word; the caller calls this at the end of the file. */
  void finish() {
    endWord();
  }

  /** Adds the counts of {@code other}. */
  void add(WordCounter other) {
    lines += other.lines;
    words += other.words;
    bytes += other.bytes;
  }

  long bytes() {
    return bytes;
  }

  /** Returns the counts in columns of {@code width} characters. */
  String columns(int width) {
    String column = "%" + width + "d";
    return String.format(column + " " + column + " " + column, lines, words, bytes);
  }
}
