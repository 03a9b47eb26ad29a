package dev.goasync.site;

import java.util.ArrayList;
import java.util.List;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;

/** The script that contains what the search field searches: the text of each section. */
final class SearchIndex {
  private SearchIndex() {}

  static String of(List<Page> pages) {
    var entries = new ArrayList<String>();
    for (Page page : pages) {
      addSections(page, entries);
    }
    return "window.searchIndex = [\n" + String.join(",\n", entries) + "\n];\n";
  }

  private static void addSections(Page page, List<String> entries) {
    String heading = page.title();
    String anchor = "";
    var text = new StringBuilder();
    for (Node node = page.root().getFirstChild(); node != null; node = node.getNext()) {
      if (node instanceof Heading next) {
        add(page, heading, anchor, text, entries);
        heading = Page.textOf(next);
        anchor = "#" + page.anchors().get(next);
        text.setLength(0);
      } else {
        text.append(Page.textOf(node)).append(' ');
      }
    }
    add(page, heading, anchor, text, entries);
  }

  private static void add(
      Page page, String heading, String anchor, StringBuilder text, List<String> entries) {
    if (!anchor.isEmpty() || !text.isEmpty()) {
      entries.add(
          "[%s, %s, %s, %s]"
              .formatted(
                  quote(page.path() + anchor), quote(page.title()), quote(heading), quote(text)));
    }
  }

  private static String quote(CharSequence text) {
    return "\""
        + text.toString()
            .replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replaceAll("\\s+", " ")
            .replace("</", "<\\/")
        + "\"";
  }
}
