package casella.server.cli;

import casella.server.Launch;
import casella.server.control.Order;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `casella standby …`
@Command(
        name = "standby",
        description = "Have accounts served from their journal while their engine cannot, and bring them back.",
        synopsisSubcommandLabel = "COMMAND")
final class StandbyCommands {
    private final Terminal terminal;
    private final Caller caller;

    StandbyCommands(Terminal terminal, Launch launch) {
        this.terminal = terminal;
        this.caller = new Caller(terminal, launch);
    }

    @Command(name = "open", description = {
        "Have the standby serve accounts: out of vaults and tail, with the same UIDs and mod-sequences.",
        "Nothing is asked of the engine. Exit code 1 if an account could not be opened; it is served as before."
    })
    int open(
            @Mixin DataOptions options,
            @Parameters(arity = "0..1", paramLabel = "ACCOUNT", description = "Address or id.") @Nullable String account,
            @Option(names = "--all", description = "Every account.") boolean all) {
        if (!one(account, all)) return Exit.USAGE;
        return caller.call(options, new Order.StandbyOpen(account), shown());
    }

    @Command(name = "return", description = {
        "Have the engine serve accounts again: its rows are brought to the journal and compared first.",
        "An order that broke off is simply given again. Exit code 1 if an account stays on standby.",
        "Changes that the engine alone had are merged as new ones; those that could not be are counted."
    })
    int giveBack(
            @Mixin DataOptions options,
            @Parameters(arity = "0..1", paramLabel = "ACCOUNT", description = "Address or id.") @Nullable String account,
            @Option(names = "--all", description = "Every account that is on standby.") boolean all) {
        if (!one(account, all)) return Exit.USAGE;
        return caller.call(options, new Order.StandbyReturn(account), shown());
    }

    @Command(name = "list", description = "List accounts that the standby serves: epoch, since when, why.")
    int list(@Mixin DataOptions options) {
        return caller.call(options, new Order.StandbyList(),
                new Shown(true, StandbyCommands::claim, StandbyCommands::count));
    }

    private boolean one(@Nullable String account, boolean all) {
        if ((account == null) == all) return true;
        terminal.err().println("casella: say ACCOUNT or --all");
        return false;
    }

    private static Shown shown() {
        return new Shown(true, StandbyCommands::line, StandbyCommands::summary);
    }

    private static String line(ObjectNode row) {
        String why = Shown.text(row, "why");
        String told = why.isEmpty() ? told(row) : why;
        return "%s  %-8s  %s".formatted(Shown.who(row), Shown.text(row, "outcome"), told);
    }

    private static String told(ObjectNode row) {
        String told = "epoch " + Shown.text(row, "epoch") + ", held " + Shown.text(row, "heldMillis") + " ms";
        int merged = row.path("merged").asInt(0);
        int waiting = row.path("waiting").asInt(0);
        if (merged > 0) told += ", " + merged + " changes that the engine alone had merged";
        if (waiting > 0) told += ", " + waiting + " that it alone had could not be merged: kept, to be merged"
                + " with the next return or start";
        return told;
    }

    private static String claim(ObjectNode row) {
        if (Shown.text(row, "place").equals("continuation")) {
            return "%s  continuation  since %s".formatted(Shown.who(row), Shown.text(row, "since"));
        }
        String step = row.path("returning").asBoolean(false) ? "  returning" : "";
        return "%s  epoch %s  since %s  %s%s".formatted(
                Shown.who(row), Shown.text(row, "epoch"), Shown.text(row, "since"),
                Shown.text(row, "reason"), step);
    }

    private static String summary(ObjectNode facts) {
        String continued = Shown.text(facts, "continued");
        String also = continued.equals("0") ? "" : ", " + continued + " by a continuation";
        return "%s accounts, %s switched, %s failed".formatted(
                Shown.text(facts, "accounts"), Shown.text(facts, "switched"), Shown.text(facts, "failed")) + also;
    }

    private static String count(ObjectNode facts) {
        String continued = Shown.text(facts, "continued");
        String also = continued.equals("0") ? "" : ", " + continued + " by a continuation";
        return Shown.text(facts, "accounts") + " accounts on standby" + also;
    }
}
