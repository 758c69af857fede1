package casella.server.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// The file as sections of keys with their lines; no value is understood here.
final class Source {
    private static final long BYTES_MAX = 1 << 20;

    /// A value as it is written.
    ///
    /// @param texts one for a single value, any number for a list
    record Value(int line, List<String> texts, boolean list) {}

    /// @param line where its name stands
    record Part(int line, Map<String, Value> values) {}

    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final List<Problem> problems;

    private Source(List<Problem> problems) {
        this.problems = problems;
    }

    static Source file(Path file, List<Problem> problems) {
        try {
            if (Files.size(file) > BYTES_MAX) {
                problems.add(new Problem(0, "", "the file must be at most 1MiB"));
                return new Source(problems);
            }
            return text(Files.readString(file, StandardCharsets.UTF_8), problems);
        } catch (MalformedInputException e) {
            problems.add(new Problem(0, "", "the file must be UTF-8"));
        } catch (IOException e) {
            problems.add(new Problem(0, "", "the file cannot be read: " + e.getMessage()));
        }
        return new Source(problems);
    }

    static Source text(String yaml, List<Problem> problems) {
        var source = new Source(problems);
        var settings = LoadSettings.builder()
                .setLabel("the configuration")
                .setAllowDuplicateKeys(true) // named here, with their line
                .setMaxAliasesForCollections(0)
                .setCodePointLimit((int) BYTES_MAX)
                .build();
        try {
            Optional<Node> root = new Compose(settings).composeString(yaml);
            root.ifPresent(source::root);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            problems.add(new Problem(line, "", "is no YAML: " + e.getProblem()));
        } catch (YamlEngineException e) {
            problems.add(new Problem(0, "", "is no YAML: " + e.getMessage()));
        }
        return source;
    }

    Map<String, Part> parts() {
        return parts;
    }

    private void root(Node root) {
        if (root instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL)) return;
        if (!(root instanceof MappingNode mapping)) {
            problems.add(new Problem(line(root), "", "must be sections like `imap:` with keys below"));
            return;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            String name = name(tuple);
            if (parts.containsKey(name)) problems.add(new Problem(line(tuple.getKeyNode()), name, "is there twice"));
            parts.put(name, new Part(line(tuple.getKeyNode()), values(name, tuple.getValueNode())));
        }
    }

    private Map<String, Value> values(String section, Node node) {
        Map<String, Value> values = new LinkedHashMap<>();
        if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL)) return values;
        if (!(node instanceof MappingNode mapping)) {
            problems.add(new Problem(line(node), section, "must be a section with keys below"));
            return values;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            String key = name(tuple);
            String whole = section + "." + key;
            if (values.containsKey(key)) problems.add(new Problem(line(tuple.getKeyNode()), whole, "is there twice"));
            value(whole, tuple.getValueNode()).ifPresent(value -> values.put(key, value));
        }
        return values;
    }

    private Optional<Value> value(String whole, Node node) {
        if (node instanceof ScalarNode scalar) {
            return Optional.of(new Value(line(node), List.of(scalar.getValue()), false));
        }
        if (node instanceof SequenceNode sequence) {
            var texts = new ArrayList<String>();
            for (Node item : sequence.getValue()) {
                if (!(item instanceof ScalarNode scalar)) {
                    problems.add(new Problem(line(item), whole, "must be a list of single values"));
                    return Optional.empty();
                }
                texts.add(scalar.getValue());
            }
            return Optional.of(new Value(line(node), texts, true));
        }
        problems.add(new Problem(line(node), whole, "must be a value, not a section"));
        return Optional.empty();
    }

    private static String name(NodeTuple tuple) {
        return tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }
}
