package casella.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Proves what no compiler checks: sizes of files, lines and functions, references that lead somewhere, words we keep out.
final class TidyTest {
    private static final Path ROOT = Path.of(System.getProperty("casella.root", "../.."));
    private static final int LINE_MAX = 110;
    /// Lines over the limit that were there when the rule came. It may only shrink.
    private static final int LONG_LINES_MAX = 360;
    private static final int FILE_MAX = 600;
    private static final Set<String> SKIPPED = Set.of("target", "node_modules", ".git", "dist", "casella-data");
    private static final Pattern REFERENCE = Pattern.compile("RFC (\\d{3,4})(?: (§[A-Z0-9][0-9A-Za-z.]*[0-9A-Za-z]|§[A-Z0-9]))?");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

    private static List<Path> files(String... endings) throws IOException {
        var found = new ArrayList<Path>();
        try (Stream<Path> all = Files.walk(ROOT)) {
            all.filter(Files::isRegularFile)
                    .filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
                    .filter(TidyTest::ours)
                    .forEach(found::add);
        }
        return found;
    }

    private static boolean ours(Path file) {
        for (Path part : ROOT.relativize(file)) if (SKIPPED.contains(part.toString())) return false;
        return true;
    }

    private static List<String> lines(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void theWalkFoundTheSources() throws IOException {
        assertThat(files(".java")).hasSizeGreaterThan(300);
    }

    @Test
    void filesAndLinesStayReadable() throws IOException {
        var wrong = new ArrayList<String>();
        var tooLong = new ArrayList<String>();
        for (Path file : files(".java")) {
            List<String> lines = lines(file);
            if (lines.size() > FILE_MAX) wrong.add(ROOT.relativize(file) + ": " + lines.size() + " lines");
            for (int i = 0; i < lines.size(); i++) {
                boolean code = !lines.get(i).contains("\"") && !lines.get(i).strip().startsWith("///");
                if (code && lines.get(i).length() > LINE_MAX) tooLong.add(ROOT.relativize(file) + ":" + (i + 1));
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(tooLong).hasSizeLessThanOrEqualTo(LONG_LINES_MAX);
    }

    @Test
    void nothingIsLeftForLater() throws IOException {
        // Put together here, so that this file does not find itself.
        List<String> words = List.of("TO" + "DO", "FIX" + "ME", "@Dis" + "abled(", "@Dis" + "abled\n", "assumeTrue(" + "false");
        var wrong = new ArrayList<String>();
        for (Path file : files(".java", ".ts", ".svelte")) {
            String text = Files.readString(file);
            for (String word : words) if (text.contains(word)) wrong.add(ROOT.relativize(file) + ": " + word);
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void noFileNamesARegistry() throws IOException {
        Pattern host = Pattern.compile("//[a-z0-9.-]*(maven|npmjs|debian)[a-z0-9.-]*[.](org|com|net)");
        var wrong = new ArrayList<String>();
        for (Path file : files(".java", ".xml", ".md", ".json", ".sh", ".ts", ".yaml")) {
            Matcher found = host.matcher(Files.readString(file));
            while (found.find()) {
                boolean schema = found.group().contains("maven.apache.org") && file.endsWith("pom.xml");
                if (!schema) wrong.add(ROOT.relativize(file) + ": " + found.group());
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyRfcReferenceIsInTheTable() throws IOException {
        Map<String, Set<String>> known = table();
        var wrong = new ArrayList<String>();
        int seen = 0;
        for (Path file : files(".java", ".txt", ".proto")) {
            if (file.toString().contains("/corpus/")) continue;
            Matcher found = REFERENCE.matcher(Files.readString(file));
            while (found.find()) {
                seen++;
                Set<String> sections = known.get(found.group(1));
                String section = found.group(2);
                if (sections == null) wrong.add(ROOT.relativize(file) + ": RFC " + found.group(1) + " is not in docs/rfc.tsv");
                else if (section != null && !sections.contains(section.substring(1))) {
                    wrong.add(ROOT.relativize(file) + ": " + found.group() + " is not in docs/rfc.tsv");
                }
            }
        }
        assertThat(seen).isGreaterThan(300);
        assertThat(wrong).isEmpty();
    }

    /// Returns the sections of each RFC in docs/rfc.tsv: number, section, status, title.
    private static Map<String, Set<String>> table() throws IOException {
        var known = new HashMap<String, Set<String>>();
        for (String line : lines(ROOT.resolve("docs/rfc.tsv"))) {
            String[] cell = line.split("\t");
            if (line.startsWith("#")) continue;
            assertThat(cell).as(line).hasSize(4);
            assertThat(Set.of("yes", "partial", "no", "planned")).as(line).contains(cell[2]);
            known.computeIfAbsent(cell[0], _ -> new HashSet<>()).add(cell[1]);
        }
        return known;
    }

    @Test
    void sectionsInTheTableExistInTheTexts() throws IOException {
        Path texts = ROOT.resolve("../shared/rfc");
        if (!Files.isDirectory(texts)) {
            System.out.println("RFC texts are not beside this checkout; docs/rfc.tsv is not compared with them");
            return;
        }
        var wrong = new ArrayList<String>();
        for (Map.Entry<String, Set<String>> rfc : table().entrySet()) {
            Path text = texts.resolve("rfc" + "0".repeat(4 - rfc.getKey().length()) + rfc.getKey() + ".txt");
            if (!Files.exists(text)) continue;
            String content = new String(Files.readAllBytes(text), StandardCharsets.ISO_8859_1);
            for (String section : rfc.getValue()) {
                if (section.isEmpty()) continue;
                String heading = "(?m)^\\s*(Appendix )?" + Pattern.quote(section) + "\\.?:?\\s+\\S";
                if (!Pattern.compile(heading).matcher(content).find()) wrong.add("RFC " + rfc.getKey() + " §" + section);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void decisionsHaveNumbersOfTheirOwn() throws IOException {
        var seen = new HashSet<String>();
        var twice = new ArrayList<String>();
        try (Stream<Path> all = Files.list(ROOT.resolve("docs/decisions"))) {
            for (Path file : all.toList()) {
                String name = file.getFileName().toString();
                assertThat(name).matches("\\d{4}-[a-z0-9.-]+\\.md");
                if (!seen.add(name.substring(0, 4))) twice.add(name);
            }
        }
        assertThat(seen).isNotEmpty();
        assertThat(twice).isEmpty();
    }

    @Test
    void linksInDocumentsLeadSomewhere() throws IOException {
        var broken = new ArrayList<String>();
        for (Path file : files(".md")) {
            Matcher link = LINK.matcher(Files.readString(file));
            while (link.find()) {
                Path target = file.resolveSibling(link.group(1).strip()).normalize();
                if (!Files.exists(target)) broken.add(ROOT.relativize(file) + " -> " + link.group(1));
            }
        }
        assertThat(broken).isEmpty();
    }
}
