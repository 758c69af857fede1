package casella.server.cli;

import casella.server.control.Order;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `casella forward …`
@Command(name = "forward", description = {
    "Say where mail for an address goes on to.",
    "An address is of a domain of a brand, with an account behind it or none; @DOMAIN is every name there that nobody has (a catch-all)."},
        synopsisSubcommandLabel = "COMMAND")
final class ForwardCommands {
    private final Caller caller;

    ForwardCommands(Terminal terminal) {
        caller = new Caller(terminal);
    }

    @Command(name = "set", description = {
        "Have mail for an address go on, in place of what was said of it before.",
        "To other servers it goes under a sender of the address's domain (SRS), so that SPF holds and reports find back."})
    int set(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "ADDRESS", description =
                    "Whose mail it is; @DOMAIN for a catch-all.") String address,
            @Parameters(paramLabel = "TO", arity = "1..50", description =
                    "Where it goes, here or elsewhere.") List<String> to,
            @Option(names = "--keep", description = "Its account gets a copy too.") boolean keep) {
        return caller.call(options, new Order.ForwardSet(address, to, keep),
                Shown.facts(ForwardCommands::line));
    }

    @Command(name = "remove", description = "Have mail for an address go on no more.")
    int remove(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "ADDRESS", description =
                    "Whose mail it is; @DOMAIN for a catch-all.") String address) {
        return caller.call(options, new Order.ForwardRemove(address), Shown.facts(facts ->
                "No more: " + line(facts)));
    }

    @Command(name = "list", description = "List addresses whose mail goes on.")
    int list(@Mixin DataOptions options) {
        return caller.call(options, new Order.ForwardList(), Shown.rows(ForwardCommands::line));
    }

    private static String line(ObjectNode facts) {
        var to = new ArrayList<String>();
        for (JsonNode one : facts.path("to")) to.add(one.asString());
        return Shown.text(facts, "address") + " -> " + String.join(", ", to)
                + (facts.path("keep").asBoolean() ? "; a copy stays" : "");
    }
}
