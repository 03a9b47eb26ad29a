package dev.goasync.site;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Heading;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.renderer.html.AttributeProvider;
import org.commonmark.renderer.html.HtmlRenderer;

/** Renders pages: the document, the navigation and the search field. */
final class Template {
  private final List<Page> pages;
  private final Path repository;
  private final Path target;

  Template(List<Page> pages, Path repository, Path target) {
    this.pages = pages;
    this.repository = repository;
    this.target = target;
  }

  String render(Page page) {
    HtmlRenderer renderer =
        HtmlRenderer.builder()
            .extensions(List.of(TablesExtension.create()))
            .attributeProviderFactory(_ -> attributesFor(page))
            .build();
    String body =
        renderer
            .render(page.root())
            .replaceAll("(?s)<!--.*?-->\\n?", "")
            .replace("<table", "<div class=\"table\"><table")
            .replace("</table>", "</table></div>");
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>%1$s</title>
    <link rel="stylesheet" href="%2$sstyle.css">
    </head>
    <body data-root="%2$s">
    <header>
    <button id="menu" aria-controls="navigation" aria-expanded="false">Menu</button>
    <a class="home" href="%2$sindex.html">GoAsync</a>
    <div class="search" role="search">
    <input id="search" type="search" placeholder="Search" aria-label="Search" autocomplete="off">
    <ul id="results" hidden></ul>
    </div>
    </header>
    <nav id="navigation" aria-label="Pages">%3$s</nav>
    <main>%4$s</main>
    <script src="%2$ssearch-index.js"></script>
    <script src="%2$ssite.js"></script>
    </body>
    </html>
    """
        .formatted(escape(titleOf(page)), page.toRoot(), navigation(page), body);
  }

  private static String titleOf(Page page) {
    return page.title().equals("GoAsync") ? "GoAsync" : page.title() + " - GoAsync";
  }

  private String navigation(Page current) {
    var html = new StringBuilder();
    String chapter = "";
    for (Page page : pages) {
      if (!page.chapter().equals(chapter)) {
        html.append(chapter.isEmpty() ? "" : "</ul></details>");
        chapter = page.chapter();
        boolean open = !chapter.equals("Decisions") || current.chapter().equals(chapter);
        html.append("<details").append(open ? " open" : "").append("><summary>");
        html.append(escape(chapter)).append("</summary><ul>");
        html.append(chapter.equals("Reference") ? item(current, "api/index.html", "Javadoc") : "");
      }
      html.append(item(current, page.path(), shortTitle(page)));
    }
    return html.append("</ul></details>").toString();
  }

  private static String shortTitle(Page page) {
    return page.path().equals("index.html") ? "Overview" : page.title();
  }

  private static String item(Page current, String path, String title) {
    String mark = current.path().equals(path) ? " aria-current=\"page\"" : "";
    return "<li><a href=\""
        + current.toRoot()
        + path
        + "\""
        + mark
        + ">"
        + escape(title)
        + "</a></li>";
  }

  private AttributeProvider attributesFor(Page page) {
    return (Node node, String tag, Map<String, String> attributes) -> {
      if (node instanceof Heading) {
        attributes.put("id", String.valueOf(page.anchors().get(node)));
      } else if (node instanceof Link link) {
        attributes.put("href", target(page, link.getDestination()));
      } else if (node instanceof TableBlock && tag.equals("table")) {
        attributes.remove("class");
      }
    };
  }

  /** Where a link of a document leads in the site. */
  String target(Page page, String destination) {
    if (destination.matches("[a-z]+:.*") || destination.startsWith("#")) {
      return destination;
    }
    int hash = destination.indexOf('#');
    String file = hash < 0 ? destination : destination.substring(0, hash);
    String fragment = hash < 0 ? "" : destination.substring(hash);
    Path document = repository.resolve(page.document());
    Path linked = document.resolveSibling(file).normalize();
    String name = repository.relativize(linked).toString().replace('\\', '/');
    for (Page other : pages) {
      if (other.document().equals(name)) {
        return page.toRoot() + other.path() + fragment;
      }
    }
    if (!Files.exists(linked)) {
      throw new IllegalArgumentException(
          page.document() + " links to a missing file: " + destination);
    }
    Path here = target.resolve(page.path()).resolveSibling(".").normalize();
    return here.relativize(linked).toString().replace('\\', '/') + fragment;
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
