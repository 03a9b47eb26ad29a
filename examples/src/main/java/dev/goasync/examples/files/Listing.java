package dev.goasync.examples.files;

import java.util.List;

/** The HTML page that lists the entries of a directory. */
final class Listing {
  private Listing() {}

  static String of(Target target, List<String> names) {
    String title = "/" + String.join("/", target.names());
    StringBuilder page =
        new StringBuilder("<!DOCTYPE html>\n<html>\n<head><meta charset=\"utf-8\">");
    page.append("<title>").append(escape(title)).append("</title></head>\n<body>\n<h1>");
    page.append(escape(title)).append("</h1>\n<ul>\n");
    if (!target.names().isEmpty()) {
      page.append("<li><a href=\"../\">../</a></li>\n");
    }
    for (String name : names) {
      boolean isDirectory = name.endsWith("/");
      String bare = isDirectory ? name.substring(0, name.length() - 1) : name;
      page.append("<li><a href=\"").append(Target.encode(bare)).append(isDirectory ? "/" : "");
      page.append("\">").append(escape(name)).append("</a></li>\n");
    }
    return page.append("</ul>\n</body>\n</html>\n").toString();
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
