package casella.server.cli;

import casella.server.control.Order;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `casella queue …`
@Command(name = "queue", description = "Look at mail that waits.", synopsisSubcommandLabel = "COMMAND")
final class QueueCommands {
    private final Caller caller;

    QueueCommands(Terminal terminal) {
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

    @Command(name = "show", description = "Show a message that waits: who for, since when, why. Never what is in it.")
    int show(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "MESSAGE", description = "Its id, as list shows it.") String message) {
        var shown = new Shown(true, QueueCommands::line, QueueCommands::message);
        return caller.call(options, new Order.QueueShow(message), shown);
    }

    private static String line(ObjectNode row) {
        return "%s %-8s %-40s %9s %3s %s".formatted(
                Shown.text(row, "message"), Shown.text(row, "priority"), Shown.text(row, "address"),
                Shown.text(row, "bytes"), Shown.text(row, "attempts"), Shown.text(row, "why")).stripTrailing();
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
