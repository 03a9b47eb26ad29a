package dev.goasync.examples.files;

import dev.goasync.examples.files.ServedDirectory.FoundDirectory;

/** The HTML page that lists the entries of a directory. */
final class Listing {
  private Listing() {}

  static String of(Target target, FoundDirectory directory) {
    String title = "/" + String.join("/", target.names());
    StringBuilder page =
        new StringBuilder("<!DOCTYPE html>\n<html>\n<head><meta charset=\"utf-8\">");
    page.append("<title>").append(escape(title)).append("</title></head>\n<body>\n<h1>");
    page.append(escape(title)).append("</h1>\n<ul>\n");
    if (!target.names().isEmpty()) {
      page.append("<li><a href=\"../\">../</a></li>\n");
    }
    for (String name : directory.names()) {
      boolean isDirectory = name.endsWith("/");
      String bare = isDirectory ? name.substring(0, name.length() - 1) : name;
      page.append("<li><a href=\"").append(Target.encode(bare)).append(isDirectory ? "/" : "");
      page.append("\">").append(escape(name)).append("</a></li>\n");
    }
    page.append("</ul>\n");
    addPages(page, directory);
    return page.append("</body>\n</html>\n").toString();
  }

  private static void addPages(StringBuilder page, FoundDirectory directory) {
    if (directory.pages() > 1) {
      page.append("<p>Page ").append(directory.page()).append(" of ").append(directory.pages());
      addLink(page, directory.page() - 1, "previous", directory.page() > 1);
      addLink(page, directory.page() + 1, "next", directory.page() < directory.pages());
      page.append("</p>\n");
    }
  }

  private static void addLink(StringBuilder page, int number, String text, boolean exists) {
    if (exists) {
      page.append(" <a href=\"?page=").append(number).append("\">").append(text).append("</a>");
    }
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
