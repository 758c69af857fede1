package casella.base;

import java.lang.System.Logger;
import org.jspecify.annotations.Nullable;

/// Writes events: a name from [Event] and facts, `imap.command cmd=create outcome=no ms=3`.
///
/// Facts are numbers, names of ours, ids. An address is a [Redacted]; a password or a message's content is never a fact.
public final class Log {
    private static final Logger LOGGER = System.getLogger("casella");

    private Log() {}

    /// Writes `event` with `facts`: name, value, name, value.
    public static void event(Event event, @Nullable Object... facts) {
        write(event, null, facts);
    }

    /// Writes `event` with what caused it.
    public static void event(Event event, Throwable cause, @Nullable Object... facts) {
        write(event, cause, facts);
    }

    private static void write(Event event, @Nullable Throwable cause, @Nullable Object... facts) {
        if (!LOGGER.isLoggable(event.level())) return;
        var line = new StringBuilder(event.id());
        for (int i = 0; i + 1 < facts.length; i += 2) {
            line.append(' ').append(facts[i]).append('=').append(safe(String.valueOf(facts[i + 1])));
        }
        if (cause == null) LOGGER.log(event.level(), line.toString());
        else LOGGER.log(event.level(), line.toString(), cause);
    }

    /// One line an event, whatever a client sent: control characters are shown, spaces make quotes.
    private static String safe(String value) {
        var out = new StringBuilder();
        boolean quote = value.isEmpty();
        for (int i = 0; i < value.length() && i < 500; i++) {
            char c = value.charAt(i);
            if (c < ' ' || c == 0x7F || c == '"' || c == '\u2028' || c == '\u2029') {
                out.append(String.format("\\x%02x", (int) c));
            } else {
                out.append(c);
            }
            quote |= c == ' ' || c == '=';
        }
        return quote ? "\"" + out + "\"" : out.toString();
    }
}
