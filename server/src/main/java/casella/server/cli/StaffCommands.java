package casella.server.cli;

import casella.server.control.StaffOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `casella staff …`
@Command(name = "staff", synopsisSubcommandLabel = "COMMAND", description = {
    "Who works here: people who log in to the console, with their roles, and keys with which programs give orders for them.",
    "Given at the machine alone. No role reads mail but with its owner's code."
})
final class StaffCommands {
    private static final String ROLES =
            "operator, support, data-protection, billing, read-only; several with commas.";

    private final Terminal terminal;
    private final Caller caller;

    StaffCommands(Terminal terminal) {
        this.terminal = terminal;
        this.caller = new Caller(terminal);
    }

    @Command(name = "list", description = "List who works here, and as what.")
    int list(@Mixin DataOptions options) {
        return caller.call(options, new StaffOrder.StaffList(), Shown.rows(StaffCommands::line));
    }

    @Command(name = "put", description = {
        "Enter somebody, or give them other roles or another password, which logs them out everywhere.",
        "Without --password-stdin somebody new gets a password that is made and told once."
    })
    int put(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "NAME", description =
                    "With which they log in: 2 to 32 of a-z, 0-9, '.' and '-'.") String name,
            @Option(names = "--role", required = true, split = ",", paramLabel = "ROLE", description =
                    ROLES) List<String> roles,
            @Option(names = "--password-stdin", description =
                    "Read the password from standard input, a line of 12 characters or more.")
                    boolean given) {
        @Nullable String password = given ? terminal.line() : null;
        if (given && password == null) {
            terminal.err().println("casella: --password-stdin: there is no password on standard input");
            return Exit.USAGE;
        }
        return caller.call(options, new StaffOrder.StaffPut(name, roles, password),
                Shown.facts(StaffCommands::line));
    }

    @Command(name = "remove", description = "Take somebody out: they are logged out, their keys are no more.")
    int remove(@Mixin DataOptions options, @Parameters(paramLabel = "NAME") String name) {
        return caller.call(options, new StaffOrder.StaffRemove(name), Shown.facts(facts -> name
                + " is no more here"));
    }

    @Command(name = "key", description =
            "Make a key with which a program gives orders as that person; told once.")
    int key(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--label", required = true, paramLabel = "L", description =
                    "What it is for.") String label,
            @Option(names = "--days", defaultValue = "90", paramLabel = "N", description =
                    "For which it is good: 1 to 400 (default: 90).")
                    int days) {
        return caller.call(options, new StaffOrder.StaffKey(name, label, days), Shown.facts(facts ->
                "Authorization: Bearer " + Shown.text(facts, "key")));
    }

    @Command(name = "end-key", description = "End the keys of that label.")
    int endKey(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--label", required = true, paramLabel = "L", description =
                    "What they were for.") String label) {
        return caller.call(options, new StaffOrder.StaffKeyEnd(name, label),
                Shown.facts(facts -> Shown.text(facts, "ended") + " ended"));
    }

    @Command(name = "audit", description =
            "Show what was ordered, by whom, and how it ended; the newest first.")
    int audit(
            @Mixin DataOptions options,
            @Option(names = "--limit", defaultValue = "100", paramLabel = "N", description =
                    "So many lines (default: 100).") int limit,
            @Option(names = "--before", paramLabel = "TIME", description =
                    "What is older: 2027-01-31T09:30:00Z.")
                    @Nullable String before) {
        return caller.call(options, new StaffOrder.AuditList(limit, before), Shown.rows(row ->
                "%-30s  %-20s  %s  %s".formatted(Shown.text(row, "at"), Shown.text(row, "by"), Shown.text(row,
                        "order"),
                        Shown.text(row, "ended"))));
    }

    private static String line(ObjectNode row) {
        var roles = new StringBuilder();
        for (JsonNode role : row.path("roles")) roles.append(roles.isEmpty() ? "" : ", ")
                .append(role.asString(""));
        String made = row.has("password") ? "  password: " + Shown.text(row, "password") : "";
        return "%-20s  %s%s".formatted(Shown.text(row, "name"), roles, made);
    }
}
