package dev.goasync.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;
import org.jspecify.annotations.Nullable;

/**
 * The header fields of a request or response, in their order. The case of names does not matter.
 *
 * <pre>{@code
 * Headers headers = Headers.of("Accept", "text/html", "Accept", "text/plain");
 * String first = headers.first("accept");
 * List<String> both = headers.all("accept");
 * }</pre>
 *
 * <p>Immutable, for any thread.
 */
public final class Headers implements Iterable<Headers.Field> {
  /**
   * One field.
   *
   * @param name as it was sent
   * @param value without white space at its ends
   */
  public record Field(String name, String value) {}

  static final Headers NONE = new Headers();

  private final Header[] fields;

  Headers(Header... fields) {
    this.fields = fields;
  }

  /**
   * Creates headers.
   *
   * @param namesAndValues a name, its value, the next name, and so on
   * @throws IllegalArgumentException if the last name has no value, a name is not a token, or a
   *     value has a character that fields cannot carry
   */
  public static Headers of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException("the last name has no value: pass names and values");
    }
    Header[] fields = new Header[namesAndValues.length / 2];
    for (int i = 0; i < fields.length; i++) {
      FieldRules.require(namesAndValues[2 * i], namesAndValues[2 * i + 1]);
      fields[i] = new BasicHeader(namesAndValues[2 * i], namesAndValues[2 * i + 1]);
    }
    return new Headers(fields);
  }

  /** Returns the value of the first field with this name, or null. */
  public @Nullable String first(String name) {
    for (Header each : fields) {
      if (each.getName().equalsIgnoreCase(name)) {
        return each.getValue();
      }
    }
    return null;
  }

  /** Returns the values of all fields with this name, in their order. */
  public List<String> all(String name) {
    Objects.requireNonNull(name, "name");
    List<String> values = new ArrayList<>(1);
    for (Header each : fields) {
      if (each.getName().equalsIgnoreCase(name)) {
        values.add(each.getValue());
      }
    }
    return Collections.unmodifiableList(values);
  }

  /** Whether there is a field with this name. */
  public boolean contains(String name) {
    return first(name) != null;
  }

  /** Returns the number of fields. */
  public int size() {
    return fields.length;
  }

  @Override
  public Iterator<Field> iterator() {
    return Arrays.stream(fields).map(each -> new Field(each.getName(), each.getValue())).iterator();
  }

  /** Whether a list such as that of Connection has the element; its case does not matter. */
  boolean hasElement(String name, String element) {
    for (Header each : fields) {
      if (each.getName().equalsIgnoreCase(name)) {
        for (String part : each.getValue().split(",", -1)) {
          if (part.strip().equalsIgnoreCase(element)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** Returns how many fields have this name. */
  int count(String name) {
    int count = 0;
    for (Header each : fields) {
      if (each.getName().equalsIgnoreCase(name)) {
        count++;
      }
    }
    return count;
  }

  @Override
  public String toString() {
    return Arrays.toString(fields);
  }
}
