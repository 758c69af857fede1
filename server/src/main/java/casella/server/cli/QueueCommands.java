package casella.server.cli;

import casella.server.control.Order;
import casella.server.control.OutgoingOrder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `casella queue …`
@Command(name = "queue", description = "Look at mail that waits.", synopsisSubcommandLabel = "COMMAND")
final class QueueCommands {
    private final Terminal terminal;
    private final Caller caller;

    QueueCommands(Terminal terminal) {
        this.terminal = terminal;
        this.caller = new Caller(terminal);
    }

    @Command(name = "list", description = {
        "List recipients whose mail waits because their account could not be written, oldest first.",
        "Exit code 3 if no server runs."
    })
    int list(@Mixin DataOptions options) {
        var shown = new Shown(true, QueueCommands::line, QueueCommands::total);
        return caller.call(options, new Order.QueueList(), shown);
    }

    @Command(name = "show", description =
            "Show a message that waits: who for, since when, why. Never what is in it.")
    int show(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "MESSAGE", description = "Its id, as list shows it.") String message) {
        var shown = new Shown(true, QueueCommands::line, QueueCommands::message);
        return caller.call(options, new Order.QueueShow(message), shown);
    }

    @Command(name = "classify", description = {
        "Say whether a message would be urgent, personal or bulk, and why. Asks no server: reads the file, and",
        "the configuration where --config names one."
    })
    int classify(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "FILE.eml", description = "The message.") Path file,
            @Option(names = "--sender", paramLabel = "ADDRESS", description =
                    "The envelope's sender (default: what From says).") @Nullable String sender,
            @Option(names = "--unproven", description =
                    "As if neither SPF nor DKIM proved where it comes from.") boolean unproven) {
        return new Classifying(terminal).say(options, file, sender, unproven);
    }

    @Command(name = "outgoing", description = {
        "List recipients on other servers whose mail waits: since when, how often it was tried, what was answered.",
        "Without options all of them."
    })
    int outgoing(@Mixin DataOptions options, @Mixin OutgoingOptions which) {
        var shown = new Shown(true, QueueCommands::outgoingLine, facts -> Shown.text(facts, "recipients")
                + " recipients");
        return caller.call(options, new OutgoingOrder.OutgoingList(which.message, which.domain,
                which.account), shown);
    }

    @Command(name = "destinations", description =
            "List domains to which mail waits, those with most first, and why it does.")
    int destinations(
            @Mixin DataOptions options,
            @Option(names = "--live", description =
                    "Show them again every two seconds, until Ctrl-C.") boolean live) {
        if (!live) return caller.call(options, new OutgoingOrder.OutgoingDestinations(), destinations());
        if (options.json) {
            terminal.err().println("casella: queue destinations: --live and --json do not go together");
            return Exit.USAGE;
        }
        String top = Live.top(terminal);
        return Live.draw(() -> {
            terminal.out().print(top);
            return caller.call(options, new OutgoingOrder.OutgoingDestinations(), destinations());
        });
    }

    @Command(name = "hold", description = "Keep mail for other servers from being sent until it is released.")
    int hold(
            @Mixin DataOptions options,
            @Mixin OutgoingOptions which,
            @Option(names = "--all", description = "All of it.") boolean all) {
        return caller.call(options, new OutgoingOrder.OutgoingHold(which.message, which.domain, which.account,
                all),
                counted("held"));
    }

    @Command(name = "release", description = "Let mail for other servers that is held be sent.")
    int release(
            @Mixin DataOptions options,
            @Mixin OutgoingOptions which,
            @Option(names = "--all", description = "All of it.") boolean all) {
        return caller.call(options, new OutgoingOrder.OutgoingRelease(which.message, which.domain,
                which.account, all),
                counted("released"));
    }

    @Command(name = "retry", description = "Have mail for other servers be tried now. What is held stays.")
    int retry(
            @Mixin DataOptions options,
            @Mixin OutgoingOptions which,
            @Option(names = "--all", description = "All of it.") boolean all) {
        return caller.call(options, new OutgoingOrder.OutgoingRetry(which.message, which.domain,
                which.account, all),
                counted("to be tried now"));
    }

    @Command(name = "cancel", description = {
        "End mail for other servers. Its senders are not told: whoever orders this tells them.",
        "Without --confirm it says how much it would be."
    })
    int cancel(
            @Mixin DataOptions options,
            @Mixin OutgoingOptions which,
            @Option(names = "--all", description = "All of it.") boolean all,
            @Option(names = "--confirm", description = "Do it.") boolean confirm) {
        return caller.call(
                options, new OutgoingOrder.OutgoingCancel(which.message, which.domain, which.account, all,
                        !confirm),
                counted("cancelled"));
    }

    @Command(name = "redirect", description = {
        "Have mail for other servers go somewhere else: to an address, or to the same names at another domain.",
        "Without --confirm it says how much it would be."
    })
    int redirect(
            @Mixin DataOptions options,
            @Mixin OutgoingOptions which,
            @Option(names = "--all", description = "All of it.") boolean all,
            @Option(names = "--to", required = true, paramLabel = "TO", description =
                    "An address or a domain.") String to,
            @Option(names = "--confirm", description = "Do it.") boolean confirm) {
        return caller.call(
                options,
                new OutgoingOrder.OutgoingRedirect(which.message, which.domain, which.account, all, to,
                        !confirm),
                counted("redirected"));
    }

    private static Shown destinations() {
        return new Shown(true, QueueCommands::destinationLine, facts ->
                "%s recipients at %s domains".formatted(
                Shown.text(facts, "recipients"), Shown.text(facts, "destinations")));
    }

    private static Shown counted(String done) {
        return Shown.facts(facts -> Shown.text(facts, "recipients") + " recipients "
                + (facts.path("dryRun").asBoolean() ? "would be " + done + "; say --confirm to do it"
                        : done));
    }

    private static String outgoingLine(ObjectNode row) {
        return "%s %-8s %-9s %-40s %9s %3s %-24s %s".formatted(
                Shown.text(row, "message"), Shown.text(row, "priority"), Shown.text(row, "standing"),
                Shown.text(row, "address"), Shown.text(row, "bytes"), Shown.text(row, "attempts"),
                Shown.text(row, "due"), Shown.text(row, "why")).stripTrailing();
    }

    private static String destinationLine(ObjectNode row) {
        return "%-40s %9s %-8s %3s %-24s %s".formatted(
                Shown.text(row, "domain"), Shown.text(row, "recipients"), Shown.text(row, "standing"),
                Shown.text(row, "attempts"), Shown.text(row, "due"), Shown.text(row, "why")).stripTrailing();
    }

    private static String line(ObjectNode row) {
        return "%s %-8s %-40s %9s %3s %s".formatted(
                Shown.text(row, "message"), Shown.text(row, "priority"), Shown.text(row, "address"),
                Shown.text(row, "bytes"), Shown.text(row, "attempts"), Shown.text(row, "why"))
                        .stripTrailing();
    }

    private static String total(ObjectNode facts) {
        return "%s recipients (%s urgent, %s personal, %s bulk), %s bytes, oldest %s s".formatted(
                Shown.text(facts, "recipients"), Shown.text(facts, "urgent"), Shown.text(facts, "personal"),
                Shown.text(facts, "bulk"), Shown.text(facts, "bytes"), Shown.text(facts, "oldestSeconds"));
    }

    private static String message(ObjectNode facts) {
        return "received %s from <%s>, %s bytes, in segment %s at %s".formatted(
                Shown.text(facts, "received"), Shown.text(facts, "sender"), Shown.text(facts, "bytes"),
                Shown.text(facts, "segment"), Shown.text(facts, "offset"));
    }
}
