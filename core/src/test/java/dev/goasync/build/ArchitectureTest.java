package dev.goasync.build;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Checks the compiled library: its packages use only their neighbours in {@link PackageGraph}, and
 * dangerous calls stay in their package.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ArchitectureTest {
  /**
   * Below or beside the time source, and the sleep of a plain thread; all other classes ask the
   * loop for the time.
   */
  private static final Set<String> NEAR_THE_CLOCK =
      Set.of(
          "internal.loop.TimeSource",
          "internal.loop.ThreadWait",
          "internal.loop.ReadyQueue",
          "internal.task.TimeLimits");

  private static final Set<String> CLOCKS_AND_DICE =
      Set.of(
          "java.lang.System.nanoTime()",
          "java.lang.System.currentTimeMillis()",
          "java.lang.Thread.sleep(long)",
          "java.lang.Thread.sleep(long, int)",
          "java.lang.Thread.sleep(java.time.Duration)",
          "java.time.Instant.now()",
          "java.lang.Math.random()",
          "java.util.Random.<init>()",
          "java.util.SplittableRandom.<init>()",
          "java.util.concurrent.ThreadLocalRandom.current()");

  private static final String NIO = PackageGraph.ROOT + ".internal.nio..";

  private JavaClasses library;

  @BeforeAll
  void read() {
    library = new ClassFileImporter().importPath(SourceTree.root().resolve("core/target/classes"));
    assertThat(library).as("classes of the library").isNotEmpty();
  }

  @Test
  void tableHasNoCycle() {
    var above = new HashSet<String>();
    PackageGraph.allowedNeighbours()
        .forEach((row, neighbours) -> {
          assertThat(above).as("rows above %s", row).containsAll(neighbours);
          above.add(row);
        });
  }

  @Test
  void packagesUseOnlyTheirNeighbours() {
    var graph = PackageGraph.allowedNeighbours();
    var violations = new TreeSet<String>();
    for (JavaClass user : library) {
      String from = PackageGraph.shortName(user.getPackageName());
      Set<String> neighbours = graph.get(from);
      if (neighbours == null) {
        violations.add("package " + from + " is not in PackageGraph");
        continue;
      }
      for (Dependency use : user.getDirectDependenciesFromSelf()) {
        String used = use.getTargetClass().getPackageName();
        String to = PackageGraph.shortName(used);
        if (!to.equals(used) && !to.equals(from) && !neighbours.contains(to)) {
          violations.add(from + " may not use " + to + ": " + use.getDescription());
        }
      }
    }
    assertThat(violations).isEmpty();
  }

  @Test
  void onlySysLinksNativeCode() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(PackageGraph.ROOT + ".internal.sys")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.foreign.Linker"));
  }

  @Test
  void onlyVthreadForcesAccess() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(PackageGraph.ROOT + ".internal.vthread")
            .should()
            .callMethodWhere(target(name("setAccessible")))
            .orShould()
            .callMethodWhere(target(name("trySetAccessible"))));
  }

  @Test
  void onlyTheLoopReadsTheClock() {
    check(noClasses().that(areNotNearTheClock()).should().callCodeUnitWhere(targetIsClockOrDie()));
  }

  @Test
  void noUnsafe() {
    check(noClasses().should().dependOnClassesThat().haveSimpleName("Unsafe"));
  }

  @Test
  void nothingIsPrinted() {
    check(noClasses().should().accessField(System.class, "out"));
  }

  @Test
  void nioHasNoClassesOfPosix() {
    check(
        noClasses()
            .that()
            .resideInAPackage(NIO)
            .should()
            .dependOnClassesThat()
            .haveSimpleNameStartingWith("Posix"));
  }

  /** On Windows these paths and attributes do not exist. */
  @Test
  void nioHasNoPathsOfUnix() throws IOException {
    Path classes = SourceTree.root().resolve("core/target/classes/dev/goasync/internal/nio");
    try (Stream<Path> files = Files.walk(classes)) {
      List<Path> all = files.filter(file -> file.toString().endsWith(".class")).toList();
      assertThat(all).isNotEmpty();
      for (Path file : all) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(
                "/proc/", "/dev/null", "/dev/tty", "/dev/fd", "/sys/", "/tmp", "unix:", "posix:");
      }
    }
  }

  private void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(library);
  }

  private static DescribedPredicate<JavaClass> areNotNearTheClock() {
    return describe(
        "are not " + NEAR_THE_CLOCK,
        candidate -> {
          String topLevel = candidate.getName().replaceFirst("\\$.*", "");
          return !NEAR_THE_CLOCK.contains(PackageGraph.shortName(topLevel));
        });
  }

  private static DescribedPredicate<JavaCall<?>> targetIsClockOrDie() {
    return describe(
        "target is a clock, a sleep or an unseeded random number",
        call -> CLOCKS_AND_DICE.contains(call.getTarget().getFullName()));
  }
}
