package casella.server;

import casella.server.config.Config;
import casella.server.control.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Starts a whole demo on a folder of its own and on any free ports, and ends it: the run from which the launcher's
/// ahead-of-time cache learns what a start needs.
public final class Rehearsal {
    public static final String EVERY_PORT_FREE =
            "listen: {smtp: 0, submission: 0, submission-tls: 0, lmtp: 0, imap: 0, imap-tls: 0, pop3: 0, pop3-tls: 0,"
                    + " http: 0, operations: 0}\n";

    private Rehearsal() {}

    /// Returns an exit code: 0 if the server started and ended.
    static int run() {
        try {
            Path folder = Files.createTempDirectory("casella-rehearsal");
            try {
                return run(folder);
            } finally {
                delete(folder);
            }
        } catch (IOException | Launch.StartFailed e) {
            System.err.println("casella: rehearsal: " + e.getMessage());
            return 1;
        }
    }

    private static int run(Path folder) throws Launch.StartFailed {
        if (!(Config.text(EVERY_PORT_FREE, new Config.Overrides(folder, 0)) instanceof Config.Loaded.Good(Config config))) {
            throw new IllegalStateException("the rehearsal's configuration is wrong");
        }
        return switch (DataFolder.take(config.data())) {
            case DataFolder.Taken.Busy _ -> 1;
            case DataFolder.Taken.Held(DataFolder held) -> {
                try (held;
                        var _ = new Server().start(config, held, true)) {
                    yield 0;
                }
            }
        };
    }

    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) Files.delete(path);
    }
}
