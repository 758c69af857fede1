package casella.server.config;

import java.util.List;

/// The `log` section. The log goes to standard error.
///
/// @param level the least that is written: `debug`, `info`, `warning`, `error`
/// @param json whether each event is a JSON object
public record LogConfig(String level, boolean json) {
    static final String ABOUT = "The log, which goes to standard error. docs/operations/events.md lists what it can say.";

    static LogConfig read(Section in) {
        String level = in.word("level", List.of("debug", "info", "warning", "error"))
                .means("The least that is written; `debug` has a line for every command.")
                .orElse("info");
        String format = in.word("format", List.of("text", "json"))
                .means("A line of text for each event, or a JSON object.")
                .orElse("text");
        return new LogConfig(level, format.equals("json"));
    }
}
