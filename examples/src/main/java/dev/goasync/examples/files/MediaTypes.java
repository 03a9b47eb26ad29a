package dev.goasync.examples.files;

import java.util.Locale;
import java.util.Map;

/** Media types by file name extension. */
final class MediaTypes {
  private static final String UNKNOWN = "application/octet-stream";

  private static final Map<String, String> BY_EXTENSION =
      Map.ofEntries(
          text("css", "css"),
          text("csv", "csv"),
          text("htm", "html"),
          text("html", "html"),
          text("java", "plain"),
          text("js", "javascript"),
          text("log", "plain"),
          text("md", "markdown"),
          text("mjs", "javascript"),
          text("txt", "plain"),
          text("xml", "xml"),
          Map.entry("avif", "image/avif"),
          Map.entry("gif", "image/gif"),
          Map.entry("gz", "application/gzip"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("jpeg", "image/jpeg"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("json", "application/json"),
          Map.entry("mp3", "audio/mpeg"),
          Map.entry("mp4", "video/mp4"),
          Map.entry("pdf", "application/pdf"),
          Map.entry("png", "image/png"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("wasm", "application/wasm"),
          Map.entry("wav", "audio/wav"),
          Map.entry("webm", "video/webm"),
          Map.entry("webp", "image/webp"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("zip", "application/zip"));

  private MediaTypes() {}

  private static Map.Entry<String, String> text(String extension, String type) {
    return Map.entry(extension, "text/" + type + "; charset=utf-8");
  }

  static String of(String fileName) {
    String extension = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return BY_EXTENSION.getOrDefault(extension, UNKNOWN);
  }
}
