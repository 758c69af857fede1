package casella.scanning;

/// What a scanner thinks of a mail. Reasons are printable ASCII of at most 100 characters, for logs.
public sealed interface Verdict {
    /// Nothing is the matter.
    record Clean() implements Verdict {}

    /// It looks like spam, and belongs into Junk.
    record Junk(String reason) implements Verdict {}

    /// It is spam, and not to be taken.
    record Spam(String reason) implements Verdict {}

    /// It carries malware.
    ///
    /// @param name as the scanner calls it
    record Malware(String name) implements Verdict {}

    /// Returns the word for logs and metrics.
    default String word() {
        return switch (this) {
            case Clean _ -> "clean";
            case Junk _ -> "junk";
            case Spam _ -> "spam";
            case Malware _ -> "malware";
        };
    }

    /// Returns why, for logs; empty where nothing is the matter.
    default String reason() {
        return switch (this) {
            case Clean _ -> "";
            case Junk(String reason) -> reason;
            case Spam(String reason) -> reason;
            case Malware(String name) -> name;
        };
    }

    /// Returns how bad it is; the worst of several counts.
    default int weight() {
        return switch (this) {
            case Clean _ -> 0;
            case Junk _ -> 1;
            case Spam _ -> 2;
            case Malware _ -> 3;
        };
    }

    /// Returns `text` as it may stand in a log line.
    static String plain(String text) {
        var out = new StringBuilder();
        for (int i = 0; i < text.length() && out.length() < 100; i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7F) out.append(c);
        }
        return out.toString();
    }
}
