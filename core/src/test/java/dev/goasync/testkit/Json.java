package dev.goasync.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parses JSON, strictly enough to find what a printer does wrong. */
public final class Json {
  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /** Returns maps, lists, strings, doubles, booleans and null. */
  public static @Nullable Object parse(String text) {
    Json json = new Json(text);
    Object value = json.value();
    if (json.at != text.length()) {
      throw json.wrong();
    }
    return value;
  }

  private @Nullable Object value() {
    return switch (text.charAt(at)) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, @Nullable Object> object() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    expect('{');
    while (!skip('}')) {
      if (!fields.isEmpty()) {
        expect(',');
      }
      String name = string();
      expect(':');
      fields.put(name, value());
    }
    return fields;
  }

  private List<@Nullable Object> array() {
    List<@Nullable Object> values = new ArrayList<>();
    expect('[');
    while (!skip(']')) {
      if (!values.isEmpty()) {
        expect(',');
      }
      values.add(value());
    }
    return values;
  }

  private String string() {
    var content = new StringBuilder();
    expect('"');
    while (!skip('"')) {
      char c = text.charAt(at++);
      if (c < ' ') {
        throw wrong();
      }
      content.append(c == '\\' ? escaped() : c);
    }
    return content.toString();
  }

  private char escaped() {
    char c = text.charAt(at++);
    if (c == 'u') {
      at += 4;
      return (char) Integer.parseInt(text.substring(at - 4, at), 16);
    }
    if (c != '"' && c != '\\') {
      throw wrong();
    }
    return c;
  }

  private double number() {
    int begin = at;
    while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return Double.parseDouble(text.substring(begin, at));
  }

  private @Nullable Object word(String word, @Nullable Object value) {
    if (!text.startsWith(word, at)) {
      throw wrong();
    }
    at += word.length();
    return value;
  }

  private boolean skip(char expected) {
    boolean found = text.charAt(at) == expected;
    at += found ? 1 : 0;
    return found;
  }

  private void expect(char expected) {
    if (!skip(expected)) {
      throw wrong();
    }
  }

  private IllegalArgumentException wrong() {
    int end = Math.min(at + 20, text.length());
    return new IllegalArgumentException("at " + at + ": " + text.substring(at, end));
  }
}
