package casella.server.cli;

import casella.server.Launch;
import casella.server.config.Config;
import casella.server.config.Problem;
import casella.server.control.Json;
import casella.server.control.Order;
import casella.server.control.Outcome;
import casella.server.control.Quarantine;
import java.io.UncheckedIOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `casella quarantine …`
@Command(name = "quarantine", description = "Look at what was set aside: what cannot be read, accounts that end the process.",
        synopsisSubcommandLabel = "COMMAND")
final class QuarantineCommands {
    private final Terminal terminal;
    private final Caller caller;

    QuarantineCommands(Terminal terminal, Launch launch) {
        this.terminal = terminal;
        this.caller = new Caller(terminal, launch);
    }

    @Command(name = "release", description = {
        "Let an account in again that was set aside because work on its data ended the process twice.",
        "What waits for it in the queue is filed then."
    })
    int release(@Mixin DataOptions options,
            @Parameters(paramLabel = "ACCOUNT", description = "Address or id.") String account) {
        return caller.call(options, new Order.QuarantineRelease(account),
                Shown.facts(facts -> Shown.text(facts, "account") + "  " + Shown.text(facts, "outcome")));
    }

    @Command(name = "list", description = {
        "List files, folders and accounts that were set aside: what, where, since when, how large, what is missing because of it,",
        "what makes that good. Works beside a running server and without one. Exit code 1 if there is anything."
    })
    int list(@Mixin DataOptions options) {
        return switch (options.load(terminal, 0)) {
            case Config.Loaded.Bad(List<Problem> problems) -> DataOptions.refuse(terminal, problems);
            case Config.Loaded.Good(Config config) -> {
                var printer = new Printer(terminal, options.json,
                        new Shown(true, QuarantineCommands::line, QuarantineCommands::total));
                yield printer.end(list(new Quarantine(config.data()), printer));
            }
        };
    }

    private static Outcome list(Quarantine quarantine, Printer printer) {
        List<Quarantine.Item> items;
        try {
            items = quarantine.items();
        } catch (UncheckedIOException e) {
            return new Outcome.NotReachable(String.valueOf(e.getMessage()));
        }
        long bytes = 0;
        for (Quarantine.Item item : items) {
            bytes += item.bytes();
            printer.row(Json.object()
                    .put("part", item.part())
                    .put("what", item.what())
                    .put("where", item.where().toString())
                    .put("since", item.since().toString())
                    .put("bytes", item.bytes())
                    .put("costs", item.costs())
                    .put("repair", item.repair()));
        }
        ObjectNode facts = Json.object().put("items", items.size()).put("bytes", bytes);
        return items.isEmpty() ? new Outcome.Done(facts) : new Outcome.Found(facts);
    }

    private static String line(ObjectNode row) {
        return Shown.text(row, "part") + "  " + Shown.text(row, "what") + ", " + Shown.text(row, "bytes")
                + " bytes, since "
                + Shown.text(row, "since") + "\n    " + Shown.text(row, "where") + "\n    costs: "
                        + Shown.text(row, "costs")
                + "\n    repair: " + Shown.text(row, "repair");
    }

    private static String total(ObjectNode facts) {
        return Shown.text(facts, "items") + " set aside, " + Shown.text(facts, "bytes") + " bytes";
    }
}
