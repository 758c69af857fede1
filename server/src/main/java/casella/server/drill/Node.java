package casella.server.drill;

import casella.base.Bulkhead;
import casella.base.Fault;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A server in a process of its own, of the program that runs here, on a folder of its own that goes with it: what
/// `node-killed` kills. A process cannot kill and start itself, and real owners need not be hit to see what comes of it.
/// Decision 0126.
public final class Node implements AutoCloseable, Ports {
    static final String ADDRESS = "anna@posta.example";

    /// What has the program be such a server: the only argument before the folder.
    public static final String ORDER = "drill-node";

    /// A demo of a few mails needs no more.
    private static final String MEMORY = "-Xmx512m";
    private static final Duration START_MAX = Duration.ofMinutes(2);
    private static final Duration END_MAX = Duration.ofSeconds(10);

    private final Path folder;
    private final Bulkhead work = new Bulkhead("drill.node", 2, 8);
    private volatile Map<String, Integer> ports = Map.of();
    private @Nullable Process process;
    private boolean closed;

    /// @param folder made by it, and removed
    Node(Path folder) {
        this.folder = folder;
    }

    /// Starts the process and returns when it serves.
    ///
    /// @throws Fault.Unavailable if it does not within two minutes
    void start() {
        work.call(START_MAX, () -> {
            Process started = launched();
            BufferedReader out = reader(started);
            String ready = out.readLine();
            if (ready == null || !ready.startsWith("Casella is ready")) {
                throw new Fault.Unavailable("The server under drill does not start", Map.of("folder", folder));
            }
            ports = Ports.of(ready);
            return 0;
        });
    }

    @SuppressWarnings("DefaultCharset") // it is not: UTF-8 is named
    private static BufferedReader reader(Process of) {
        return new BufferedReader(new InputStreamReader(of.getInputStream(), StandardCharsets.UTF_8));
    }

    private synchronized Process launched() throws IOException {
        if (closed) throw new Fault.Unavailable("The drill is over", Map.of());
        Files.createDirectories(folder);
        var command = new ArrayList<>(Program.command(MEMORY, "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(ORDER, folder.resolve("data").toString()));
        File log = folder.resolve("log").toFile();
        Process started = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log))
                .start();
        process = started;
        return started;
    }

    /// Ends the process as `kill -9` does.
    synchronized void kill() {
        ports = Map.of();
        if (process != null) process.destroyForcibly();
    }

    /// Says whether it said that it serves, and was not killed since.
    boolean serves() {
        return !ports.isEmpty();
    }

    /// Returns where it listens now: `imap`, `lmtp`.
    ///
    /// @throws IOException while it does not
    @Override
    public int port(String name) throws IOException {
        Integer port = ports.get(name);
        if (port == null) throw new IOException("the server under drill does not serve");
        return port;
    }

    /// Ends the process and removes its folder.
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        kill();
        try {
            work.call(END_MAX, () -> {
                Process last = process;
                if (last != null) last.waitFor(END_MAX.toMillis() / 2, TimeUnit.MILLISECONDS);
                remove();
                return 0;
            });
        } catch (Fault e) {
            // The next one removes what is left.
        } finally {
            work.close();
        }
    }

    /// Removes what one before left.
    void clear() {
        work.call(END_MAX, () -> {
            remove();
            return 0;
        });
    }

    private void remove() throws IOException {
        if (!Files.isDirectory(folder)) return;
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }
}
