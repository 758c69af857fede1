package casella.server.cli;

import casella.server.control.Order;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `casella cohort …`
@Command(
        name = "cohort",
        description = "Say which accounts go together, and who goes first.",
        synopsisSubcommandLabel = "COMMAND")
final class CohortCommands {
    private final Caller caller;

    CohortCommands(Terminal terminal) {
        this.caller = new Caller(terminal);
    }

    @Command(name = "list", description = {
        "Count the accounts of each cohort, by brand and plan, in the order in which cohorts go.",
        "Staff first, then volunteers, then a hundred slices of everybody else; slices without accounts are left out."
    })
    int list(
            @Mixin DataOptions options,
            @Option(names = "--brand", paramLabel = "B", description = "Accounts of one brand alone.")
                    @Nullable String brand,
            @Option(names = "--plan", paramLabel = "P", description = "Accounts of one plan alone.")
                    @Nullable String plan) {
        return caller.call(options, new Order.CohortList(brand, plan),
                new Shown(true, CohortCommands::line, facts -> Shown.text(facts, "accounts") + " accounts"));
    }

    @Command(name = "show", description = "Say how many accounts a cohort has, or which cohort an account is in.")
    int show(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "NAME|ACCOUNT",
                    description = "staff, volunteers, slice-00 to slice-99; or an address or id.") String what) {
        return caller.call(options, new Order.CohortShow(what), Shown.facts(CohortCommands::shown));
    }

    @Command(name = "move", description = {
        "Put an account in another cohort: --to staff, volunteers, slice-07; --to slice puts it back where its id says.",
        "No mail is moved by this. Given again, it changes nothing."
    })
    int move(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "ADDRESS", description = "An address of the account.") String address,
            @Option(names = "--to", required = true, paramLabel = "COHORT",
                    description = "The name of a cohort, or slice.") String to,
            @Option(names = "--dry-run", description = "Say what would be done; do nothing.") boolean dryRun) {
        return caller.call(options, new Order.CohortMove(address, to, dryRun),
                Shown.facts(CohortCommands::moved));
    }

    private static String shown(ObjectNode facts) {
        if (facts.has("brands")) return line(facts);
        String why = facts.path("placed").asBoolean(false)
                ? "put there; its id says " + Shown.text(facts, "slice")
                : "by its id";
        return "%s  %s (%s)  brand %s, plan %s".formatted(
                Shown.text(facts, "address"), Shown.text(facts, "cohort"), why, Shown.text(facts, "brand"),
                Shown.text(facts, "plan"));
    }

    private static String moved(ObjectNode facts) {
        String address = Shown.text(facts, "address");
        String from = Shown.text(facts, "from");
        String to = Shown.text(facts, "to");
        if (from.equals(to)) return address + " is in " + to + " already";
        return facts.path("dryRun").asBoolean(false)
                ? address + " would go from " + from + " to " + to + "; nothing was done"
                : address + " went from " + from + " to " + to;
    }

    private static String line(ObjectNode row) {
        long placed = row.path("placed").asLong(0);
        return "%-10s  %8s accounts%s%s%s".formatted(
                Shown.text(row, "cohort"), Shown.text(row, "accounts"), counts("brands", row), counts("plans", row),
                placed == 0 ? "" : "  put there " + placed);
    }

    private static String counts(String name, ObjectNode row) {
        List<String> each = new ArrayList<>();
        JsonNode counts = row.path(name);
        counts.propertyNames().forEach(key -> each.add(key + " " + counts.path(key).asLong()));
        return each.isEmpty() ? "" : "  " + name + " " + String.join(", ", each);
    }
}
