package casella.server.whole;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// A demo server in a process of its own, on ports of its own.
final class RunningServer implements AutoCloseable {
    private static final List<Integer> PORTS =
            List.of(2_525, 2_587, 2_465, 2_424, 2_143, 2_993, 2_110, 2_995, 4_190, 8_080, 8_081);

    private final Process process;
    private final Path log;
    private final Map<String, Integer> ports;
    private final Duration startUp;

    private RunningServer(Process process, Path log, Map<String, Integer> ports, Duration startUp) {
        this.process = process;
        this.log = log;
        this.ports = ports;
        this.startUp = startUp;
    }

    /// Starts a demo on `data` and returns when it says that it is ready.
    static RunningServer start(Path data) {
        return start(data, "casella.server.Main", List.of("demo"));
    }

    /// Starts a demo in a folder that only it sees as a file system of so many mebibytes, two fifths of which a file named
    /// `filler` takes ([#root]). Needs user namespaces, as Debian's kernels give them to everybody.
    static RunningServer onDiskOf(int mebibytes, Path disk) {
        String mount = "mount -t tmpfs -o size=%dm none %s && head -c %dM /dev/zero > %s/filler && exec \"$@\""
                .formatted(mebibytes, disk, mebibytes * 2 / 5, disk);
        return start(disk.resolve("data"), "casella.server.Main", List.of("demo"),
                List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh"));
    }

    /// Says whether [#onDiskOf] works on this machine.
    static boolean canHaveDisk() throws IOException, InterruptedException {
        String mount = "mount -t tmpfs -o size=1m none /tmp";
        return new ProcessBuilder("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount)
                        .redirectErrorStream(true)
                        .start()
                        .waitFor()
                == 0;
    }

    /// Returns how to reach a file that only the server's process sees.
    Path root(Path file) {
        return Path.of("/proc", String.valueOf(process.pid()), "root", file.toString());
    }

    /// Starts a server on `data`, where a demo was before, as `config` says.
    static RunningServer serve(Path data, Path config) {
        return start(data, "casella.server.Main", List.of("serve", "--config", config.toString()));
    }

    /// Starts a server on `data`, where a demo was before, that suffers what it is told ([#tell]).
    static RunningServer troubled(Path data, Path config) {
        return start(data, "casella.server.TroubledMain", List.of("serve", "--config", config.toString()));
    }

    /// As [#troubled], and it suffers `troubles` from the start.
    static RunningServer troubled(Path data, Path config, String troubles) {
        return start(data, "casella.server.TroubledMain", List.of("serve", "--config", config.toString()),
                List.of("env", "CASELLA_TROUBLES=" + troubles));
    }

    private static RunningServer start(Path data, String main, List<String> order) {
        return start(data, main, order, List.of());
    }

    /// @param under what the process is started by
    private static RunningServer start(Path data, String main, List<String> order, List<String> under) {
        int offset = freeOffset();
        Path log = data.resolveSibling(data.getFileName() + "-" + offset + ".log");
        var command = new ArrayList<>(under);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.add("-Dcasella.home=" + System.getProperty("casella.root"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        command.addAll(order);
        command.addAll(List.of("--data", data.toString(), "--port-offset", String.valueOf(offset)));
        try {
            long start = System.nanoTime();
            Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
            var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String ready = out.readLine();
            if (ready == null || !ready.startsWith("Casella is ready")) {
                process.destroyForcibly();
                throw new IllegalStateException("no server: " + ready + "\n" + Files.readString(log));
            }
            // What else it prints must not fill the pipe.
            Thread.ofVirtual().start(() -> out.lines().forEach(_ -> {}));
            return new RunningServer(process, log, ports(ready), Duration.ofNanos(System.nanoTime() - start));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Integer> ports(String ready) {
        var ports = new HashMap<String, Integer>();
        for (String word : ready.split(" ")) {
            int at = word.indexOf('=');
            if (at > 0) ports.put(word.substring(0, at), Integer.parseInt(word.substring(at + 1)));
        }
        return ports;
    }

    private static int freeOffset() {
        for (int attempt = 0; attempt < 100; attempt++) {
            int offset = ThreadLocalRandom.current().nextInt(10_000, 22_000);
            if (PORTS.stream().allMatch(port -> free(port + offset))) return offset;
        }
        throw new IllegalStateException("no free ports");
    }

    private static boolean free(int port) {
        try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// Returns a port by the name in the ready line: `imap`, `lmtp`.
    int port(String name) {
        Integer port = ports.get(name);
        if (port == null) throw new IllegalStateException("no port " + name + " in " + ports);
        return port;
    }

    Duration startUp() {
        return startUp;
    }

    long pid() {
        return process.pid();
    }

    /// Returns what it logged so far.
    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Says a line to its standard input.
    void tell(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Ends it as a power switch would, as far as a process can be: kill -9.
    void kill() {
        process.destroyForcibly();
        waitFor(Duration.ofSeconds(30));
    }

    /// Waits for its end, which it comes to by itself, and returns its exit code.
    int ended() {
        waitFor(Duration.ofSeconds(30));
        return process.exitValue();
    }

    /// Asks it to end (SIGTERM) and returns its exit code.
    int stop() {
        process.destroy();
        waitFor(Duration.ofSeconds(30));
        return process.exitValue();
    }

    private void waitFor(Duration time) {
        try {
            if (!process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("the server did not end within " + time);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) process.destroyForcibly();
        waitFor(Duration.ofSeconds(30));
    }
}
