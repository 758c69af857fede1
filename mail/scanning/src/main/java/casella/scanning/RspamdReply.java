package casella.scanning;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What rspamd says of a mail.
///
/// @param action `no action`, `add header`, `reject` …
/// @param score a finite number
/// @param symbols names of what it found, at most [#SYMBOLS_MAX]
record RspamdReply(String action, double score, List<String> symbols) {
    static final int SYMBOLS_MAX = 10;
    private static final int NAME_MAX = 60;
    private static final JsonMapper MAPPER = JsonMapper.shared();

    /// Reads one.
    ///
    /// @throws IOException if it is none
    static RspamdReply read(byte[] json) throws IOException {
        JsonNode root;
        try {
            root = MAPPER.readTree(json);
        } catch (JacksonException e) {
            throw new IOException("its answer is no JSON", e);
        }
        JsonNode action = root.path("action");
        JsonNode score = root.path("score");
        if (!action.isString() || !score.isNumber()) throw new IOException("its answer says nothing");
        double number = score.doubleValue();
        if (!Double.isFinite(number)) throw new IOException("its score is no number");
        var symbols = new ArrayList<String>();
        for (String name : root.path("symbols").propertyNames()) {
            if (symbols.size() == SYMBOLS_MAX) break;
            if (name.length() <= NAME_MAX) symbols.add(Verdict.plain(name));
        }
        return new RspamdReply(Verdict.plain(action.stringValue()), number, List.copyOf(symbols));
    }

    /// Returns what is to be done.
    ///
    /// @param junk from where on it is Junk
    /// @param refuse from where on it is refused
    Verdict verdict(Threshold junk, Threshold refuse) {
        if (refuse.reached(action, score)) return new Verdict.Spam(reason());
        if (junk.reached(action, score)) return new Verdict.Junk(reason());
        return new Verdict.Clean();
    }

    private String reason() {
        return Verdict.plain(String.format(Locale.ROOT, "%s %.1f %s", action, score, String.join(",",
                symbols)));
    }
}
