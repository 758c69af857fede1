package casella.smtp;

import java.util.List;
import java.util.Locale;

/// What a client is told. RFC 5321 §4.2; the enhanced code by RFC 2034 §4 and RFC 3463.
sealed interface Reply {
    /// 2xx: it is done.
    record Done(int code, String enhanced, String text) implements Reply {}

    /// 2xx without an enhanced code, one or more lines: greetings, EHLO, HELP.
    record Told(int code, List<String> lines) implements Reply {}

    /// 3xx: go on.
    record GoOn(int code, String text) implements Reply {}

    /// 4xx: not now.
    record Later(int code, String enhanced, String text) implements Reply {}

    /// 5xx: no.
    record Refused(int code, String enhanced, String text) implements Reply {}

    /// One reply for each recipient. RFC 2033 §4.2
    record Each(List<Reply> replies) implements Reply {}

    /// The command has said it all itself.
    record Said(int code) implements Reply {}

    /// Returns the code; for [Each] the worst.
    default int code() {
        return switch (this) {
            case Done r -> r.code;
            case Told r -> r.code;
            case GoOn r -> r.code;
            case Later r -> r.code;
            case Refused r -> r.code;
            case Each(var replies) -> replies.stream().mapToInt(Reply::code).max().orElse(250);
            case Said r -> r.code;
        };
    }

    /// Returns its text; empty where it has several.
    default String sentence() {
        return switch (this) {
            case Done r -> r.text;
            case GoOn r -> r.text;
            case Later r -> r.text;
            case Refused r -> r.text;
            case Told _, Each _, Said _ -> "";
        };
    }

    /// Returns the word for logs and metrics.
    default String outcome() {
        return switch (code() / 100) {
            case 2 -> "ok";
            case 3 -> "go-on";
            case 4 -> "later";
            default -> "refused";
        };
    }

    /// Adds the lines as they go over the wire.
    default void writeTo(StringBuilder out) {
        switch (this) {
            case Done r -> line(out, r.code, r.enhanced, r.text);
            case Told(var code, var lines) -> {
                for (int i = 0; i < lines.size(); i++) {
                    out.append(code).append(i + 1 < lines.size() ? '-' : ' ').append(lines.get(i)).append("\r\n");
                }
            }
            case GoOn(var code, var text) -> out.append(code).append(' ').append(text).append("\r\n");
            case Later r -> line(out, r.code, r.enhanced, r.text);
            case Refused r -> line(out, r.code, r.enhanced, r.text);
            case Each(var replies) -> {
                for (Reply reply : replies) reply.writeTo(out);
            }
            case Said _ -> {}
        }
    }

    private static void line(StringBuilder out, int code, String enhanced, String text) {
        out.append(code).append(' ').append(enhanced).append(' ').append(text).append("\r\n");
    }

    /// Returns the reply to a command that takes no argument and got one.
    static Refused noArgument(String verb) {
        return new Refused(501, "5.5.4", verb.toUpperCase(Locale.ROOT) + " takes no argument");
    }
}
