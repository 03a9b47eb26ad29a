package dev.goasync.inspect;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints the records of this package as JSON, and nothing else. */
final class JsonPrinter {
  private static final ClassValue<RecordComponent[]> COMPONENTS =
      new ClassValue<>() {
        @Override
        protected RecordComponent[] computeValue(Class<?> type) {
          return type.getRecordComponents();
        }
      };

  private final StringBuilder text = new StringBuilder();

  String print(Dump dump) {
    value(dump);
    return text.toString();
  }

  private void value(@Nullable Object value) {
    switch (value) {
      case null -> text.append("null");
      case Number number -> text.append(number);
      case Boolean flag -> text.append(flag);
      case Duration time -> seconds(time);
      case Collection<?> all -> array(all);
      case Record fields -> object(fields);
      default -> string(value.toString());
    }
  }

  private void seconds(Duration time) {
    text.append(BigDecimal.valueOf(time.getNano(), 9).add(BigDecimal.valueOf(time.getSeconds())));
  }

  private void array(Collection<?> values) {
    text.append('[');
    String separator = "";
    for (Object each : values) {
      text.append(separator);
      value(each);
      separator = ",";
    }
    text.append(']');
  }

  private void object(Record fields) {
    text.append('{');
    String separator = "";
    for (RecordComponent component : COMPONENTS.get(fields.getClass())) {
      text.append(separator);
      string(component.getName());
      text.append(':');
      value(valueOf(component, fields));
      separator = ",";
    }
    text.append('}');
  }

  private static @Nullable Object valueOf(RecordComponent component, Record fields) {
    try {
      return component.getAccessor().invoke(fields);
    } catch (IllegalAccessException | InvocationTargetException impossible) {
      throw new LinkageError("the accessors of public records return", impossible);
    }
  }

  /** Escapes also what ends a script element or a line of JavaScript. */
  private void string(String content) {
    text.append('"');
    for (int i = 0; i < content.length(); i++) {
      char c = content.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ' || c == '<' || c == '>' || c == '&' || c >= 0x7f) {
        text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
