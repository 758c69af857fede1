package casella.server.cli;

import casella.server.Launch;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `casella`: takes the arguments apart and runs the command they name.
@Command(
        name = "casella",
        description = "A mail platform: delivers, keeps and shows mail.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "`casella test [MODULE [TEST]] [--long]` runs the tests; the launcher itself does that.",
            "",
            "Exit codes: 0 done, 1 found something wrong, 2 bad usage, 3 not reachable."
        })
public final class Cli implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    boolean help;

    private static final String DATA = "The data folder (default: CASELLA_DATA, else ./casella-data).";

    private final Terminal terminal;
    private final Launch launch;
    private final FactCommands facts;
    private final StoreCommands store;
    private final HealthCommands health;

    private Cli(Terminal terminal, Launch launch) {
        this.terminal = terminal;
        this.launch = launch;
        this.facts = new FactCommands(terminal);
        this.store = new StoreCommands(terminal, launch);
        this.health = new HealthCommands(terminal);
    }

    /// Runs the command of `arguments` and returns its exit code.
    ///
    /// @param launch starts the server for `demo` and `serve`
    public static int run(Terminal terminal, Launch launch, String... arguments) {
        CommandLine line = commands(terminal, launch);
        line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        line.setParameterExceptionHandler((e, _) -> {
            PrintWriter err = e.getCommandLine().getErr();
            err.println("casella: " + e.getMessage());
            err.println("try: " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
            return Exit.USAGE;
        });
        line.setExecutionExceptionHandler((e, command, _) -> {
            command.getErr().println("casella: " + e);
            return Exit.WRONG;
        });
        int code = line.execute(arguments);
        terminal.out().flush();
        terminal.err().flush();
        return code;
    }

    private static CommandLine commands(Terminal terminal, Launch launch) {
        var line = new CommandLine(new Cli(terminal, launch));
        line.addSubcommand(new AccountCommands(terminal, launch));
        var brand = new CommandLine(new BrandCommands.Brands(terminal));
        brand.addSubcommand(new BrandCommands.Domains(terminal));
        brand.addSubcommand(new DkimCommands(terminal));
        line.addSubcommand(brand);
        line.addSubcommand(new ForwardCommands(terminal));
        line.addSubcommand(new BanCommands(terminal));
        line.addSubcommand(new DnsCommand(terminal));
        line.addSubcommand(new BrandCommands.Plans(terminal));
        line.addSubcommand(new DirectoryCommands(terminal));
        line.addSubcommand(new QueueCommands(terminal));
        line.addSubcommand(new HealthCommands(terminal));
        line.addSubcommand(new ProofCommands(terminal, launch));
        line.addSubcommand(new QuarantineCommands(terminal, launch));
        line.addSubcommand(new StandbyCommands(terminal, launch));
        line.addSubcommand(new CollectCommands(terminal, launch));
        line.addSubcommand(new DrillCommands(terminal));
        line.addSubcommand(new CohortCommands(terminal));
        line.addSubcommand(new ReopenCommands(terminal));
        line.addSubcommand(new AvailabilityCommand(terminal));
        line.addSubcommand(new LossesCommand(terminal));
        line.addSubcommand(new VaultCommands(terminal));
        line.addSubcommand(new IncidentCommands(terminal));
        line.addSubcommand(new ComplaintCommands(terminal));
        line.addSubcommand(new CompensationCommands(terminal));
        line.addSubcommand(new BreachCommands(terminal));
        line.addSubcommand(new StaffCommands(terminal));
        line.addSubcommand(new InsideCommands(terminal));
        line.addSubcommand(new CommandLine.HelpCommand());
        line.getSubcommands().values().forEach(Cli::helped);
        return line;
    }

    /// A group of commands answers --help as each command does.
    private static void helped(CommandLine group) {
        if (!group.getCommandSpec().optionsMap().containsKey("--help")) {
            group.getCommandSpec().addOption(OptionSpec.builder("-h", "--help")
                    .usageHelp(true)
                    .description("Show this help.")
                    .build());
        }
        group.getSubcommands().values().forEach(Cli::helped);
    }

    @Command(name = "demo", description = {
        "Start a server with two brands and a few accounts to look at, in the foreground.",
        "A second demo on the same folder keeps what is there."
    })
    int demo(
            @Option(names = {"-h", "--help"}, usageHelp = true,
                    description = "Show this help.") boolean asked,
            @Option(names = "--data", paramLabel = "DIR", description = DATA) @Nullable Path data,
            @Option(names = "--port-offset", paramLabel = "N", defaultValue = "0",
                    description = "Added to every port.")
                    int offset) {
        return new Serving(terminal, launch).run(data, null, offset, true);
    }

    @Command(name = "serve", description = "Start the server, in the foreground.")
    int serve(
            @Option(names = {"-h", "--help"}, usageHelp = true,
                    description = "Show this help.") boolean asked,
            @Option(names = "--config", paramLabel = "FILE",
                    description = "The configuration (default: all defaults).")
                    @Nullable Path config,
            @Option(names = "--data", paramLabel = "DIR", description = DATA) @Nullable Path data,
            @Option(names = "--port-offset", paramLabel = "N", defaultValue = "0",
                    description = "Added to every port.")
                    int offset) {
        return new Serving(terminal, launch).run(data, config, offset, false);
    }

    @Command(name = "status", description = {
        "Show how the server's parts are, who serves accounts, what waits and what is owed.",
        "Exit code 1 if a part is not whole, 3 if no server runs."
    })
    int status(
            @Mixin DataOptions options,
            @Option(names = "--live", description =
                    "Draw it anew every two seconds, until ended.") boolean live) {
        return health.status(options, live);
    }

    @Command(name = "doctor", description = {
        "Say what is wrong, since when, what the machine is already doing about it, and what you should do.",
        "Exit code 1 if something is wrong, 3 if no server runs."
    })
    int doctor(@Mixin DataOptions options) {
        return health.doctor(options);
    }

    @Command(name = "support-bundle", description = {
        "Write what somebody who helps needs to see into a ZIP file: status, figures, threads, orders; no mail, no addresses.",
        "Works when no server runs. Look through it before you give it away."
    })
    int supportBundle(
            @Mixin DataOptions options,
            @Option(names = "--to", required = true, paramLabel = "FILE", description =
                    "A new file.") Path to,
            @Option(names = "--log", paramLabel = "FILE",
                    description =
                            "A file that the log was written to: its end, without addresses.") @Nullable Path log) {
        return health.support(options, log, to);
    }

    @Command(name = "alert-test", description = {
        "Send a test by every channel that tells operators, and say how that ended.",
        "Exit code 1 if one does not take it."
    })
    int alertTest(@Mixin DataOptions options) {
        return health.testAlerts(options);
    }

    @Command(name = "debt", description = {
        "Show what has fewer copies than the policy asks for.",
        "Of each vault: what it owes, how many accounts could be rebuilt from it now, and since when all of it is proven.",
        "The healer pays it by itself; a vault that owes and does not get less is one to look at."
    })
    int debt(@Mixin DataOptions options) {
        return facts.debt(options);
    }

    @Command(name = "verify", description = {
        "Prove accounts: their journal in every vault, every mail in every vault, the engine against the journal.",
        "Exit code 1 if something is wrong; it is named with what repairs it."
    })
    int verify(
            @Mixin DataOptions options,
            @Parameters(arity = "0..1", paramLabel = "ACCOUNT",
                    description = "Address or id.") @Nullable String account,
            @Option(names = "--all", description = "Every account.") boolean all) {
        return store.verify(options, account, all);
    }

    @Command(name = "rebuild", description = {
        "Make the engine's view of accounts anew from one vault, and the tail if it is there.",
        "With --all, views that are right are left as they are; an order that broke off is given again."
    })
    int rebuild(
            @Mixin DataOptions options,
            @Parameters(arity = "0..1", paramLabel = "ACCOUNT",
                    description = "Address or id.") @Nullable String account,
            @Option(names = "--all", description = "Every account.") boolean all,
            @Option(names = "--from", required = true, paramLabel = "VAULT",
                    description = "The vault's name.")
                    String from) {
        return store.rebuild(options, account, all, from);
    }

    @Command(name = "export", description = {
        "Write an account into a folder: mbox for each mailbox, flags, dates and ids as JSON.",
        "Reads vaults and tail alone: it works with everything else down."
    })
    int export(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "ACCOUNT", description = "Address or id.") String account,
            @Option(names = "--to", required = true, paramLabel = "DIR",
                    description = "An empty folder, or a new one.")
                    Path to,
            @Option(names = "--from", paramLabel = "VAULT",
                    description = "One vault alone.") @Nullable String from) {
        return store.export(options, account, to, from);
    }

    @Command(name = "restore", description = {
        "Have back what was deleted: emails, a folder, or all that is missing of an account as of a moment.",
        "What is there now stays as it is. Exit code 1 if something cannot be had back; it is named."
    })
    int restore(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "ACCOUNT", description = "Address or id.") String account,
            @Option(names = "--email", paramLabel = "ID",
                    description = "An email, as --list names it; may be said again.")
                    @Nullable List<String> emails,
            @Option(names = "--folder", paramLabel = "NAME",
                    description = "The folder with the name it had then.")
                    @Nullable String folder,
            @Option(names = "--as-of", paramLabel = "TIME",
                    description = "The moment: 2027-01-31T09:30:00+01:00.")
                    @Nullable String asOf,
            @Option(names = "--list", description =
                    "Show what can be had back; restore nothing.") boolean list,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "1000",
                    description = "Show the newest N (default: ${DEFAULT-VALUE}).")
                    int limit) {
        return store.restore(options, account, emails == null ? List.of() : emails, folder, asOf, list,
                limit);
    }

    @Command(name = "config", description = "Explain every key of the configuration, or check a file.")
    int config(
            @Option(names = {"-h", "--help"}, usageHelp = true,
                    description = "Show this help.") boolean asked,
            @Option(names = "--explain",
                    description = "Print every key: meaning, unit, default, what a change needs.")
                    boolean explain,
            @Option(names = "--check", paramLabel = "FILE",
                    description = "Read FILE and print what is wrong with it.")
                    @Nullable Path check,
            @Option(names = "--json", description = "Print facts as JSON.") boolean json) {
        return facts.config(explain, check, json);
    }

    @Command(name = "version", description = "Show the program's version and the Java it runs on.")
    int version(
            @Option(names = {"-h", "--help"}, usageHelp = true,
                    description = "Show this help.") boolean asked,
            @Option(names = "--json", description = "Print facts as JSON.") boolean json) {
        return facts.version(json);
    }

    /// Without a command there is nothing to do.
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
