package casella.server.cli;

import casella.base.Fault;
import casella.server.Launch;
import casella.server.config.Config;
import casella.server.config.Problem;
import casella.server.control.Order;
import casella.server.proof.InstanceKey;
import casella.server.proof.SignedDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `casella proof …`
@Command(
        name = "proof",
        description = {
            "Verify an account and write what was found as a signed document, also when something is wrong.",
            "Exit code 1 if something is wrong. --key prints the public half of this instance's key."
        })
final class ProofCommands implements Callable<Integer> {
    private static final int FILE_BYTES_MAX = 1 << 20;

    private final Terminal terminal;
    private final Caller caller;

    @Mixin
    DataOptions options = new DataOptions();

    @Parameters(arity = "0..1", paramLabel = "ACCOUNT", description = "Address or id.")
    @Nullable String account;

    @Option(names = "--to", paramLabel = "FILE",
            description = "Write the document there; standard output says it in words.")
    @Nullable Path to;

    @Option(names = "--key", description = "Print the public key.")
    boolean key;

    ProofCommands(Terminal terminal, Launch launch) {
        this.terminal = terminal;
        this.caller = new Caller(terminal, launch);
    }

    @Override
    public Integer call() {
        if ((account == null) != key) {
            terminal.err().println("casella: proof: say ACCOUNT or --key");
            return Exit.USAGE;
        }
        if (account == null) return withKey(options, null, found -> terminal.out().print(found.text()));
        options.json = false; // it is JSON anyway
        return caller.call(options, new Order.Proof(account), Shown.facts(this::proven));
    }

    private String proven(ObjectNode facts) {
        String document = facts.path("document").toPrettyString() + "\n";
        if (to == null) return document.stripTrailing();
        Path file = terminal.folder().resolve(to);
        try {
            Files.writeString(file, document, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException("The document cannot be written: " + e, e);
        }
        return words(facts.path("payload"));
    }

    @Command(name = "check", description = {
        "Check a signed document, a proof or a certificate of an erasure, and say what it says.",
        "Exit code 1 if it was changed, or another key signed it, or it tells of something wrong."
    })
    int check(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "FILE", description = "The document.") Path file,
            @Option(names = "--key", paramLabel = "FILE",
                    description = "The public key (default: that of the data folder).")
                    @Nullable Path key) {
        return withKey(options, key, found -> {
            SignedDocument document = SignedDocument.check(read(terminal.folder().resolve(file)), found);
            ObjectNode payload = document.payload();
            terminal.out().println(options.json ? payload.toString() : "signed by " + found.id() + "\n"
                    + said(payload));
            if (erasure(payload) && !ErasureWords.complete(payload)) {
                throw new Fault.Corrupt("The erasure is not complete", java.util.Map.of());
            }
            if (!payload.path("problems").isEmpty()) {
                throw new Fault.Corrupt("The document tells of something wrong", java.util.Map.of());
            }
        });
    }

    private static boolean erasure(JsonNode payload) {
        return Shown.text(payload, "document").equals("casella-erasure");
    }

    private static String said(ObjectNode payload) {
        if (erasure(payload)) return ErasureWords.of(payload);
        return own(payload) ? ownWords(payload) : words(payload);
    }

    private static boolean own(JsonNode payload) {
        return Shown.text(payload, "document").equals("casella-own-account");
    }

    private static String ownWords(JsonNode payload) {
        return "account %s (%s), at %s%naccepted %s: filed %s, deleted since %s, waiting %s, LOST %s, out of reach %s".formatted(
                Shown.text(payload, "account"), Shown.text(payload, "address"), Shown.text(payload, "at"),
                Shown.text(payload, "accepted"), Shown.text(payload, "filed"), Shown.text(payload, "deleted"),
                Shown.text(payload, "pending"), Shown.text(payload, "lost"), Shown.text(payload, "unreachable"));
    }

    private interface Use {
        void of(InstanceKey.Public key) throws IOException;
    }

    private int withKey(DataOptions options, @Nullable Path given, Use use) {
        return switch (options.load(terminal, 0)) {
            case Config.Loaded.Bad(List<Problem> problems) -> DataOptions.refuse(terminal, problems);
            case Config.Loaded.Good(Config config) -> {
                Path file = given == null ? config.data().keys().resolve("instance.pub") : terminal.folder()
                        .resolve(given);
                try {
                    use.of(InstanceKey.Public.parse(read(file)));
                    yield Exit.DONE;
                } catch (NoSuchFileException e) {
                    terminal.err().println("casella: there is no " + e.getMessage()
                            + "; a key is made at the first start");
                    yield Exit.NOT_REACHABLE;
                } catch (IOException | Fault e) {
                    terminal.err().println("casella: " + e.getMessage());
                    yield Exit.WRONG;
                }
            }
        };
    }

    private static String read(Path file) throws IOException {
        if (Files.size(file) > FILE_BYTES_MAX) throw new IOException(file + " is too long");
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    private static String words(JsonNode payload) {
        var text = new StringBuilder("account " + Shown.text(payload, "account"));
        if (payload.has("address")) text.append(" (").append(Shown.text(payload, "address")).append(')');
        text.append("\nverified ").append(Shown.text(payload, "begun")).append(" to ")
                .append(Shown.text(payload, "ended"));
        text.append("\njournal at change ").append(Shown.text(payload.path("journal"), "modseq"));
        text.append(", head ").append(Shown.text(payload.path("journal"), "head"));
        text.append('\n').append(Shown.text(payload, "emails")).append(" emails");
        for (JsonNode vault : payload.path("vaults")) {
            text.append("\nvault ").append(Shown.text(vault, "name")).append(": ")
                    .append(Shown.text(vault, "emailsRight"));
            text.append(" of them right, journal to change ").append(Shown.text(vault, "journalTo"));
        }
        if (payload.path("problems").isEmpty()) text.append("\nnothing is wrong");
        for (JsonNode problem : payload.path("problems")) {
            text.append("\nWRONG: ").append(Shown.text(problem, "what"));
            text.append("\n  repair: ").append(Shown.text(problem, "repair"));
        }
        return text.toString();
    }
}
