package casella.server.cli;

import casella.server.Launch;
import casella.server.control.Order;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// What removes mail for good once it ended long enough ago.
@Command(name = "collect", description = "Look at what removes deleted mail for good, and answer it.",
        synopsisSubcommandLabel = "COMMAND")
final class CollectCommands {
    private final Caller caller;

    CollectCommands(Terminal terminal, Launch launch) {
        this.caller = new Caller(terminal, launch);
    }

    @Command(name = "status", description = {
        "Show how the collector is, when it ran, and what it asks. Exit code 1 if it stands and asks."
    })
    int status(@Mixin DataOptions options) {
        return caller.call(options, new Order.CollectStatus(), Shown.facts(CollectCommands::line));
    }

    @Command(name = "run", description = {
        "Collect now. It stands and asks when the clock, the number of objects or what it finds is not as it should be.",
        "Exit code 1 if it asks."
    })
    int run(
            @Mixin DataOptions options,
            @Option(names = "--confirm",
                    description = "You saw what it asks (status) and mean yes.") boolean confirm) {
        return caller.call(options, new Order.CollectRun(confirm), Shown.facts(CollectCommands::line));
    }

    private static String line(ObjectNode facts) {
        var line = new StringBuilder();
        facts.properties().forEach(fact -> {
            String value = fact.getValue().isValueNode() ? fact.getValue().asString("")
                    : fact.getValue().toString();
            line.append(line.isEmpty() ? "" : "\n").append(fact.getKey()).append(": ").append(value);
        });
        return line.toString();
    }
}
