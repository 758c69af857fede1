package casella.server.cli;

import casella.server.control.NamingOrder;
import casella.server.control.Order;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `casella brand dkim …`
@Command(name = "dkim", description = {
    "Show the DNS records that let others verify what a brand signs.",
    "Publish each line in the zone of its domain; others verify the brand's messages from then on. A key that is missing"
            + " is made, once; it stays in the data folder's keys/: back it up."})
final class DkimCommands implements Callable<Integer> {
    private final Caller caller;

    @Mixin
    private DataOptions options = new DataOptions();

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "A brand (default: all).")
    private @Nullable String name;

    DkimCommands(Terminal terminal) {
        this.caller = new Caller(terminal);
    }

    @Override
    public Integer call() {
        return caller.call(options, new Order.BrandDkim(name), Shown.rows(row -> Shown.text(row, "zone")));
    }

    @Command(name = "rotate", description = {
        "Give the domains of BRAND new keys: print what to publish. The keys of now go on signing.",
        "When it is published, --activate has the new ones sign; the old ones stay published until dkim retire."
    })
    int rotate(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "BRAND", description = "Name of a brand.") String brand,
            @Option(names = "--activate", description =
                    "Have the new keys sign, where the DNS has both of a domain.") boolean activate,
            @Option(names = "--unchecked", description =
                    "With --activate: without asking the DNS.") boolean unchecked) {
        return caller.call(options, new NamingOrder.DkimRotate(brand, activate, unchecked),
                Shown.rows(DkimCommands::line));
    }

    @Command(name = "retire", description = {
        "Take back the keys of BRAND that have not signed for some days: their records can be removed from the DNS.",
        "They stay in keys/, for the messages they signed."
    })
    int retire(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "BRAND", description = "Name of a brand.") String brand,
            @Option(names = "--after-days", paramLabel = "N", defaultValue = "7",
                    description = "How long they must not have signed (default: ${DEFAULT-VALUE}).")
                    int days) {
        return caller.call(options, new NamingOrder.DkimRetire(brand, days), Shown.rows(DkimCommands::line));
    }

    private static String line(ObjectNode row) {
        String domain = Shown.text(row, "domain");
        return switch (Shown.text(row, "stage")) {
            case "next" -> Shown.text(row, "zone");
            case "signs" -> Shown.text(row, "name") + " signs from now on";
            case "not-found" -> Shown.text(row, "name") + " is not in the DNS; nothing of " + domain
                    + " was changed";
            case "retired" -> Shown.text(row, "name") + " can be removed from the DNS";
            default -> domain + ": " + Shown.text(row, "why");
        };
    }
}
