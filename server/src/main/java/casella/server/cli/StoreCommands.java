package casella.server.cli;

import casella.server.Launch;
import casella.server.control.Order;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What `verify`, `rebuild`, `export` and `restore` order and print.
final class StoreCommands {
    private final Terminal terminal;
    private final Caller caller;

    StoreCommands(Terminal terminal, Launch launch) {
        this.terminal = terminal;
        this.caller = new Caller(terminal, launch);
    }

    int verify(DataOptions options, @Nullable String account, boolean all) {
        if (!one(account, all)) return Exit.USAGE;
        return caller.call(
                options, new Order.Verify(account),
                        new Shown(true, StoreCommands::verdict, StoreCommands::summary));
    }

    int rebuild(DataOptions options, @Nullable String account, boolean all, String from) {
        if (!one(account, all)) return Exit.USAGE;
        return caller.call(
                options, new Order.Rebuild(account, from),
                        new Shown(true, StoreCommands::rebuilt, StoreCommands::summary));
    }

    int export(DataOptions options, String account, Path to, @Nullable String from) {
        String folder = terminal.folder().resolve(to).toAbsolutePath().normalize().toString();
        return caller.call(options, new Order.Export(account, folder, from),
                Shown.facts(StoreCommands::summary));
    }

    int restore(
            DataOptions options, String account, List<String> emails, @Nullable String folder,
            @Nullable String asOf, boolean list, int limit) {
        if (list) {
            return caller.call(options, new Order.RestoreList(account, limit),
                    new Shown(true, StoreCommands::recoverable, StoreCommands::summary));
        }
        if (emails.isEmpty() && asOf == null) {
            terminal.err().println("casella: restore: say --as-of TIME, --email ID or --list");
            return Exit.USAGE;
        }
        return caller.call(options, new Order.Restore(account, emails, folder, asOf),
                new Shown(true, row -> Shown.text(row, "email") + "  " + Shown.text(row, "missing"),
                        StoreCommands::summary));
    }

    private static String recoverable(ObjectNode row) {
        var from = new StringBuilder();
        for (JsonNode address : row.path("from")) from.append(from.isEmpty() ? "" : ", ").append(address.asString(""));
        return (Shown.text(row, "email") + "  ended " + Shown.text(row, "ended") + "  " + Shown.text(row, "size")
                + " bytes  " + from + "  " + Shown.text(row, "subject")).stripTrailing();
    }

    private boolean one(@Nullable String account, boolean all) {
        if ((account == null) == all) return true;
        terminal.err().println("casella: say ACCOUNT or --all");
        return false;
    }

    private static String verdict(ObjectNode row) {
        if (row.has("lost")) return lost(row.path("lost"));
        var line = new StringBuilder(Shown.who(row));
        boolean right = row.path("problems").isEmpty();
        line.append(right ? "  right  " : "  WRONG  ").append(Shown.text(row, "emails")).append(" emails, change ");
        line.append(Shown.text(row, "modseq")).append(", head ").append(Shown.text(row, "head"));
        if (row.path("holes").asLong(0) > 0) {
            line.append(", holes ").append(Shown.text(row, "holes"));
            line.append(", possible duplicates ").append(Shown.text(row, "possibleDuplicates"));
        }
        for (JsonNode problem : row.path("problems")) {
            line.append("\n    ").append(Shown.text(problem, "what"));
            line.append("\n      repair: ").append(Shown.text(problem, "repair"));
        }
        return line.toString();
    }

    private static String lost(JsonNode mail) {
        var line = new StringBuilder("  LOST  ").append(Shown.text(mail, "received"));
        line.append("  from ").append(plain(Shown.text(mail, "from")));
        line.append("  \"").append(plain(Shown.text(mail, "subject"))).append("\"  in ");
        mail.path("folders").forEach(folder -> line.append(plain(folder.asString(""))).append(' '));
        return line.append(" copies: ").append(Shown.text(mail, "copies")).toString();
    }

    /// What a stranger wrote must not steer the terminal.
    private static String plain(String text) {
        var plain = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean steers = switch (Character.getType(c)) {
                case Character.CONTROL, Character.FORMAT -> true;
                case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
                default -> false;
            };
            plain.appendCodePoint(steers ? 0xFFFD : c);
        });
        return plain.toString();
    }

    private static String rebuilt(ObjectNode row) {
        return (Shown.who(row) + "  " + Shown.text(row, "outcome") + "  " + Shown.text(row, "why")).strip();
    }

    private static String summary(ObjectNode facts) {
        var line = new StringBuilder();
        facts.properties().forEach(fact -> {
            if (!line.isEmpty()) line.append(", ");
            line.append(fact.getKey()).append(' ').append(fact.getValue().asString(""));
        });
        return line.toString();
    }
}
