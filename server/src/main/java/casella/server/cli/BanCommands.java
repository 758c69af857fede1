package casella.server.cli;

import casella.server.control.BanOrder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `casella ban …`
@Command(name = "ban", description =
        "Look at networks that are shut out of every port; shut out, and let in.",
        synopsisSubcommandLabel = "COMMAND")
final class BanCommands {
    private final Caller caller;

    BanCommands(Terminal terminal) {
        caller = new Caller(terminal);
    }

    @Command(name = "list", description =
            "List networks that are shut out now, those that are let in last first.")
    int list(@Mixin DataOptions options) {
        return caller.call(options, new BanOrder.BanList(), new Shown(true, BanCommands::line, facts ->
                Shown.text(facts, "networks") + " networks"));
    }

    @Command(name = "add", description = "Shut a network out of every port.")
    int add(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "NETWORK", description =
                    "192.0.2.7, 192.0.2.0/24, 2001:db8::/32.") String network,
            @Option(names = "--for", paramLabel = "TIME",
                    description =
                            "How long: 30m, 12h, 7d (default: what its turn is).") @Nullable String time,
            @Option(names = "--why", paramLabel = "TEXT", description =
                    "For the list.") @Nullable String why) {
        return caller.call(options, new BanOrder.BanAdd(network, time, why), Shown.facts(BanCommands::line));
    }

    @Command(name = "lift", description = "Let a network in again, and forget what was held against it.")
    int lift(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "NETWORK", description = "As the list shows it.") String network) {
        return caller.call(options, new BanOrder.BanLift(network), Shown.facts(facts ->
                Shown.text(facts, "network") + (facts.path("was").asBoolean() ? " is let in again"
                        : " was not shut out")));
    }

    private static String line(ObjectNode ban) {
        return Shown.text(ban, "network") + "  until " + Shown.text(ban, "until") + "  " + Shown.text(ban,
                "why")
                + "  (" + Shown.text(ban, "times") + " in a row)";
    }
}
