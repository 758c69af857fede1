package casella.jmap;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// JSON in and out. In: I-JSON (RFC 7493), no name twice, no half of a surrogate pair, bounded
/// depth. RFC 8620 §1.5.
final class Json {
    /// How deep objects and arrays may lie in each other. Email/set with a deep part tree needs
    /// about 40.
    static final int DEPTH_MAX = 100;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .maxNumberLength(100)
                            .maxNameLength(10_000)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /// Bytes that are not I-JSON. The sentence says where, never what.
    static final class NotJson extends Exception {
        private static final long serialVersionUID = 1L;

        private final String sentence;

        NotJson(String sentence) {
            super(sentence, null, false, false);
            this.sentence = sentence;
        }

        String sentence() {
            return sentence;
        }
    }

    /// Returns the value that `utf8` holds.
    static JsonNode read(byte[] utf8) throws NotJson {
        JsonNode value;
        try {
            value = MAPPER.readTree(utf8);
        } catch (JacksonException e) {
            var where = e.getLocation();
            throw new NotJson(where == null ? "Not JSON" : "Not JSON at byte " + where.getByteOffset());
        }
        if (value == null || value.isMissingNode()) throw new NotJson("Nothing there");
        if (!whole(value)) throw new NotJson("Half of a surrogate pair in a string");
        return value;
    }

    /// Returns `value` as UTF-8. Half of a surrogate pair comes out as a question mark.
    static byte[] write(JsonNode value) {
        var text = new StringWriter(1024);
        MAPPER.writeValue(text, value);
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    static ObjectNode object() {
        return NODES.objectNode();
    }

    static ArrayNode array() {
        return NODES.arrayNode();
    }

    static ArrayNode array(Iterable<?> texts) {
        ArrayNode out = NODES.arrayNode();
        for (Object text : texts) out.add(text.toString());
        return out;
    }

    static JsonNode text(@org.jspecify.annotations.Nullable String text) {
        return text == null ? NODES.nullNode() : NODES.stringNode(text);
    }

    static JsonNode number(long value) {
        return NODES.numberNode(value);
    }

    static JsonNode truth(boolean value) {
        return NODES.booleanNode(value);
    }

    static JsonNode nothing() {
        return NODES.nullNode();
    }

    private static boolean whole(JsonNode value) {
        if (value.isString()) return whole(value.stringValue());
        if (value.isObject()) {
            for (Map.Entry<String, JsonNode> entry : value.properties()) {
                if (!whole(entry.getKey()) || !whole(entry.getValue())) return false;
            }
        } else if (value.isArray()) {
            for (JsonNode item : value) if (!whole(item)) return false;
        }
        return true;
    }

    private static boolean whole(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) continue;
            if (!Character.isHighSurrogate(c) || i + 1 == text.length()) return false;
            if (!Character.isLowSurrogate(text.charAt(++i))) return false;
        }
        return true;
    }
}
