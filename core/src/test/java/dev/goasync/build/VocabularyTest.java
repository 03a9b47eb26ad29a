package dev.goasync.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Words that the project does not use any more stay out of its sources, scripts and documents, also
 * as a part of a name such as a test's. docs/STYLE has the rules of language, docs/GLOSSARY the
 * words to use. Each word is written in two halves, so that this file does not contain it.
 */
final class VocabularyTest {
  /** Names of old classes and their idioms. */
  private static final List<String> OLD_NAMES =
      List.of(
          "do" + "ors?",
          "ba" + "tons?",
          "str" + "ands?",
          "vi" + "gils?",
          "err" + "ands?",
          "stran" + "gers?",
          "belong" + "ings?",
          "in" + "takes?",
          "rehear" + "sals?",
          "taken " + "ahead",
          "by " + "lot",
          "in va" + "in",
          "fol" + "ders?");

  /** Subjects and verbs that hide which part of the code acts. */
  private static final List<String> VAGUE_WORDS =
      List.of(
          "wh" + "o",
          "whoe" + "ver",
          "wh" + "om",
          "no" + "body",
          "some" + "body",
          "te" + "lls?",
          "to" + "ld",
          "les" + "t",
          "says " + "so",
          "(?<!after )the ot" + "her(?=[.,;:)])");

  private static final Pattern WORDS =
      Pattern.compile(
          "\\b("
              + String.join("|", Stream.concat(OLD_NAMES.stream(), VAGUE_WORDS.stream()).toList())
              + ")(?![a-z0-9])",
          Pattern.CASE_INSENSITIVE);

  /** The boundaries of words inside a name: aName, A_NAME, HTTPName. */
  private static final Pattern INSIDE_NAMES =
      Pattern.compile("_|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

  /**
   * A place that must contain a word.
   *
   * @param file the path of the file below the root
   * @param word the word in lower case; "*" for every word
   * @param reason why the file needs it
   */
  private record Allowance(String file, String word, String reason) {}

  private static final List<Allowance> ALLOWANCES =
      List.of(
          new Allowance("docs/STYLE.md", "*", "the rules name the words that they exclude"),
          new Allowance(
              "interop/src/test/java/dev/goasync/interop/remote/MailTest.java",
              "fol" + "der",
              "Jakarta Mail names a type so"),
          new Allowance("docs/API-CHANGES.md", "*", "lists the old names beside the new ones"));

  /** An excluded word in lower case, and its line. */
  private record Use(String word, int line) {
    static Use of(String text, MatchResult hit) {
      long lineEnds =
          text.substring(0, hit.start()).chars().filter(letter -> letter == '\n').count();
      return new Use(hit.group(1).toLowerCase(Locale.ROOT), (int) lineEnds + 1);
    }
  }

  @Test
  void filesUseTheWordsOfTheGlossary() throws Exception {
    var uses = new ArrayList<String>();
    for (Path file : SourceTree.textFiles()) {
      String name = SourceTree.name(file);
      for (Use use : excludedWords(Files.readString(file))) {
        if (!isAllowed(name, use.word())) {
          uses.add(name + ":" + use.line() + " " + use.word());
        }
      }
    }
    assertThat(uses).as("words that docs/STYLE.md excludes").isEmpty();
  }

  @Test
  void everyAllowanceIsUsed() throws Exception {
    assertThat(ALLOWANCES)
        .allSatisfy(allowance ->
            assertThat(wordsIn(Files.readString(SourceTree.root().resolve(allowance.file()))))
                .as(
                    "words in %s, allowed since it has the reason: %s",
                    allowance.file(), allowance.reason())
                .anyMatch(word -> allowance.word().equals("*") || allowance.word().equals(word)));
  }

  @Test
  void wordsAreFoundInsideNames() {
    assertThat(wordsIn("void aFol" + "derIsGivenUp()")).containsExactly("fol" + "der");
    assertThat(wordsIn("MAX_DO" + "ORS")).containsExactly("do" + "ors");
    assertThat(wordsIn("no" + "body else")).containsExactly("no" + "body");
    assertThat(wordsIn("one waits for the ot" + "her.")).hasSize(1);
    assertThat(wordsIn("one after the ot" + "her, indoors, the ot" + "her end")).isEmpty();
  }

  private static List<Use> excludedWords(String text) {
    String words = INSIDE_NAMES.matcher(text).replaceAll(" ");
    Matcher matcher = WORDS.matcher(words);
    return matcher.results().map(hit -> Use.of(words, hit)).toList();
  }

  private static List<String> wordsIn(String text) {
    return excludedWords(text).stream().map(Use::word).toList();
  }

  private static boolean isAllowed(String name, String word) {
    return ALLOWANCES.stream()
        .anyMatch(allowance ->
            allowance.file().equals(name)
                && (allowance.word().equals("*") || allowance.word().equals(word)));
  }
}
