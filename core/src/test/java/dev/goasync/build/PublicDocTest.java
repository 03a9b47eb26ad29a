package dev.goasync.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Checks that everything exported has a doc comment. The javadoc tool checks the comments that
 * exist. Neither requires tags such as {@code @param}: a sentence is often better.
 */
final class PublicDocTest {
  @Test
  void everythingExportedHasADocComment() throws Exception {
    List<Path> files = SourceTree.exportedFiles();
    assertThat(files).as("files of exported packages").isNotEmpty();
    assertThat(undocumentedIn(files)).as("public, and without a doc comment").isEmpty();
  }

  private static List<String> undocumentedIn(List<Path> files) throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      var task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
      var finder = new Finder(DocTrees.instance(task));
      for (CompilationUnitTree unit : task.parse()) {
        finder.scan(unit, null);
      }
      return finder.undocumented;
    }
  }

  /** Visits public and protected members of public types; what overrides inherits its comment. */
  private static final class Finder extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final DocTrees docs;
    final List<String> undocumented = new ArrayList<>();

    Finder(DocTrees docs) {
      this.docs = docs;
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
      if (isVisible(type.getModifiers())) {
        check(type.getSimpleName());
        super.visitClass(type, null);
      }
      return null;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
      boolean overrides =
          method.getModifiers().getAnnotations().stream()
              .anyMatch(annotation -> annotation.getAnnotationType().toString().equals("Override"));
      if (isVisible(method.getModifiers()) && !overrides) {
        check(method.getName());
      }
      return null;
    }

    @Override
    public @Nullable Void visitVariable(VariableTree field, @Nullable Void nothing) {
      if (isVisible(field.getModifiers())) {
        check(field.getName());
      }
      return null;
    }

    private void check(CharSequence name) {
      TreePath path = getCurrentPath();
      if (docs.getDocComment(path) == null) {
        CompilationUnitTree unit = path.getCompilationUnit();
        undocumented.add(
            SourceTree.name(Path.of(unit.getSourceFile().toUri()))
                + ":"
                + unit.getLineMap()
                    .getLineNumber(docs.getSourcePositions().getStartPosition(unit, path.getLeaf()))
                + " "
                + name);
      }
    }

    private boolean isVisible(ModifiersTree modifiers) {
      Set<Modifier> flags = modifiers.getFlags();
      TreePath parent = getCurrentPath().getParentPath();
      boolean inInterface = parent != null && parent.getLeaf().getKind() == Tree.Kind.INTERFACE;
      return flags.contains(Modifier.PUBLIC)
          || flags.contains(Modifier.PROTECTED)
          || (inInterface && !flags.contains(Modifier.PRIVATE));
    }
  }
}
