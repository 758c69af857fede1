package casella.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A real rspamd in a folder of its own, on ports of its own, that asks nobody in any network: its own rules, and statistics
/// that learn from the first mail on. What begins with [#gtube] in its text it calls spam.
///
/// Needs Debian's package `rspamd`. Stopped, it can be started again in the same folder, and knows what it learned.
public final class Rspamd implements AutoCloseable {
    /// What its controller wants to hear.
    public static final String PASSWORD = "lesson";

    private static final Duration TIME = Duration.ofSeconds(30);

    private final Daemon daemon;
    private final int controller;

    private Rspamd(Daemon daemon, int controller) {
        this.daemon = daemon;
        this.controller = controller;
    }

    /// Starts it, and returns when it answers.
    ///
    /// @param folder empty, or of one that was stopped
    /// @param port where it is asked, as [Postfix#freePort] gave it
    /// @param controller where it is taught
    public static Rspamd start(Path folder, int port, int controller) {
        try {
            Files.createDirectories(folder);
            // The whole list of public suffixes takes it ten seconds.
            Files.writeString(folder.resolve("suffixes"), "com\nnet\norg\nit\nexample\n");
            Path config = Files.writeString(folder.resolve("rspamd.conf"), config(folder, port, controller));
            List<String> command = new ArrayList<>(List.of("rspamd", "-f", "-c", config.toString()));
            // As root it asks for a user to become, and the folder is ours.
            if (Files.isWritable(Path.of("/root"))) command.add("--insecure");
            Daemon daemon = Daemon.start(command, folder.resolve("log"));
            daemon.awaitAnswer(() -> ask(port, "GET /ping HTTP/1.0\r\n\r\n").contains("pong")
                    && ask(controller, "GET /ping HTTP/1.0\r\n\r\n").contains("pong"), TIME);
            return new Rspamd(daemon, controller);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String config(Path folder, int port, int controller) {
        return """
                options {
                    pidfile = "%1$s/pid";
                    filters = "chartable,regexp";
                    explicit_modules = ["settings"];
                    dns { nameserver = ["127.0.0.1:1"]; timeout = 0.1s; retransmits = 0; }
                    control_socket = "%1$s/control mode=0600";
                    tempdir = "%1$s";
                    url_tld = "%1$s/suffixes";
                    local_addrs = [];
                    hs_cache_dir = "%1$s/";
                    cache_file = "%1$s/symbols";
                    disable_hyperscan = true;
                }
                logging { type = "console"; level = "info"; }
                actions { reject = 15; add_header = 6; greylist = 4; }
                worker "normal" { bind_socket = "127.0.0.1:%2$d"; count = 1; }
                worker "controller" {
                    bind_socket = "127.0.0.1:%3$d"; count = 1; password = "%4$s"; secure_ip = [];
                }
                classifier "bayes" {
                    tokenizer { name = "osb"; }
                    backend = "sqlite3";
                    cache { type = "sqlite3"; path = "%1$s/cache.sqlite"; }
                    min_tokens = 1;
                    min_learns = 1;
                    statfile { symbol = "BAYES_HAM"; spam = false; path = "%1$s/ham.sqlite"; }
                    statfile { symbol = "BAYES_SPAM"; spam = true; path = "%1$s/spam.sqlite"; }
                }
                group "statistics" { symbols = { "BAYES_SPAM" { weight = 7; } "BAYES_HAM" { weight = -3; } } }
                lua = "/usr/share/rspamd/rules/rspamd.lua"
                """.formatted(folder, port, controller, PASSWORD);
    }

    /// Returns the text that everybody's filter takes for spam, to try it. Written in two pieces, so that nobody's filter takes
    /// this source for it.
    public static String gtube() {
        return String.join("", "XJS*C4JDBQADN1.NSBN3*2IDNEN", "*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X");
    }

    /// Returns by how many mails it has learned what spam is.
    public int spamLearned() {
        return learned("BAYES_SPAM");
    }

    /// Returns by how many mails it has learned what is none.
    public int hamLearned() {
        return learned("BAYES_HAM");
    }

    private int learned(String symbol) {
        String said = ask(controller, "GET /stat HTTP/1.0\r\nPassword: " + PASSWORD + "\r\n\r\n");
        Matcher matcher = Pattern.compile("\"revision\":(\\d+)[^}]*\"symbol\":\"" + symbol + "\"")
                .matcher(said);
        if (!matcher.find()) throw new IllegalStateException("it does not say: " + said);
        return Integer.parseInt(matcher.group(1));
    }

    private static String ask(int port, String request) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(2_000);
            socket.getOutputStream().write(request.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        } catch (IOException e) {
            return "";
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
