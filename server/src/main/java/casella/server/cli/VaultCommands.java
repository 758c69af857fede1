package casella.server.cli;

import casella.server.control.Order;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `casella vault …`
@Command(
        name = "vault",
        description = {
            "Move mailboxes to a new vault: add, burn-in, start, and when all is proven, retire the old one.",
            "It goes up by itself: shadow, canary, 1%, 10%, 50%, 100%. The old vault has everything until it is retired."
        },
        synopsisSubcommandLabel = "COMMAND")
final class VaultCommands {
    private final Caller caller;

    VaultCommands(Terminal terminal) {
        this.caller = new Caller(terminal);
    }

    @Command(name = "list",
            description = "List the vaults there are, the one on its way, and those that were retired.")
    int list(@Mixin DataOptions options) {
        return caller.call(options, new Order.VaultList(), Shown.rows(row -> {
            String held = row.has("objects")
                    ? "  %s objects, %s bytes".formatted(Shown.text(row, "objects"),
                            Shown.text(row, "bytes")) : "";
            return "%-16s %-8s %s: %s%s".formatted(Shown.text(row, "vault"), Shown.text(row, "kind"),
                    Shown.text(row, "role"),
                    Shown.text(row, "state"), held);
        }));
    }

    @Command(name = "show", description = {
        "Say how far a vault on its way is, and what was measured at each stage; also of one that is in its place.",
        "Exit code 1 while it stands still because a gate failed."
    })
    int show(@Mixin DataOptions options,
            @Parameters(paramLabel = "NAME", description = "The vault on its way.") String name) {
        return shown(options, new Order.VaultShow(name));
    }

    @Command(name = "evidence",
            description = "Print the evidence of every stage as JSON: who, when, what was measured. Kept after the end.")
    int evidence(@Mixin DataOptions options,
            @Parameters(paramLabel = "NAME", description = "The vault on its way, or one that is in its place.") String name) {
        options.json = true;
        return caller.call(options, new Order.VaultShow(name), Shown.facts(ObjectNode::toString));
    }

    @Command(name = "add", description = {
        "Add a vault that is to come into the place of another. It gets nothing before vault start."
    })
    int add(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "NAME",
                    description = "Lower case letters, digits, hyphens; at most 32.") String name,
            @Option(names = "--kind", required = true, paramLabel = "KIND",
                    description = "files, pack or rocksdb.") String kind,
            @Option(names = "--folder", paramLabel = "DIR",
                    description = "Where it keeps its files (default: vaults/NAME in the data folder).") @Nullable String folder,
            @Option(names = "--replaces", paramLabel = "OLD",
                    description = "In whose place it is to come (default: the vault of the same technology).")
                    @Nullable String replaces,
            @Option(names = "--probation", paramLabel = "TIME",
                    description = "How long it serves everybody before OLD can be retired (default: 30d).")
                    @Nullable String probation,
            @Option(names = "--dry-run",
                    description = "Say what would be done; do nothing.") boolean dryRun) {
        return caller.call(options, new Order.VaultAdd(name, kind, folder, replaces, probation, dryRun),
                Shown.facts(facts ->
                "%s (%s) in %s %s into the place of %s; %s in probation%s".formatted(
                        Shown.text(facts, "vault"), Shown.text(facts, "kind"), Shown.text(facts, "folder"),
                        dryRun ? "could come" : "is to come", Shown.text(facts, "replaces"),
                                Shown.text(facts, "probation"),
                        dryRun ? "; nothing was done" : "\nnext: casella vault burn-in " + name
                                + " --objects N")));
    }

    @Command(name = "burn-in", description = {
        "Fill a vault that gets no mail yet past what it will ever hold, verify all, and empty it again.",
        "It goes on whatever becomes of this command; given again, it watches on. Exit code 1 if it did not pass."
    })
    int burnIn(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "NAME", description = "The vault on its way.") String name,
            @Option(names = "--objects", required = true, paramLabel = "N",
                    description = "How many objects it will ever hold; it is tried past them.") long objects,
            @Option(names = "--bytes", paramLabel = "SIZE",
                    description = "How much that is, 4TiB (default: 20KiB each).") @Nullable String bytes,
            @Option(names = "--accounts", paramLabel = "N",
                    description = "Of how many accounts (default: one in 1000 objects).") @Nullable Long accounts,
            @Option(names = "--answer", paramLabel = "TIME",
                    description = "After which a call counts as not answered (default: 10s).") @Nullable String answer) {
        return caller.call(options, new Order.VaultBurnIn(name, objects, bytes, accounts, answer), Shown.facts(facts ->
                "%s %s; report in %s".formatted(name,
                        facts.path("passed").asBoolean() ? "passed" : "DID NOT PASS (casella vault show " + name + ")",
                        Shown.text(facts, "folder"))));
    }

    @Command(name = "start", description = {
        "Have a vault go up its stages, by itself for as long as every gate holds."
    })
    int start(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "NAME", description = "The vault on its way.") String name,
            @Option(names = "--soak", paramLabel = "TIME",
                    description = "Watch every stage for this time (default: 1d, 1d, 1d, 2d, 3d, 7d).") @Nullable String soak,
            @Option(names = "--least", paramLabel = "N",
                    description = "Writes and reads without which a stage is not judged (default: 100).") @Nullable Long least,
            @Option(names = "--without-burn-in",
                    description = "Go although no burn-in passed.") boolean without) {
        return shown(options, new Order.VaultStart(name, soak, least, without));
    }

    @Command(name = "continue", description = {
        "Go on after a halt: on the same stage, measured anew."
    })
    int goOn(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "NAME", description = "The vault on its way.") String name,
            @Option(names = "--force", description = {
                "Go on without gates from now on. Such a vault never comes out of probation before it is taken back."
            }) boolean force) {
        return shown(options, new Order.VaultContinue(name, force));
    }

    @Command(name = "halt", description = "Have a vault stay where it is until vault continue or rollback.")
    int halt(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "NAME", description = "The vault on its way.") String name,
            @Option(names = "--why", paramLabel = "TEXT",
                    description = "Kept with the evidence.") @Nullable String why) {
        return shown(options, new Order.VaultHalt(name, why));
    }

    @Command(name = "rollback", description = {
        "Take a vault back to a lower stage, at once: reads go to the old vault, which has everything."
    })
    int rollback(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "NAME", description = "The vault on its way.") String name,
            @Option(names = "--to", paramLabel = "STAGE",
                    description = "added, shadow, canary, 1%%, 10%% or 50%% (default: added, at which it gets nothing).")
                    @Nullable String to) {
        return shown(options, new Order.VaultRollback(name, to));
    }

    @Command(name = "retire", description = {
        "Put the new vault into the place of OLD, for good: after every journal was walked and every mail found right.",
        "The files of OLD are left alone. Exit code 1 if something speaks against it."
    })
    int retire(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "OLD", description = "The vault that goes.") String name,
            @Option(names = "--dry-run", description = "Look whether it may go; leave it.") boolean dryRun) {
        return caller.call(options, new Order.VaultRetire(name, dryRun), new Shown(true,
                row -> Shown.who(row) + ": " + problems(row),
                facts -> "%s: %s; %s accounts, %s emails, %s with something wrong".formatted(
                        name, Shown.text(facts, "outcome"), Shown.text(facts, "accounts"),
                                Shown.text(facts, "emails"),
                        Shown.text(facts, "wrong"))));
    }

    @Command(name = "remove", description = "Forget a vault that gets nothing. Its files are left alone.")
    int remove(@Mixin DataOptions options,
            @Parameters(paramLabel = "NAME", description = "The vault on its way.") String name) {
        return caller.call(options, new Order.VaultRemove(name), Shown.facts(facts ->
                Shown.text(facts, "vault") + ": removed; " + Shown.text(facts, "note")));
    }

    private int shown(DataOptions options, Order order) {
        return caller.call(options, order, Shown.facts(VaultCommands::shown));
    }

    private static String problems(JsonNode row) {
        var all = new StringBuilder();
        for (JsonNode problem : row.path("problems")) all.append(all.isEmpty() ? "" : "; ")
                .append(Shown.text(problem, "what"));
        return all.isEmpty() ? Shown.text(row, "why") : all.toString();
    }

    private static String shown(ObjectNode facts) {
        var out = new StringBuilder();
        line(out, "vault", "%s (%s) in %s, into the place of %s".formatted(Shown.text(facts, "vault"),
                Shown.text(facts, "kind"), Shown.text(facts, "folder"), Shown.text(facts, "replaces")));
        if (facts.has("inPlaceSince")) line(out, "in place", "since " + Shown.text(facts, "inPlaceSince"));
        if (facts.has("stage")) line(out, "stage",
                "%s, %s since %s%s".formatted(Shown.text(facts, "stage"), Shown.text(facts, "state"),
                Shown.text(facts, "since"), facts.path("forced").asBoolean() ? ", FORCED" : ""));
        line(out, "halted", Shown.text(facts, "why"));
        line(out, "trouble", Shown.text(facts, "trouble"));
        line(out, "waits", Shown.text(facts, "waits"));
        line(out, "burn-in", Shown.text(facts, "burnIn"));
        JsonNode moved = facts.path("moved");
        if (moved.isObject()) {
            line(out, "moved",
                    "%s%s accounts looked at, %s objects brought, %s behind; %s read on both sides".formatted(
                    moved.path("whole").asBoolean() ? "all: " : "", Shown.text(moved, "accounts"),
                    Shown.text(moved, "objects"), Shown.text(moved, "behind"), Shown.text(moved, "read")));
        }
        JsonNode measured = facts.path("measured");
        if (measured.isObject()) line(out, "measured",
                ("%s writes (99 in 100 within %s ms; old vault %s ms), %s reads (%s ms; %s ms), %s failed,"
                + " %s wrong").formatted(
                        Shown.text(measured, "writes"), Shown.text(measured, "writeMillis"),
                        Shown.text(measured, "writeMillisBeside"), Shown.text(measured, "reads"),
                        Shown.text(measured, "readMillis"), Shown.text(measured, "readMillisBeside"),
                        Shown.text(measured, "failed"), Shown.text(measured, "wrong")));
        line(out, "retire", Shown.text(facts, "retire"));
        for (JsonNode one : facts.path("evidence")) {
            line(out, "", "%s  %-7s %-12s by %s %s".formatted(Shown.text(one, "at"), Shown.text(one, "stage"),
                    Shown.text(one, "what"), Shown.text(one, "by"), Shown.text(one, "why")).stripTrailing());
        }
        return out.toString().stripTrailing();
    }

    private static void line(StringBuilder out, String name, String text) {
        if (!text.isEmpty()) out.append("%-9s %s%n".formatted(name, text));
    }
}
