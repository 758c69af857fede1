package casella.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/// A real clamd in a folder of its own, behind a Unix socket, that knows one signature of ours: the file that everybody's scanner
/// takes for malware, to try it. Asks nobody in any network for more.
///
/// Needs Debian's package `clamav-daemon`.
public final class Clamd implements AutoCloseable {
    private static final Duration TIME = Duration.ofSeconds(30);

    private final Daemon daemon;
    private final Path folder;

    private Clamd(Daemon daemon, Path folder) {
        this.daemon = daemon;
        this.folder = folder;
    }

    /// Starts it, and returns when it answers.
    ///
    /// @param folder empty, or of one that was stopped
    public static Clamd start(Path folder) {
        try {
            Files.createDirectories(folder.resolve("db"));
            // ClamAV documentation, "Body-based Signature Content Format": name, any file, anywhere, bytes
            Files.writeString(folder.resolve("db/casella.ndb"),
                    "Casella.Eicar:0:*:" + HexFormat.of().formatHex(eicar().getBytes(US_ASCII)) + "\n");
            Path config = Files.writeString(folder.resolve("clamd.conf"), """
                    DatabaseDirectory %1$s/db
                    TemporaryDirectory %1$s
                    LocalSocket %1$s/socket
                    Foreground yes
                    MaxThreads 4
                    StreamMaxLength 10M
                    SelfCheck 0
                    """.formatted(folder));
            var clamd = new Clamd(
                    Daemon.start(List.of("clamd", "-c", config.toString()), folder.resolve("log")), folder);
            clamd.daemon.awaitAnswer(clamd::answers, TIME);
            return clamd;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Returns what everybody's scanner takes for malware, and is none. Written in two pieces, so that nobody's scanner takes this
    /// source for it.
    public static String eicar() {
        return String.join("", "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR", "-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*");
    }

    /// Returns the socket behind which it listens.
    public Path socket() {
        return folder.resolve("socket");
    }

    /// Returns its process.
    public long pid() {
        return daemon.pid();
    }

    private boolean answers() {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
            Channels.newOutputStream(channel).write("zPING\0".getBytes(US_ASCII));
            return new String(Channels.newInputStream(channel).readAllBytes(), US_ASCII).startsWith("PONG");
        } catch (IOException e) {
            return false;
        }
    }

    /// Returns what it logged.
    public String log() {
        return daemon.log();
    }

    @Override
    public void close() {
        daemon.close();
    }
}
