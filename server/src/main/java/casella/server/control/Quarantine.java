package casella.server.control;

import casella.server.config.DataConfig;
import casella.store.quarantine.AccountQuarantine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What was set aside in a data folder because it could not be read: evidence that nothing waits for. Reads
/// names and lengths only, beside a running server or without one.
public final class Quarantine {
    /// One file or folder that was set aside.
    ///
    /// @param part whose it is: `tail`, `pack`, `rocksdb`, `queue`, `engine`, `account`
    /// @param since when it was last written: the damage is no older
    /// @param bytes its length, of a folder all it holds
    /// @param costs what is missing because of it
    /// @param repair what makes that good, and when this may be deleted
    public record Item(String part, String what, Path where, Instant since, long bytes, String costs,
            String repair) {}

    private static final String MAY_GO = "; may be deleted when `casella verify --all` is clean";

    private final DataConfig data;

    public Quarantine(DataConfig data) {
        this.data = data;
    }

    /// Returns all there is, oldest first.
    ///
    /// @throws UncheckedIOException if a folder cannot be read
    public List<Item> items() {
        var items = new ArrayList<Item>();
        try {
            for (Path path : below(data.tail().resolve("quarantine"), "")) {
                items.add(item("tail", "damaged file of the tail", path,
                        "nothing: the engine and the vaults have the changes",
                        "made good by itself" + MAY_GO));
            }
            for (Path path : below(data.pack().resolve("quarantine"), "")) {
                items.add(item("pack", "unreadable records", path, "copies in this vault",
                        "the healer copies them from the other vaults" + MAY_GO));
            }
            for (Path path : below(data.queue().resolve("quarantine"), "")) {
                items.add(item("queue", "damaged file of the queue", path,
                        "mails that the log names as `queue.message-lost`",
                        "docs/formats/queue.md says how to look for them by hand"));
            }
            rocksdb(items);
            engine(items);
            accounts(items);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        items.sort(Comparator.comparing(Item::since).thenComparing(Item::where));
        return List.copyOf(items);
    }

    private void accounts(List<Item> items) {
        for (AccountQuarantine.Aside aside : AccountQuarantine.list(data.care())) {
            String crashes = aside.crashes().stream()
                    .map(crash -> crash.at() + " " + crash.how() + " while " + crash.work().words() + " ("
                            + crash.seconds() + " s; " + crash.others() + " other accounts)")
                    .collect(Collectors.joining("; "));
            items.add(new Item("account", "account " + aside.account() + " that ended the process: "
                    + crashes,
                    data.care().resolve("quarantine"), aside.since(), 0,
                    "the account is not served; its mail waits in the queue",
                    "an update where there is one; then casella quarantine release " + aside.account()
                            + ", and casella rebuild " + aside.account() + " --from VAULT"));
        }
    }

    private void rocksdb(List<Item> items) throws IOException {
        for (Path note : below(data.rocksdb(), ".set-aside")) {
            String name = name(note);
            Path database = note.resolveSibling(name.substring(0, name.indexOf('.')));
            if (!Files.exists(database)) continue;
            items.add(item("rocksdb", "database that could not be opened or written", database,
                    "copies in this vault, where it cannot be read either",
                    "the healer copies them from the other vaults" + MAY_GO));
        }
        for (Path database : below(data.rocksdb(), "")) if (Files.isDirectory(database)) cuts("rocksdb",
                database, items);
    }

    private void engine(List<Item> items) throws IOException {
        Path engine = data.engine();
        @Nullable Path parent = engine.toAbsolutePath().getParent();
        if (parent == null) return;
        for (Path path : below(parent, "")) {
            if (!name(path).startsWith(name(engine) + ".damaged-")) continue;
            items.add(item("engine", "engine whose files are damaged", path,
                    "nothing: accounts are made anew from the journal",
                    "made good at each account's first use" + MAY_GO));
        }
        Path suspect = engine.resolve("SUSPECT");
        if (Files.exists(suspect)) {
            items.add(item("engine", "note that damage was read", suspect,
                    "accounts that are answered as damaged",
                    "the next start of the server sets the engine aside and makes it anew"));
        }
        cuts("engine", engine, items);
    }

    /// What recovery cut off a log: nobody was answered for it, or it is in the journal.
    private static void cuts(String part, Path database, List<Item> items) throws IOException {
        for (Path path : below(database, "")) {
            if (!name(path).startsWith("cut-")) continue;
            items.add(item(part, "log that was not whole at a start", path, "nothing, when it was a kill",
                    "compared with the others at the start; the newest three are kept"));
        }
    }

    private static List<Path> below(Path folder, String end) throws IOException {
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> name(path).endsWith(end)).sorted().toList();
        }
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    private static Item item(String part, String what, Path where, String costs,
            String repair) throws IOException {
        long bytes = 0;
        try (Stream<Path> all = Files.walk(where)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) bytes += Files.size(file);
        }
        return new Item(part, what, where, Files.getLastModifiedTime(where).toInstant(), bytes, costs,
                repair);
    }
}
