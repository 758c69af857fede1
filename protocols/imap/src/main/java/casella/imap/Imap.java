package casella.imap;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.ClientApps;
import casella.base.Clock;
import casella.base.Metrics;
import casella.base.Notices;
import casella.directory.Authenticator;
import casella.store.Accounts;
import casella.wire.Connection;
import casella.wire.Service;
import casella.wire.TlsContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The IMAP server: what all its sessions share. Give it to a [casella.wire.Listener].
public final class Imap implements Service {
    private final ImapConfig config;
    private final Authenticator authenticator;
    private final Accounts accounts;
    private final @Nullable TlsContext tls;
    private final Bulkhead cpu;
    private final Metrics metrics;
    private final Clock clock;
    private final LiteralRoom literals;
    private final Map<AccountId, Integer> present = new ConcurrentHashMap<>();
    private volatile Notices notices = Notices.NONE;
    private volatile ClientApps apps = ClientApps.NONE;

    /// @param tls the certificate for STARTTLS; null to offer none
    /// @param cpu as wide as the cores: taking large messages apart
    public Imap(
            ImapConfig config,
            Authenticator authenticator,
            Accounts accounts,
            @Nullable TlsContext tls,
            Bulkhead cpu,
            Metrics metrics,
            Clock clock) {
        this.config = config;
        this.authenticator = authenticator;
        this.accounts = accounts;
        this.tls = tls;
        this.cpu = cpu;
        this.metrics = metrics;
        this.clock = clock;
        this.literals = LiteralRoom.ofHeap(config.messageBytesMax());
    }

    /// Has owners told what `those` say; to be called before the first connection.
    public Imap notices(Notices those) {
        notices = those;
        return this;
    }

    Notices notices() {
        return notices;
    }

    /// Tells `those` which programs owners use; to be called before the first connection.
    public Imap apps(ClientApps those) {
        apps = those;
        return this;
    }

    ClientApps apps() {
        return apps;
    }

    @Override
    public void serve(Connection connection) throws IOException {
        new Session(this, connection).serve();
    }

    @Override
    public byte[] refusal(Refusal why) {
        String text =
                switch (why) {
                    case TOO_MANY -> "* BYE [UNAVAILABLE] Too many connections\r\n";
                    case BANNED -> "* BYE [LIMIT] Too much was tried from your network, come back later\r\n";
                    case TOO_MANY_FROM_ADDRESS -> "* BYE [LIMIT] Too many connections from your address\r\n";
                };
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    ImapConfig config() {
        return config;
    }

    Authenticator authenticator() {
        return authenticator;
    }

    @Nullable TlsContext tls() {
        return tls;
    }

    Bulkhead cpu() {
        return cpu;
    }

    Metrics metrics() {
        return metrics;
    }

    Clock clock() {
        return clock;
    }

    LiteralRoom literals() {
        return literals;
    }

    /// Counts one more connection of `account` and watches it; null if it has too many.
    @Nullable Presence enter(AccountId account, Connection connection) {
        int now = present.merge(account, 1, Integer::sum);
        if (now > config.connectionsPerAccountMax()) {
            left(account);
            return null;
        }
        try {
            return new Presence(accounts.open(account), this, connection);
        } catch (RuntimeException e) {
            left(account);
            throw e;
        }
    }

    void left(AccountId account) {
        present.computeIfPresent(account, (_, count) -> count == 1 ? null : count - 1);
    }
}
