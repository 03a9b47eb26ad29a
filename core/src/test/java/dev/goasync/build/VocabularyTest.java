package dev.goasync.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Words that the project does not use any more stay out of its documents and sources; docs/STYLE
 * has the rules of language, docs/GLOSSARY the words to use. Each word is written in two halves, so
 * that this file does not contain it.
 */
final class VocabularyTest {
  /** Names of old classes and their idioms. */
  private static final List<String> OLD_NAMES =
      List.of(
          "do" + "or",
          "ba" + "ton",
          "str" + "and",
          "vi" + "gil",
          "err" + "and",
          "stran" + "gers",
          "belong" + "ings",
          "in" + "take",
          "rehear" + "sal",
          "taken " + "ahead",
          "by " + "lot",
          "in va" + "in",
          "fol" + "der");

  /** Subjects and verbs that hide which part of the code acts. */
  private static final List<String> VAGUE_WORDS =
      List.of(
          "who" + "ever", "who" + "m", "no" + "body", "some" + "body", "te" + "lls", "to" + "ld");

  /** Files that must name old words: the rules, and lists of renamed names. */
  private static final List<String> LISTS = List.of("docs/API-CHANGES.md", "docs/STYLE.md");

  /** Where a word is a term of the JDK or the kernel: word to part of a line. */
  private static final Map<String, String> TERMS = Map.of();

  private static final Pattern WORDS =
      patternOf(Stream.concat(OLD_NAMES.stream(), VAGUE_WORDS.stream()).toList());

  private static Pattern patternOf(List<String> words) {
    return Pattern.compile("\\b(" + String.join("|", words) + ")s?\\b", Pattern.CASE_INSENSITIVE);
  }

  @Test
  void documentsUseTheWordsOfTheGlossary() throws Exception {
    var pages = new ArrayList<>(SourceTree.markdownFilesBelow(SourceTree.root().resolve("docs")));
    pages.add(SourceTree.root().resolve("README.md"));
    pages.add(SourceTree.root().resolve("CHANGELOG.md"));
    pages.add(SourceTree.root().resolve("bench/README.md"));
    pages.add(SourceTree.root().resolve("findings/README.md"));
    assertThat(usesIn(pages, WORDS)).as("words that docs/STYLE.md excludes").isEmpty();
  }

  @Test
  void sourcesUseTheWordsOfTheGlossary() throws Exception {
    assertThat(usesIn(SourceTree.javaFiles(), WORDS))
        .as("words that docs/STYLE.md excludes")
        .isEmpty();
  }

  private static List<String> usesIn(List<Path> files, Pattern pattern) throws IOException {
    var uses = new ArrayList<String>();
    for (Path file : files) {
      String name = SourceTree.name(file);
      if (LISTS.stream().noneMatch(name::startsWith)) {
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
          addUses(name + ":" + (i + 1), lines.get(i), pattern, uses);
        }
      }
    }
    return uses;
  }

  private static void addUses(String where, String line, Pattern pattern, List<String> uses) {
    Matcher matcher = pattern.matcher(line);
    while (matcher.find()) {
      String word = matcher.group(1).toLowerCase(java.util.Locale.ROOT);
      String term = TERMS.get(word);
      if (term == null || !line.contains(term)) {
        uses.add(where + " " + word);
      }
    }
  }
}
