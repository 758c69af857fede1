package casella.server.config;

import java.util.OptionalInt;

/// The `listen` section: which ports are served. An empty port is not.
///
/// @param host address or name to bind
public record ListenConfig(
        String host,
        OptionalInt smtp,
        OptionalInt submission,
        OptionalInt submissionTls,
        OptionalInt lmtp,
        OptionalInt imap,
        OptionalInt imapTls,
        OptionalInt pop3,
        OptionalInt pop3Tls,
        OptionalInt manageSieve,
        OptionalInt http,
        OptionalInt operations,
        OptionalInt console) {

    static final String ABOUT = "Which ports are served; `off` for none, 0 for any free one.";

    /// @param offset added to every port that is named, so that two servers stand side by side
    static ListenConfig read(Section in, int offset) {
        String host = in.text("host")
                .means("Address or name to listen on; `0.0.0.0` or `::` for all. Beyond this machine, set `tls` too.")
                .orElse("127.0.0.1");
        int own = Section.between(in.number("port-offset"), 0, 60_000)
                .means("Added to every port but 0, so that two servers stand side by side. `--port-offset` goes before it.")
                .orElse(0);
        int shift = offset > 0 ? offset : own;
        return new ListenConfig(
                host,
                port(in, shift, "smtp", 2_525, "Mail from other servers (SMTP)."),
                port(in, shift, "submission", 2_587, "Mail from owners' clients (submission, STARTTLS)."),
                port(in, shift, "submission-tls", 2_465,
                        "Mail from owners' clients (submission, TLS from the first byte)."),
                port(in, shift, "lmtp", 2_424,
                        "Mail from a relay in front (LMTP); for trusted networks only."),
                port(in, shift, "imap", 2_143, "IMAP, STARTTLS."),
                port(in, shift, "imap-tls", 2_993, "IMAP, TLS from the first byte."),
                port(in, shift, "pop3", 2_110, "POP3, STLS."),
                port(in, shift, "pop3-tls", 2_995, "POP3, TLS from the first byte."),
                port(in, shift, "managesieve", 4_190, "ManageSieve."),
                port(in, shift, "http", 8_080, "Webmail and JMAP."),
                port(in, shift, "operations", 8_081,
                        "Health and metrics, for whoever asks, so keep it within; on loopback also the console and its API."),
                port(in, shift, "console", OptionalInt.empty(),
                        "The console and its API over TLS, for people who work here and are elsewhere."));
    }

    private static OptionalInt port(Section in, int shift, String key, int otherwise, String meaning) {
        return port(in, shift, key, OptionalInt.of(otherwise), meaning);
    }

    private static OptionalInt port(Section in, int shift, String key, OptionalInt otherwise,
            String meaning) {
        OptionalInt port = in.port(key).means(meaning).orElse(otherwise);
        if (port.isEmpty() || port.getAsInt() == 0) return port;
        if (port.getAsInt() + shift <= 65_535) return OptionalInt.of(port.getAsInt() + shift);
        in.problem(key, "must be at most 65535 with the offset");
        return port;
    }
}
