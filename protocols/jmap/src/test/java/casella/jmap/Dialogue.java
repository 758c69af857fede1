package casella.jmap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Plays a dialogue file: `C:` is sent, `S:` must come back. Lines that begin with a space go on
/// with the one before.
///
/// ```text
/// C: [[...]]   method calls; `using` names everything; an object is a whole request
///              and anything else a raw body
/// S: [[...]]   the method responses; an object is the whole answer
/// $Name        binds to a string (or name of a member) on first sight and must repeat;
///              in C: it is put in
/// "..."        anything; last in an array: any more of them; as a member `"...": "..."`:
///              any other members
/// ```
/// Names of bindings begin with a capital, so that `$seen` is the keyword it is.
final class Dialogue {
    private static final Pattern NAME = Pattern.compile("\\$([A-Z][A-Za-z0-9]*)");
    private static final String ANY = "...";

    private record Step(int line, char who, String text) {}

    private final Path file;
    private final Map<String, String> bound = new HashMap<>();

    Dialogue(Path file, Map<String, String> given) {
        this.file = file;
        bound.putAll(given);
    }

    /// Plays all of it; `ask` sends a request body and returns the answer's. Returns how many
    /// answers were compared.
    int play(UnaryOperator<String> ask) {
        int compared = 0;
        JsonNode came = null;
        for (Step step : steps()) {
            if (step.who() == 'C') {
                came = Running.json(ask.apply(body(step.text())));
                continue;
            }
            if (came == null) throw new AssertionError(at(step) + " nothing was asked before");
            JsonNode wanted = Running.json(step.text());
            JsonNode got = wanted.isArray() ? came.path("methodResponses") : came;
            String difference = difference("", wanted, got);
            if (difference != null) {
                throw new AssertionError(at(step) + " " + difference + "\n  came: " + got.toString());
            }
            compared++;
        }
        return compared;
    }

    private String at(Step step) {
        return file.getFileName() + ":" + step.line();
    }

    private String body(String text) {
        String filled = NAME.matcher(text).replaceAll(m -> {
            String value = bound.get(m.group(1));
            if (value == null) throw new AssertionError(file.getFileName() + ": nothing bound to $"
                    + m.group(1));
            return value;
        });
        if (!filled.startsWith("[")) return filled;
        return "{\"using\":[\"urn:ietf:params:jmap:core\",\"urn:ietf:params:jmap:mail\","
                + "\"urn:ietf:params:jmap:submission\",\"https://casella.example/jmap/service\"],\"methodCalls\":"
                + filled + "}";
    }

    private List<Step> steps() {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var steps = new ArrayList<Step>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isBlank() || line.startsWith("#")) continue;
            if (line.startsWith(" ")) {
                Step last = steps.removeLast();
                steps.add(new Step(last.line(), last.who(), last.text() + "\n" + line));
            } else if (line.startsWith("C: ") || line.startsWith("S: ")) {
                steps.add(new Step(i + 1, line.charAt(0), line.substring(3)));
            } else {
                throw new AssertionError(file.getFileName() + ":" + (i + 1)
                        + " must begin with C:, S:, # or a space");
            }
        }
        return steps;
    }

    private @Nullable String difference(String path, JsonNode wanted, JsonNode got) {
        if (wanted.isString()) {
            String text = wanted.stringValue();
            if (text.equals(ANY)) return got.isMissingNode() ? path + ": missing" : null;
            if (NAME.matcher(text).matches()) {
                return got.isString() ? bind(path, text, got.stringValue()) : path
                        + ": wanted a string, got " + got;
            }
        }
        if (wanted.isObject() && got.isObject()) return objects(path, wanted, got);
        if (wanted.isArray() && got.isArray()) return arrays(path, wanted, got);
        return wanted.equals(got) ? null : path + ": wanted " + wanted + ", got " + got;
    }

    private @Nullable String objects(String path, JsonNode wanted, JsonNode got) {
        boolean open = wanted.has(ANY);
        var left = new ArrayList<>(got.propertyNames());
        for (var entry : wanted.properties()) {
            String name = entry.getKey();
            if (name.equals(ANY)) continue;
            if (NAME.matcher(name).matches()) {
                String known = bound.get(name.substring(1));
                if (known == null && left.size() != 1) return path + ": " + name + " could be any of " + left;
                if (known == null) bound.put(name.substring(1), left.get(0));
                name = known == null ? left.get(0) : known;
            }
            if (!got.has(name)) return path + "/" + name + ": missing, has " + got.propertyNames();
            left.remove(name);
            String inside = difference(path + "/" + name, entry.getValue(), got.get(name));
            if (inside != null) return inside;
        }
        return open || left.isEmpty() ? null : path + ": not expected " + left;
    }

    private @Nullable String arrays(String path, JsonNode wanted, JsonNode got) {
        int count = wanted.size();
        boolean open = count > 0 && wanted.get(count - 1).isString()
                && wanted.get(count - 1).stringValue().equals(ANY);
        if (open) count--;
        if (open ? got.size() < count : got.size() != count) {
            return path + ": wanted " + count + " items, got " + got.size() + ": " + got;
        }
        for (int i = 0; i < count; i++) {
            String inside = difference(path + "/" + i, wanted.get(i), got.get(i));
            if (inside != null) return inside;
        }
        return null;
    }

    private @Nullable String bind(String path, String name, String value) {
        String known = bound.putIfAbsent(name.substring(1), value);
        return known == null || known.equals(value)
                ? null
                : path + ": " + name + " was " + known + ", now " + value;
    }
}
