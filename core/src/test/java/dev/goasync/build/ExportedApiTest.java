package dev.goasync.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Checks that signatures of the exported packages name exported types only. The lint of javac for
 * this is off, because it counts the annotations of JSpecify, whose module users do not need.
 */
final class ExportedApiTest {
  private static final Pattern EXPORT = Pattern.compile("exports ([a-z.]+);");

  @Test
  void signaturesNameExportedTypes() throws Exception {
    Set<String> exported =
        EXPORT
            .matcher(
                Files.readString(SourceTree.root().resolve("core/src/main/java/module-info.java")))
            .results()
            .map((MatchResult export) -> export.group(1))
            .collect(Collectors.toSet());
    var library =
        new ClassFileImporter().importPath(SourceTree.root().resolve("core/target/classes"));
    var signatures = new TreeSet<String>();
    var leaks = new TreeSet<String>();
    for (JavaClass type : library) {
      if (!exported.contains(type.getPackageName()) || !isVisible(type)) {
        continue;
      }
      for (JavaMember member : type.getMembers()) {
        if (isVisible(member.getModifiers())
            && !member.getModifiers().contains(JavaModifier.SYNTHETIC)) {
          signatures.add(member.getFullName());
          member.getAllInvolvedRawTypes().stream()
              .map(JavaClass::getBaseComponentType)
              .filter(used -> used.getPackageName().startsWith(PackageGraph.ROOT))
              .filter(used -> !exported.contains(used.getPackageName()))
              .forEach(used -> leaks.add(member.getFullName() + " names " + used.getName()));
        }
      }
    }
    assertThat(signatures).as("signatures of the API").hasSizeGreaterThan(500);
    assertThat(leaks).as("types of packages that are not exported").isEmpty();
  }

  private static boolean isVisible(JavaClass type) {
    return isVisible(type.getModifiers())
        && type.getEnclosingClass().map(ExportedApiTest::isVisible).orElse(true);
  }

  private static boolean isVisible(Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }
}
