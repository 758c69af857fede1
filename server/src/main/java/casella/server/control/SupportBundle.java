package casella.server.control;

import casella.server.cli.Version;
import casella.server.config.DataConfig;
import casella.server.health.Audit;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What somebody who helps needs to see, in one ZIP file, without addresses and without content.
///
/// ```text
/// README.txt        what is in it, and what is not
/// version.txt       the program, Java, the system
/// server.json       status, doctor, debt, threads; or why nobody could be asked
/// metrics.txt       every figure
/// config.yaml       the configuration file without its comments
/// folders.txt       of each folder of the data folder: files and bytes, never their names
/// audit.txt         of each order: when, who, its name, how it ended; nothing of what it was about
/// log.txt           the end of the log, where one was given
/// ```
///
/// It works when no server runs. Mail is read by nothing here.
public final class SupportBundle {
    private static final int LOG_LINES_MAX = 20_000;
    private static final long LOG_BYTES_MAX = 64L << 20;
    private static final String ABOUT = """
            What somebody who helps needs to see of a Casella server. It holds no mail and no names of folders, and no passwords
            or keys. Mail addresses and addresses of machines are replaced by names that are made from a key which was thrown
            away: the same name is the same address, within this file alone. Look through it before you give it away.
            """;

    private final DataConfig data;
    private final Optional<Operations> server;
    private final Redacted redacted = new Redacted();

    /// @param server who is asked how things are; empty when none runs
    public SupportBundle(DataConfig data, Optional<Operations> server) {
        this.data = data;
        this.server = server;
    }

    /// Writes it to a new file.
    ///
    /// @param config the configuration file; null where all is default, or it is not at hand
    /// @param log a file the log was written to; null for none
    /// @throws FileAlreadyExistsException if there is such a file
    public void write(@Nullable Path config, @Nullable Path log, Path to) throws IOException {
        try (OutputStream out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW);
                var zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
            for (Map.Entry<String, String> entry : entries(config, log).entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
    }

    private Map<String, String> entries(@Nullable Path config, @Nullable Path log) throws IOException {
        var all = new LinkedHashMap<String, String>();
        all.put("README.txt", ABOUT);
        all.put("version.txt", "casella " + Version.NAME + "\njava " + Runtime.version() + "\nsystem "
                + System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch") + "\n");
        ObjectNode server = asked();
        JsonNode metrics = server.remove("metrics");
        all.put("server.json", redacted.text(server.toPrettyString()) + "\n");
        if (metrics != null) all.put("metrics.txt", redacted.text(metrics.asString("")));
        if (config != null) all.put("config.yaml", redacted.text(withoutComments(config)));
        all.put("folders.txt", folders(data.folder()));
        Path audit = data.folder().resolve(Audit.FILE);
        if (Files.exists(audit)) all.put("audit.txt", orders(audit));
        if (log != null) all.put("log.txt", redacted.text(end(log)));
        return all;
    }

    private ObjectNode asked() {
        ObjectNode all = Json.object();
        if (server.isEmpty()) return all.put("server", "none runs");
        for (Order order : List.of(new Order.Status(), new Order.Doctor(), new Order.Debt(),
                new Order.Support())) {
            String name = order.getClass().getSimpleName();
            switch (server.get().perform(order, Reader.nullReader(), NOTHING)) {
                case Outcome.Done(ObjectNode facts) -> put(all, name, facts);
                case Outcome.Found(ObjectNode facts) -> put(all, name, facts);
                case Outcome.Refused(String why) -> all.put(name, why);
                case Outcome.NotReachable(String why) -> all.put(name, why);
            }
        }
        return all;
    }

    private static void put(ObjectNode all, String name, ObjectNode facts) {
        if (facts.has("metrics")) all.set("metrics", facts.remove("metrics"));
        all.set(name, facts);
    }

    private static final Operations.Output NOTHING = new Operations.Output() {
        @Override
        public void row(ObjectNode row) {}

        @Override
        public void progress(long count) {}
    };

    private static String withoutComments(Path file) throws IOException {
        var out = new StringBuilder();
        for (String line : Files.readAllLines(file)) out.append(line.replaceAll("(^|\\s)#.*",
                "$1")).append('\n');
        return out.toString();
    }

    private static String folders(Path root) throws IOException {
        var out = new StringBuilder();
        List<Path> folders;
        try (Stream<Path> all = Files.list(root)) {
            folders = all.filter(Files::isDirectory).sorted().toList();
        }
        for (Path folder : folders) {
            long files = 0;
            long bytes = 0;
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                    files++;
                    bytes += file.toFile().length();
                }
            }
            out.append("%-24s %,12d files %,18d bytes%n".formatted(folder.getFileName(), files, bytes));
        }
        return out.toString();
    }

    /// An order's words may name an owner, a folder, a file: only its name is taken, and the first word of its end.
    private static String orders(Path audit) throws IOException {
        var out = new StringBuilder();
        for (String line : Files.readAllLines(audit)) {
            String[] words = line.split(" ", 3);
            if (words.length < 3) continue;
            String name = words[2].split("[^A-Za-z]", 2)[0];
            String ended = Stream.of("begins", "done", "refused", "not reachable")
                    .filter(end -> words[2].contains(" " + end))
                    .findFirst()
                    .orElse("?");
            out.append(words[0]).append(' ').append(words[1]).append(' ').append(name).append(' ').append(ended).append('\n');
        }
        return out.toString();
    }

    private static String end(Path log) throws IOException {
        if (Files.size(log) > LOG_BYTES_MAX) throw new IOException(log
                + " is larger than 64 MiB: give its end");
        List<String> lines = new ArrayList<>(Files.readAllLines(log, StandardCharsets.ISO_8859_1));
        int from = Math.max(0, lines.size() - LOG_LINES_MAX);
        return String.join("\n", lines.subList(from, lines.size())) + "\n";
    }
}
