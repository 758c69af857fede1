package casella.server.cli;

import casella.server.Launch;
import casella.server.control.CardOrder;
import casella.server.control.Order;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `casella account …`
@Command(name = "account", description = "Enter, list and change accounts.",
        synopsisSubcommandLabel = "COMMAND")
final class AccountCommands {
    private final Terminal terminal;
    private final Caller caller;
    private final Caller stored;

    AccountCommands(Terminal terminal, Launch launch) {
        this.terminal = terminal;
        this.caller = new Caller(terminal);
        this.stored = new Caller(terminal, launch);
    }

    @Command(name = "add", description =
            "Enter an account. Without --password-stdin a password is made and shown once.")
    int add(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "ADDRESS",
                    description = "Its primary address; the domain says the brand.") String address,
            @Option(names = "--plan", paramLabel = "P",
                    description = "Name of a plan (default: free).") @Nullable String plan,
            @Option(names = "--name", paramLabel = "NAME",
                    description = "What its letters carry as a name.") @Nullable String name,
            @Option(names = "--language", paramLabel = "TAG",
                    description = "it, en, … (default: the brand's).")
                    @Nullable String language,
            @Option(names = "--password-stdin",
                    description =
                            "Read the password, or {SCHEME}hash, from the first line of standard input.")
                    boolean fromInput) {
        @Nullable String password = null;
        if (fromInput) {
            password = terminal.line();
            if (password == null) return noPassword();
        }
        return caller.call(
                options, new Order.AccountAdd(address, plan, name, language, password),
                        Shown.facts(AccountCommands::entered));
    }

    @Command(name = "import", description = {
        "Enter accounts from a CSV file, thousands at once.",
        "The first row names the columns: address, and any of password, name, plan, language, aliases, paid-until.",
        "A password like {BLF-CRYPT}$2y$… is taken as a hash: quick. A clear one costs a hash, about 15 a second and core."
    })
    int importCsv(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "FILE.csv",
                    description = "The file; - for standard input.") String file) {
        Path path = terminal.folder().resolve(file);
        try (Reader csv = file.equals("-")
                ? new InputStreamReader(terminal.in(), StandardCharsets.UTF_8)
                : Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
            return caller.call(options, new Order.AccountImport(), csv,
                    Shown.facts(AccountCommands::imported));
        } catch (IOException e) {
            terminal.err().println("casella: " + file + ": cannot be read");
            return Exit.USAGE;
        }
    }

    @Command(name = "list", description = "List accounts in the order of their addresses.")
    int list(@Mixin DataOptions options) {
        return caller.call(options, new Order.AccountList(), Shown.rows(AccountCommands::line));
    }

    @Command(name = "find", description = "Find accounts by id, or by the beginning of their address.")
    int find(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "TEXT", description =
                    "An id, an address, or its beginning.") String text,
            @Option(names = "--limit", defaultValue = "50", paramLabel = "N", description =
                    "So many at most (default: 50).") int limit) {
        return caller.call(options, new CardOrder.AccountFind(text, limit),
                Shown.rows(AccountCommands::line));
    }

    @Command(name = "show", description = {
        "Show how a mailbox is, what to tell its owner, and what the record has of it: what whoever talks with the owner needs.",
        "With --json the whole of it. Nothing of any mail is in it."
    })
    int show(@Mixin DataOptions options,
            @Parameters(paramLabel = "ACCOUNT", description = "An address or an id.") String account) {
        return caller.call(options, new CardOrder.AccountShow(account), Shown.facts(AccountCommands::card));
    }

    @Command(name = "passwd", description =
            "Set a password. Without --password-stdin one is made and shown once.")
    int passwd(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "ADDRESS", description = "An address of the account.") String address,
            @Option(names = "--password-stdin",
                    description = "Read the password from the first line of standard input.")
                    boolean fromInput) {
        @Nullable String password = null;
        if (fromInput) {
            password = terminal.line();
            if (password == null) return noPassword();
        }
        return caller.call(options, new Order.AccountPassword(address, password),
                Shown.facts(AccountCommands::entered));
    }

    @Command(name = "disable", description = "Refuse log-in and new mail; everything is kept.")
    int disable(@Mixin DataOptions options, @Parameters(paramLabel = "ADDRESS",
            description = "An address of the account.") String address) {
        return state(options, address, "disabled");
    }

    @Command(name = "enable", description = "Undo disable.")
    int enable(@Mixin DataOptions options, @Parameters(paramLabel = "ADDRESS",
            description = "An address of the account.") String address) {
        return state(options, address, "active");
    }

    @Command(name = "hold", description = {
        "Keep everything of an account, deleted mail too, until it is released: nothing is collected, nothing erased.",
        "Log-in and mail go on as they are."
    })
    int hold(@Mixin DataOptions options, @Parameters(paramLabel = "ADDRESS",
            description = "An address of the account.") String address) {
        return caller.call(options, new Order.AccountHold(address, true),
                Shown.facts(AccountCommands::entered));
    }

    @Command(name = "release", description = "Undo hold.")
    int release(@Mixin DataOptions options, @Parameters(paramLabel = "ADDRESS",
            description = "An address of the account.") String address) {
        return caller.call(options, new Order.AccountHold(address, false),
                Shown.facts(AccountCommands::entered));
    }

    @Command(name = "erase", description = {
        "Erase a wiped account from everywhere, now: engine, journal, every vault, queue. This cannot be undone.",
        "Prints the certificate, signed: each place, and when it confirmed. Given again, it says how far it is.",
        "casella proof check FILE checks and reads it.",
        "Exit code 1 while a place has not confirmed; a vault that is away owes it."
    })
    int erase(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "ADDRESS", description = "An address of the account.") String address,
            @Option(names = "--to", paramLabel = "FILE",
                    description = "Write the certificate there; standard output says it in words.")
                    @Nullable Path to,
            @Option(names = "--dry-run", description = "Say what would be erased where; erase nothing.")
                    boolean dryRun,
            @Option(names = "--yes", description = "Say that you mean it; at a terminal it is asked for.")
                    boolean yes) {
        if (dryRun) return stored.call(options, new Order.AccountErase(address, true),
                Shown.facts(AccountCommands::wouldErase));
        if (!yes && !terminal.confirms("Erase " + address + " from everywhere? This cannot be undone.")) {
            terminal.err().println("casella: account erase: nothing was done");
            return Exit.USAGE;
        }
        options.json = false; // it is JSON anyway
        return stored.call(options, new Order.AccountErase(address, false), Shown.facts(facts -> erased(facts, to)));
    }

    private static String wouldErase(ObjectNode facts) {
        String ordered = Shown.text(facts, "ordered");
        String bytes = facts.path("bytes").isNumber() ? facts.path("bytes").asLong() + " bytes of mail"
                : "nobody can say now how much mail it is";
        return "account " + Shown.text(facts, "account") + " (" + Shown.text(facts, "address") + "): " + bytes
                + "\nwould be erased from " + String.join(", ", facts.path("places").valueStream()
                        .map(place -> place.asString("")).toList())
                + (ordered.isEmpty() ? "" : "\nalready ordered " + ordered) + "\nnothing was done";
    }

    private String erased(ObjectNode facts, @Nullable Path to) {
        JsonNode document = facts.has("document") ? facts.path("document") : facts;
        if (facts.has("unsigned")) terminal.err().println("casella: not signed: " + Shown.text(facts,
                "unsigned"));
        if (to == null) return document.toPrettyString();
        Path file = terminal.folder().resolve(to);
        try {
            Files.writeString(file, document.toPrettyString() + "\n", StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException("The certificate cannot be written: " + e, e);
        }
        return ErasureWords.of(facts.path("payload"));
    }

    @Command(name = "wipe", description = {
        "Mark an account for erasure: no log-in, no new mail, credentials gone, addresses reserved.",
        "Its stored mail is erased when the plan's days are over. This cannot be undone."
    })
    int wipe(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "ADDRESS", description = "An address of the account.") String address,
            @Option(names = "--yes", description = "Say that you mean it; at a terminal it is asked for.")
                    boolean yes) {
        if (!yes && !terminal.confirms("Mark " + address + " for erasure? This cannot be undone.")) {
            terminal.err().println("casella: account wipe: nothing was done");
            return Exit.USAGE;
        }
        return state(options, address, "wiped");
    }

    private int state(DataOptions options, String address, String state) {
        return caller.call(options, new Order.AccountState(address, state),
                Shown.facts(AccountCommands::entered));
    }

    @Command(name = "plan", description = "Move an account to another plan.")
    int plan(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "ADDRESS", description = "An address of the account.") String address,
            @Parameters(paramLabel = "PLAN", description = "Name of a plan.") String plan,
            @Option(names = "--paid-until", paramLabel = "DATE",
                    description = "Until when it is paid: 2027-01-31.")
                    @Nullable String paidUntil) {
        return caller.call(
                options, new Order.AccountPlan(address, plan, paidUntil),
                        Shown.facts(AccountCommands::entered));
    }

    @Command(name = "alias", description = "Give an account a further address, or take it away.")
    int alias(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "ADDRESS", description = "An address of the account.") String address,
            @Parameters(paramLabel = "ALIAS", description = "The further address.") String alias,
            @Option(names = "--remove", description = "Take it away.") boolean remove) {
        Order order = remove ? new Order.AliasRemove(address, alias) : new Order.AliasAdd(address, alias);
        return caller.call(options, order, Shown.facts(AccountCommands::entered));
    }

    private int noPassword() {
        terminal.err().println("casella: --password-stdin: there is no password on standard input");
        return Exit.USAGE;
    }

    private static String card(ObjectNode facts) {
        ObjectNode account = (ObjectNode) facts.path("account");
        return line(account) + "\n  " + Shown.text((ObjectNode) facts.path("service"), "state") + "; cohort "
                + Shown.text(facts, "cohort")
                + (facts.path("held").asBoolean() ? "; held" : "") + "; complaints "
                        + facts.path("complaints").size()
                + "; compensation " + facts.path("compensation").size()
                + "\n  it: " + Shown.text((ObjectNode) facts.path("say"), "italian")
                + "\n  en: " + Shown.text((ObjectNode) facts.path("say"), "english");
    }

    private static String line(ObjectNode account) {
        return "%-40s %-9s %-10s %s".formatted(
                Shown.text(account, "address"), Shown.text(account, "state"), Shown.text(account, "plan"),
                Shown.text(account, "brand")).stripTrailing();
    }

    private static String entered(ObjectNode account) {
        String password = Shown.text(account, "password");
        String note = Shown.text(account, "note");
        return line(account)
                + (password.isEmpty() ? "" : "\npassword: " + password)
                + (note.isEmpty() ? "" : "\n" + note);
    }

    private static String imported(ObjectNode facts) {
        var out = new StringBuilder();
        for (JsonNode error : facts.path("errors")) out.append(error.asString()).append('\n');
        return out.append(Shown.text(facts, "added")).append(" added, ").append(Shown.text(facts, "refused"))
                .append(" refused").toString();
    }
}
