package casella.server.cli;

import casella.server.control.HelpOrder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `casella inside …`
@Command(name = "inside", synopsisSubcommandLabel = "COMMAND", description = {
    "Look inside a mailbox to help its owner, who makes a code in the webmail (Your mailbox) and tells it to you.",
    "Good for one person, for 30 minutes, as far as the owner said. The owner reads of every look. Nothing in the mailbox changes."
})
final class InsideCommands {
    private static final String ACCOUNT = "An address or an id.";

    private final Caller caller;

    InsideCommands(Terminal terminal) {
        this.caller = new Caller(terminal);
    }

    @Command(name = "begin", description = "Use a code that the owner made; the owner is told by a message.")
    int begin(@Mixin DataOptions options, @Parameters(paramLabel = "ACCOUNT", description = ACCOUNT) String account,
            @Option(names = "--code", required = true, paramLabel = "C", description = "ABCDE-FGHJK, as the owner says it.")
                    String code) {
        return caller.call(
                options, new HelpOrder.HelpBegin(account, code), Shown.facts(InsideCommands::running));
    }

    @Command(name = "show", description = "Show how far and until when you may look.")
    int show(@Mixin DataOptions options, @Parameters(paramLabel = "ACCOUNT", description = ACCOUNT) String account) {
        return caller.call(options, new HelpOrder.HelpShow(account), Shown.facts(InsideCommands::running));
    }

    @Command(name = "folders", description = "List the folders, and how many mails are in them.")
    int folders(@Mixin DataOptions options, @Parameters(paramLabel = "ACCOUNT", description = ACCOUNT) String account) {
        return caller.call(options, new HelpOrder.HelpFolders(account), Shown.rows(row -> "%-6s  %7s  %7s unread  %s".formatted(
                Shown.text(row, "id"), Shown.text(row, "emails"), Shown.text(row, "unread"), Shown.text(row, "name"))));
    }

    @Command(name = "messages", description = "List mails of a folder, the newest first.")
    int messages(@Mixin DataOptions options, @Parameters(paramLabel = "ACCOUNT", description = ACCOUNT) String account,
            @Option(names = "--folder", required = true, paramLabel = "ID", description = "As folders says it: m1.")
                    String folder,
            @Option(names = "--position", defaultValue = "0", paramLabel = "N", description = "Leave out so many (default: 0).")
                    int position,
            @Option(names = "--limit", defaultValue = "50", paramLabel = "N", description = "1 to 50 (default: 50).") int limit) {
        return caller.call(options, new HelpOrder.HelpMessages(account, folder, position, limit),
                Shown.rows(InsideCommands::line));
    }

    @Command(name = "message", description = "Show what one mail says, as plain text.")
    int message(@Mixin DataOptions options, @Parameters(paramLabel = "ACCOUNT", description = ACCOUNT) String account,
            @Option(names = "--email", required = true, paramLabel = "ID", description = "As messages says it.") String email) {
        return caller.call(options, new HelpOrder.HelpMessage(account, email), Shown.facts(facts ->
                line(facts) + "\n\n" + Shown.text(facts, "text")));
    }

    @Command(name = "end", description = "End it before its time.")
    int end(@Mixin DataOptions options, @Parameters(paramLabel = "ACCOUNT", description = ACCOUNT) String account) {
        return caller.call(options, new HelpOrder.HelpEnd(account), Shown.facts(facts ->
                facts.path("ended").asBoolean() ? "ended" : "there was none of yours"));
    }

    private static String running(ObjectNode facts) {
        if (facts.path("scope").isNull()) return "its owner does not let you look";
        return "you may look at " + Shown.text(facts, "scope") + " until " + Shown.text(facts, "until");
    }

    private static String line(ObjectNode row) {
        return "%s  %s  %8s  %-30s  %s".formatted(Shown.text(row, "id"), Shown.text(row, "received"), Shown.text(row, "size"),
                Shown.text(row, "from"), Shown.text(row, "subject"));
    }
}
