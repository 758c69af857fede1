package casella.server.cli;

import java.time.Duration;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Debt as an operator reads it: all of it in the first line, then a line a vault.
final class DebtWords {
    private static final String ROW = "\n  %-14s %-9s %-9s %12s %10s %9s  %-21s %s";

    private DebtWords() {}

    /// @param facts as {@link casella.server.control.Json#debt} makes them
    static String text(ObjectNode facts) {
        var out = new StringBuilder(total(facts));
        out.append(String.format(
                Locale.ROOT, ROW, "vault", "kind", "breaker", "owes objects", "bytes", "removals",
                        "could rebuild", "proven"));
        for (JsonNode vault : facts.path("vaults")) out.append(line(vault).stripTrailing());
        return out.toString();
    }

    private static String total(ObjectNode facts) {
        long objects = facts.path("objects").asLong();
        boolean known = true;
        for (JsonNode vault : facts.path("vaults")) known &= vault.path("surveyed").asBoolean();
        if (objects == 0
                && !known) return "nothing owed as far as is known: the vaults are still being counted";
        if (objects == 0) return "nothing owed: every object has the copies that the policy asks for";
        return String.format(
                Locale.ROOT, "owed: %,d objects, %s, of %,d accounts; the oldest for %s",
                objects, bytes(facts.path("bytes").asLong()), facts.path("accounts").asLong(),
                time(Duration.ofSeconds(facts.path("oldestSeconds").asLong())));
    }

    private static String line(JsonNode vault) {
        String since = Shown.text(vault, "provenSince");
        String proven = since.isEmpty() ? "not yet" : "since " + since;
        long notWhole = vault.path("notWhole").asLong();
        if (notWhole > 0) proven += String.format(Locale.ROOT, ", but %,d accounts were not whole", notWhole);
        String surveyed = vault.path("surveyed").asBoolean() ? "" : ", still counting";
        return String.format(Locale.ROOT,
                ROW, Shown.text(vault, "name"), Shown.text(vault, "technology"), Shown.text(vault, "breaker"),
                number(vault, "objects"), bytes(vault.path("bytes").asLong()),
                number(vault, "removals"),
                number(vault, "couldRebuild") + " of " + number(vault, "ofAccounts") + surveyed,
                proven);
    }

    private static String bytes(long bytes) {
        if (bytes < 1 << 10) return bytes + " B";
        String units = "KMGTP";
        double value = bytes;
        int unit = -1;
        while (value >= 1024 && unit < units.length() - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %cB", value, units.charAt(unit));
    }

    private static String number(JsonNode vault, String name) {
        return String.format(Locale.ROOT, "%,d", vault.path(name).asLong());
    }

    /// Returns so many seconds in the units that matter.
    static String span(long seconds) {
        return time(Duration.ofSeconds(seconds));
    }

    private static String time(Duration time) {
        if (time.toDays() > 0) return time.toDays() + " d " + time.toHoursPart() + " h";
        if (time.toHours() > 0) return time.toHours() + " h " + time.toMinutesPart() + " min";
        return time.toMinutes() > 0 ? time.toMinutes() + " min" : time.toSeconds() + " s";
    }
}
