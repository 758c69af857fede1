package casella.server;

import casella.base.Clock;
import casella.directory.Authenticator;
import casella.directory.sasl.Mechanisms;
import casella.directory.sasl.Tokens;
import casella.imap.ImapConfig;
import casella.jmap.JmapConfig;
import casella.jmap.MailSettings;
import casella.pop3.Pop3Config;
import casella.queue.QueueLimits;
import casella.server.config.Config;
import casella.server.config.StoreConfig;
import casella.smtp.SmtpConfig;
import casella.store.Copies;
import casella.store.care.Care;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Turns what the configuration file says into what each room is told.
final class Settings {
    private Settings() {}

    static Copies.Policy copies(Config config) {
        StoreConfig store = config.store();
        return new Copies.Policy(
                store.copies(),
                Copies.Distinct.valueOf(store.distinct().toUpperCase(Locale.ROOT)),
                store.ack(),
                store.ackMin(),
                store.writeTimeout(),
                store.readTimeout());
    }

    static QueueLimits queue(Config config) {
        return QueueLimits.DEFAULT.withTotals(config.queue().recipientsMax(), config.queue().bytesMax());
    }

    static Care.Rates rates(Config config) {
        return new Care.Rates(config.store().healRate(), config.store().scrubRate());
    }

    static SmtpConfig smtp(Config config) {
        return new SmtpConfig(
                config.mail().hostname(),
                config.mail().messageBytesMax(),
                config.smtp().recipientsMax(),
                config.smtp().lineBytesMax(),
                config.smtp().errorsMax(),
                config.smtp().commandsWithoutMailMax(),
                config.smtp().idleTimeout(),
                config.smtp().dataTimeMax(),
                config.smtp().inFlightBytesMax(),
                config.access().plainLoginOnLoopback(),
                config.smtp().trustedPeers());
    }

    /// Returns how owners may log in, beside sending a password.
    ///
    /// @throws IllegalArgumentException with a sentence, if the keys of the tokens' issuer cannot be read
    static Mechanisms mechanisms(Config config, Authenticator authenticator, Clock clock) {
        return new Mechanisms(authenticator, config.access().scram(),
                config.access().tokens().map(settings -> new Tokens(settings, clock)));
    }

    static ImapConfig imap(Config config, boolean plain) {
        return new ImapConfig(
                config.imap().idleTimeout(),
                config.imap().loginTimeout(),
                config.imap().lineBytesMax(),
                config.imap().literalBytesMax(),
                config.mail().messageBytesMax(),
                config.imap().connectionsPerAccountMax(),
                config.imap().badCommandsMax(),
                plain);
    }

    static Pop3Config pop3(Config config, boolean plain) {
        Pop3Config usual = Pop3Config.DEFAULT;
        return new Pop3Config(
                config.pop3().idleTimeout(),
                usual.loginTimeout(),
                config.pop3().connectionsPerAccountMax(),
                usual.badCommandsMax(),
                plain);
    }

    static JmapConfig jmap(Config config, int port) {
        Path uploads = config.http().uploads().orElse(config.data().run().resolve("uploads"));
        JmapConfig usual = JmapConfig.defaults(uploads);
        return new JmapConfig(
                config.listen().host(),
                port,
                config.http().baseUrl().orElse(null),
                webmail(config).orElse(null),
                uploads,
                config.access().plainLoginOnLoopback(),
                usual.requestBytesMax(),
                usual.callsMax(),
                usual.requestsMax(),
                usual.objectsInGetMax(),
                usual.objectsInSetMax(),
                config.mail().messageBytesMax(),
                usual.concurrentUploadsMax(),
                usual.uploadSpoolBytesMax(),
                usual.uploadExpiry(),
                config.mail().messageBytesMax(),
                usual.requestTime(),
                config.http().sessionIdle(),
                config.http().sessionLife(),
                usual.sessionsMax(),
                usual.sessionsPerAccountMax(),
                usual.streamsPerAccountMax(),
                config.http().connectionsMax());
    }

    /// Returns how mail programs reach accounts.
    ///
    /// @param ports that are open, by name
    static MailSettings programs(Config config, Map<String, Integer> ports) {
        var doors = new ArrayList<MailSettings.Door>();
        door(doors, ports, "imap-tls", "IMAP", "TLS");
        door(doors, ports, "imap", "IMAP", "STARTTLS");
        door(doors, ports, "pop3-tls", "POP3", "TLS");
        door(doors, ports, "pop3", "POP3", "STARTTLS");
        door(doors, ports, "submission-tls", "SMTP", "TLS");
        door(doors, ports, "submission", "SMTP", "STARTTLS");
        return new MailSettings(config.incident().zone(), config.mail().hostname(), doors);
    }

    private static void door(
            List<MailSettings.Door> doors, Map<String, Integer> ports, String name, String protocol,
            String security) {
        Integer port = ports.get(name);
        if (port != null) doors.add(new MailSettings.Door(protocol, port, security));
    }

    /// Returns the folder of the built webmail: the configured one, or the one that comes with the program.
    static Optional<Path> webmail(Config config) {
        if (config.http().webmail().isPresent()) return config.http().webmail();
        return built("web/mail/dist");
    }

    /// Returns the folder of the built console, which comes with the program.
    static Optional<Path> console() {
        return built("web/console/dist");
    }

    private static Optional<Path> built(String folder) {
        Path own = Path.of(System.getProperty("casella.home", ".")).resolve(folder);
        return Files.isDirectory(own) ? Optional.of(own) : Optional.empty();
    }
}
