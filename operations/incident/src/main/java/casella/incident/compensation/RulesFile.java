package casella.incident.compensation;

import casella.incident.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// Reads rules of compensation, YAML of version 1. docs/formats/compensation.md says what may be in it.
public final class RulesFile {
    /// Longer files are refused.
    public static final int CHARACTERS_MAX = 24_000;

    private static final int RULES_MAX = 500;
    private static final Set<String> KEYS = Set.of(
            "rule", "brands", "plans", "away", "longer-than", "quota", "months", "nothing");
    private static final Pattern TIME = Pattern.compile("(\\d{1,6})(m|h|d)");
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,4}) ?%");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(MiB|GiB)");
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,40}");

    private RulesFile() {}

    /// @throws IllegalArgumentException naming the line, what is wrong and what is right
    public static Rules read(String yaml) {
        if (yaml.length() > CHARACTERS_MAX) throw wrong(0, "the file must be at most 24,000 characters");
        var settings = LoadSettings.builder().setLabel("the rules").setAllowDuplicateKeys(true)
                .setMaxAliasesForCollections(0).setCodePointLimit(CHARACTERS_MAX).build();
        try {
            Optional<Node> root = new Compose(settings).composeString(yaml);
            Map<String, Node> parts =
                    mapping(root.orElseThrow(() -> wrong(0, "the file is empty")), Set.of("version", "rules"));
            Node version = parts.get("version");
            if (version == null || !text(version, "version").equals("1")) {
                throw wrong(version == null ? 1 : line(version), "version: must be 1");
            }
            if (!(parts.get("rules") instanceof SequenceNode all) || all.getValue().isEmpty()) {
                throw wrong(1, "rules: must be a list of rules, each beginning with `- rule: NAME`");
            }
            if (all.getValue().size() > RULES_MAX) throw wrong(line(all), "rules: must be at most 500");
            var rules = new ArrayList<Rule>();
            var names = new HashSet<String>();
            for (Node one : all.getValue()) {
                Rule rule = rule(one);
                if (!names.add(rule.name())) throw wrong(line(one), "rule: '" + rule.name() + "' is there twice");
                rules.add(rule);
            }
            return new Rules(yaml, rules);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            throw wrong(line, "is no YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw wrong(0, "is no YAML: " + e.getMessage());
        }
    }

    private static Rule rule(Node node) {
        Map<String, Node> parts = mapping(node, KEYS);
        String name = text(needed(node, parts, "rule"), "rule");
        if (!NAME.matcher(name).matches()) throw wrong(line(node), "rule: must be 1 to 40 of a-z 0-9 -");
        List<String> brands = texts(needed(node, parts, "brands"), "brands");
        List<String> plans = texts(needed(node, parts, "plans"), "plans");
        if (plans.isEmpty() || plans.contains("all")) throw wrong(line(node), "plans: must be named, each of them");
        boolean nothing = parts.containsKey("nothing");
        Measure away = measure(node, parts, nothing);
        Duration longer = longer(node, parts, nothing);
        return new Rule(name, brands.equals(List.of("all")) ? List.of() : brands, plans, away, longer,
                nothing ? nothing(node, parts) : credit(node, parts));
    }

    private static Measure measure(Node rule, Map<String, Node> parts, boolean optional) {
        Node node = parts.get("away");
        if (node == null && optional) return Measure.MAILBOX;
        Node there = needed(rule, parts, "away");
        return Measure.of(text(there, "away")).orElseThrow(() -> wrong(line(there),
                "away: must be mailbox (log-in or read), log-in, read, receive, send or push"));
    }

    /// A rule by which nothing is given is for everybody of its plans, unless it says otherwise.
    private static Duration longer(Node rule, Map<String, Node> parts, boolean optional) {
        Node node = parts.get("longer-than");
        if (node == null && optional) return Duration.ofMillis(-1);
        Node there = needed(rule, parts, "longer-than");
        Matcher time = TIME.matcher(text(there, "longer-than"));
        if (!time.matches()) throw wrong(line(there), "longer-than: must be a time like 90m, 24h or 2d");
        long number = Long.parseLong(time.group(1));
        return switch (time.group(2)) {
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    private static Rule.Due nothing(Node rule, Map<String, Node> parts) {
        if (parts.containsKey("quota") || parts.containsKey("months")) {
            throw wrong(line(rule), "nothing: a rule gives something or nothing, not both");
        }
        Node node = needed(rule, parts, "nothing");
        Map<String, Node> said = mapping(node, Set.of("it", "en"));
        try {
            return new Rule.Due.Nothing(new Words(
                    text(needed(node, said, "it"), "it"), text(needed(node, said, "en"), "en")));
        } catch (IllegalArgumentException e) {
            throw wrong(line(node), "nothing: the reason in both languages, `it:` and `en:`: " + e.getMessage());
        }
    }

    private static Rule.Due credit(Node rule, Map<String, Node> parts) {
        int percent = 0;
        long bytes = 0;
        int months = 0;
        Node quota = parts.get("quota");
        if (quota != null) {
            Matcher share = PERCENT.matcher(text(quota, "quota"));
            Matcher size = SIZE.matcher(text(quota, "quota"));
            if (share.matches()) percent = Integer.parseInt(share.group(1));
            else if (size.matches()) bytes = Long.parseLong(size.group(1)) << (size.group(2).equals("MiB") ? 20 : 30);
            if (percent > Rule.PERCENT_MAX || bytes > Rule.BYTES_MAX || percent + bytes == 0) {
                throw wrong(line(quota), "quota: must be a share of the plan's like 20% (at most 1000%), or a size like 2GiB");
            }
        }
        Node given = parts.get("months");
        if (given != null) {
            String text = text(given, "months");
            months = text.matches("\\d{1,3}") ? Integer.parseInt(text) : 0;
            if (months < 1 || months > Rule.MONTHS_MAX) throw wrong(line(given), "months: must be 1 to 120");
        }
        if (quota == null && given == null) {
            throw wrong(line(rule), "say what is given: `quota:` or `months:`, or `nothing:` with the reason");
        }
        return new Rule.Due.Credit(percent, bytes, months);
    }

    private static Node needed(Node rule, Map<String, Node> parts, String key) {
        Node node = parts.get(key);
        if (node == null) throw wrong(line(rule), key + ": is missing");
        return node;
    }

    private static Map<String, Node> mapping(Node node, Set<String> keys) {
        if (!(node instanceof MappingNode mapping)) {
            throw wrong(line(node), "must be keys with values: " + String.join(", ", keys.stream().sorted().toList()));
        }
        Map<String, Node> parts = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
            if (!keys.contains(key)) {
                throw wrong(line(tuple.getKeyNode()), "there is no '" + key + "'; there are "
                        + String.join(", ", keys.stream().sorted().toList()));
            }
            if (parts.put(key, tuple.getValueNode()) != null) {
                throw wrong(line(tuple.getKeyNode()), key + ": is there twice");
            }
        }
        return parts;
    }

    private static String text(Node node, String key) {
        if (node instanceof ScalarNode scalar) return scalar.getValue().strip();
        throw wrong(line(node), key + ": must be one value");
    }

    private static List<String> texts(Node node, String key) {
        if (!(node instanceof SequenceNode sequence)) return List.of(text(node, key));
        return sequence.getValue().stream().map(one -> text(one, key)).toList();
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    private static IllegalArgumentException wrong(int line, String what) {
        return new IllegalArgumentException(line == 0 ? "rules: " + what : "rules, line " + line + ": " + what);
    }
}
