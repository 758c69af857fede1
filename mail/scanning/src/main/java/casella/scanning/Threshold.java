package casella.scanning;

import java.util.List;
import java.util.Optional;

/// From when on something is done about a mail: from an action of rspamd's on, from a score on, or never.
///
/// @param action rank of the least action; beyond all of them for none
/// @param score least score; infinite for none
public record Threshold(int action, double score) {
    /// rspamd's actions, each graver than the one before it; the words are those of the configuration.
    private static final List<String> ACTIONS =
            List.of("no action", "greylist", "add header", "rewrite subject", "reject");

    private static final int NONE = Integer.MAX_VALUE;

    /// What a threshold may be, for who writes a configuration.
    public static final String FORM =
            "greylist, add-header, rewrite-subject, reject, a score like 8, or never";

    /// Returns what `word` says; empty if it says nothing.
    public static Optional<Threshold> parse(String word) {
        if (word.equals("never")) return Optional.of(new Threshold(NONE, Double.POSITIVE_INFINITY));
        if (word.matches("\\d{1,4}(\\.\\d{1,2})?")) return Optional.of(new Threshold(NONE,
                Double.parseDouble(word)));
        int rank = ACTIONS.indexOf(word.replace('-', ' '));
        return rank < 1 ? Optional.empty() : Optional.of(new Threshold(rank, Double.POSITIVE_INFINITY));
    }

    /// Says whether it is reached. An action of which nobody knows how grave it is counts for nothing, and so does `soft reject`,
    /// which asks for nothing but another try.
    boolean reached(String action, double score) {
        return rank(action) >= this.action || score >= this.score;
    }

    private static int rank(String action) {
        return switch (action) {
            case "quarantine" -> ACTIONS.indexOf("add header");
            case "discard" -> ACTIONS.indexOf("reject");
            default -> Math.max(0, ACTIONS.indexOf(action));
        };
    }
}
