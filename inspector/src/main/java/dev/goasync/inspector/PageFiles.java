package dev.goasync.inspector;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files of the page, in memory. Only these can be requested. */
final class PageFiles {
  /**
   * A file.
   *
   * @param type its media type
   */
  record PageFile(String type, String content) {}

  private static final List<String> NAMES =
      List.of(
          "index.html",
          "style.css",
          "icon.svg",
          "main.js",
          "dom.js",
          "model.js",
          "format.js",
          "loops.js",
          "tasks.js",
          "waits.js",
          "resources.js",
          "stalls.js",
          "compare.js");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private final Map<String, PageFile> files;

  private PageFiles(Map<String, PageFile> files) {
    this.files = files;
  }

  /** Reads them from the jar. */
  static PageFiles load() throws IOException {
    Map<String, PageFile> files = new HashMap<>();
    for (String name : NAMES) {
      try (InputStream in = PageFiles.class.getResourceAsStream("page/" + name)) {
        if (in == null) {
          throw new IOException("the jar of goasync-inspector has no file page/" + name);
        }
        String type = TYPES.getOrDefault(name.substring(name.indexOf('.') + 1), "text/plain");
        files.put(
            "/" + name, new PageFile(type, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
      }
    }
    return new PageFiles(files);
  }

  /** The file at a path of the server; null if there is none. */
  @Nullable PageFile at(String path) {
    return files.get(path.equals("/") ? "/index.html" : path);
  }
}
