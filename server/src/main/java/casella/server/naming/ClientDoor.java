package casella.server.naming;

import casella.server.config.ListenConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// A way in that mail programs are told of, the ones they should take first: TLS from the first byte before STARTTLS (RFC 8314 §3).
enum ClientDoor {
    IMAPS("_imaps", "imap", true),
    IMAP("_imap", "imap", false),
    POP3S("_pop3s", "pop3", true),
    POP3("_pop3", "pop3", false),
    SUBMISSIONS("_submissions", "smtp", true),
    SUBMISSION("_submission", "smtp", false);

    private final String label;
    private final String protocol;
    private final boolean tls;

    ClientDoor(String label, String protocol, boolean tls) {
        this.label = label;
        this.protocol = protocol;
        this.tls = tls;
    }

    /// Returns the name of the service in the DNS. RFC 6186 "Use of SRV Records for Locating Email Submission/Access Services",
    /// RFC 8314 §5.1.
    String label() {
        return label;
    }

    /// Returns `imap`, `pop3` or `smtp`.
    String protocol() {
        return protocol;
    }

    /// Says whether TLS begins with the first byte; else by STARTTLS.
    boolean tls() {
        return tls;
    }

    /// Returns its port; empty for one that is not served, 0 for one that nobody can be told of.
    OptionalInt port(ListenConfig listen) {
        return switch (this) {
            case IMAPS -> listen.imapTls();
            case IMAP -> listen.imap();
            case POP3S -> listen.pop3Tls();
            case POP3 -> listen.pop3();
            case SUBMISSIONS -> listen.submissionTls();
            case SUBMISSION -> listen.submission();
        };
    }

    /// Returns those of a protocol that are served.
    static List<ClientDoor> of(String protocol, ListenConfig listen) {
        var out = new ArrayList<ClientDoor>();
        for (ClientDoor door : values()) {
            if (door.protocol.equals(protocol) && door.port(listen).orElse(0) > 0) out.add(door);
        }
        return out;
    }
}
