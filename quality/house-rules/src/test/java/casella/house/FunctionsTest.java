package casella.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Proves that every function can be read at one look: at most 60 lines from its name to its last brace, its comment not
/// counted. There is no list of exceptions.
final class FunctionsTest {
    private static final Path ROOT = Path.of(System.getProperty("casella.root", "../.."));
    private static final int LINES_MAX = 60;

    /// A function's place and length.
    private record Function(String place, long lines) {}

    private static List<Path> sources() throws IOException {
        try (Stream<Path> all = Files.walk(ROOT)) {
            return all.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> Stream.of("target", "node_modules").noneMatch(name -> inFolder(file, name)))
                    .toList();
        }
    }

    private static boolean inFolder(Path file, String name) {
        for (Path part : ROOT.relativize(file)) if (part.toString().equals(name)) return true;
        return false;
    }

    private static List<Function> functions(List<Path> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        var found = new ArrayList<Function>();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            var units = files.getJavaFileObjectsFromPaths(sources);
            var task = (JavacTask) compiler.getTask(null, files, null, List.of(), null, units);
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) new Scan(unit, positions, found).scan(unit, null);
        }
        return found;
    }

    /// Collects the functions of one file.
    private static final class Scan extends TreePathScanner<@Nullable Void, @Nullable Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<Function> found;

        Scan(CompilationUnitTree unit, SourcePositions positions, List<Function> found) {
            this.unit = unit;
            this.positions = positions;
            this.found = found;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree function, @Nullable Void nothing) {
            LineMap lines = unit.getLineMap();
            long first = lines.getLineNumber(positions.getStartPosition(unit, function));
            long last = lines.getLineNumber(positions.getEndPosition(unit, function));
            Path file = ROOT.relativize(Path.of(Objects.requireNonNull(unit.getSourceFile()).getName()));
            found.add(new Function(file + ":" + first + " " + function.getName(), last - first + 1));
            return super.visitMethod(function, null);
        }
    }

    @Test
    void noFunctionIsLongerThanOneLook() throws IOException {
        List<Function> functions = functions(sources());

        assertThat(functions).hasSizeGreaterThan(3_000);
        assertThat(functions).filteredOn(function -> function.lines() > LINES_MAX).isEmpty();
    }
}
