package dev.goasync.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.CustomNode;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;

/** A Markdown document and where it stands in the site. */
final class Page {
  private static final Parser PARSER =
      Parser.builder().extensions(List.of(TablesExtension.create())).build();

  private final String document;
  private final String chapter;
  private final Node root;
  private final Map<Node, String> anchors = new HashMap<>();
  private final List<Section> sections = new ArrayList<>();
  private String title;

  /**
   * A heading.
   *
   * @param level 1 for the title
   * @param anchor the fragment by which links reach it
   */
  record Section(int level, String title, String anchor) {}

  Page(Path repository, String document, String chapter) throws IOException {
    this.document = document;
    this.chapter = chapter;
    this.title = document;
    this.root = PARSER.parse(Files.readString(repository.resolve(document)));
    root.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Heading heading) {
            addSection(heading);
          }
        });
  }

  private void addSection(Heading heading) {
    String text = textOf(heading);
    String anchor = anchorOf(text);
    anchors.put(heading, anchor);
    sections.add(new Section(heading.getLevel(), text, anchor));
    if (heading.getLevel() == 1 && title.equals(document)) {
      title = text;
    }
  }

  /** The fragment that GitHub gives a heading, so that links work in both places. */
  private static String anchorOf(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
  }

  /** The text below a node, without markup. */
  static String textOf(Node node) {
    var text = new StringBuilder();
    node.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Text part) {
            text.append(part.getLiteral());
          }

          @Override
          public void visit(Code part) {
            text.append(part.getLiteral());
          }

          @Override
          public void visit(SoftLineBreak part) {
            text.append(' ');
          }

          @Override
          public void visit(Paragraph part) {
            visitChildren(part);
            text.append(' ');
          }

          @Override
          public void visit(CustomNode part) { // the cells of a table
            visitChildren(part);
            text.append(' ');
          }
        });
    return text.toString().strip();
  }

  /** The path of the Markdown file, relative to the repository. */
  String document() {
    return document;
  }

  /** The path of the page, relative to the site. */
  String path() {
    return document.equals("README.md")
        ? "index.html"
        : document.replaceFirst("\\.md$", ".html").replaceFirst("README\\.html$", "index.html");
  }

  String chapter() {
    return chapter;
  }

  String title() {
    return title;
  }

  Node root() {
    return root;
  }

  List<Section> sections() {
    return sections;
  }

  /** The anchor of a heading of this page; null for any other node. */
  Map<Node, String> anchors() {
    return anchors;
  }

  /** What leads from this page to the root of the site: empty, or {@code ../} and so on. */
  String toRoot() {
    return "../".repeat((int) path().chars().filter(c -> c == '/').count());
  }
}
