package casella.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A dialogue as written: its header, its steps, and its lines, so that a rewritten script keeps every comment.
final class DialogueScript {
    enum Kind {
        CLIENT,
        /// Bytes with escapes, without a line end.
        CLIENT_BYTES,
        SERVER,
        SERVER_ANY_ORDER,
        /// What happens to the server meanwhile.
        HAPPENS
    }

    /// @param number   1-based line in the file
    /// @param connection 1 to 9
    /// @param line     the whole line as written
    record Step(int number, int connection, Kind kind, String text, String line) {}

    private static final Pattern STEP = Pattern.compile("(?:([1-9])>)?(C|C~|S|S\\*|!):(?: (.*))?");
    private static final Pattern HEADER = Pattern.compile("(needs|with|on): (.+)");

    private final String name;
    private final List<String> lines;
    private final List<Step> steps = new ArrayList<>();
    private final List<String> needs = new ArrayList<>();
    private final List<String> with = new ArrayList<>();
    private String on = "";
    /// What stands in place of an answer's first line after a rewrite; its other lines are gone.
    private final Map<Integer, List<String>> replaced = new TreeMap<>();

    private DialogueScript(String name, List<String> lines) {
        this.name = name;
        this.lines = lines;
    }

    static DialogueScript read(Path file) throws IOException {
        var script = new DialogueScript(String.valueOf(file.getFileName()), Files.readAllLines(file));
        for (int number = 1; number <= script.lines.size(); number++) script.read(number);
        return script;
    }

    private void read(int number) {
        String line = lines.get(number - 1);
        if (line.isBlank() || line.startsWith("#")) return;
        Matcher step = STEP.matcher(line);
        Matcher header = HEADER.matcher(line);
        if (step.matches()) {
            Kind kind = switch (step.group(2)) {
                case "C" -> Kind.CLIENT;
                case "C~" -> Kind.CLIENT_BYTES;
                case "S" -> Kind.SERVER;
                case "!" -> Kind.HAPPENS;
                default -> Kind.SERVER_ANY_ORDER;
            };
            int connection = step.group(1) == null ? 1 : Integer.parseInt(step.group(1));
            String text = step.group(3) == null ? "" : step.group(3);
            steps.add(new Step(number, connection, kind, text, line));
        } else if (header.matches() && steps.isEmpty()) {
            switch (header.group(1)) {
                case "needs" -> needs.add(header.group(2));
                case "with" -> with.add(header.group(2));
                default -> on = header.group(2);
            }
        } else {
            throw new IllegalArgumentException(
                    name + ":" + number
                            + ": expected C:, C~:, S:, S*:, !:, # or, before these, needs:, with:, on:");
        }
    }

    String name() {
        return name;
    }

    Dialogue.Header header() {
        return new Dialogue.Header(List.copyOf(needs), List.copyOf(with), on);
    }

    List<Step> steps() {
        return steps;
    }

    String place(Step step) {
        return name + ":" + step.number();
    }

    /// Returns the index after the last of the answers that begin at `from` on the same connection.
    int endOfAnswer(int from) {
        int until = from;
        while (until < steps.size() && sameAnswer(steps.get(from), steps.get(until))) until++;
        return until;
    }

    private static boolean sameAnswer(Step first, Step other) {
        return other.connection() == first.connection()
                && (other.kind() == Kind.SERVER || other.kind() == Kind.SERVER_ANY_ORDER);
    }

    void replace(int from, int until, List<String> now) {
        for (int i = from; i < until; i++) replaced.put(steps.get(i).number(), i == from ? now : List.of());
    }

    void write(Path file) throws IOException {
        var out = new ArrayList<String>();
        for (int number = 1; number <= lines.size(); number++) {
            List<String> now = replaced.get(number);
            if (now == null) out.add(lines.get(number - 1));
            else out.addAll(now);
        }
        if (!out.equals(lines)) Files.write(file, out);
    }
}
