package casella.pop3;

import casella.base.AccountId;
import casella.base.Metrics;
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

/// The POP3 server: what all its sessions share. Give it to a [casella.wire.Listener].
public final class Pop3 implements Service {
    private final Pop3Config config;
    private final Authenticator authenticator;
    private final Accounts accounts;
    private final @Nullable TlsContext tls;
    private final Metrics metrics;
    private final Map<AccountId, Integer> present = new ConcurrentHashMap<>();

    /// @param tls the certificate for STLS; null to offer none
    public Pop3(
            Pop3Config config,
            Authenticator authenticator,
            Accounts accounts,
            @Nullable TlsContext tls,
            Metrics metrics) {
        this.config = config;
        this.authenticator = authenticator;
        this.accounts = accounts;
        this.tls = tls;
        this.metrics = metrics;
    }

    @Override
    public void serve(Connection connection) throws IOException {
        new Session(this, connection).serve();
    }

    @Override
    public byte[] refusal(Refusal why) {
        String text =
                switch (why) {
                    case TOO_MANY -> "-ERR [SYS/TEMP] Too many connections\r\n";
                    case BANNED -> "-ERR [SYS/TEMP] Too much was tried from your network, come back later\r\n";
                    case TOO_MANY_FROM_ADDRESS -> "-ERR [SYS/TEMP] Too many connections from your address\r\n";
                };
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    Pop3Config config() {
        return config;
    }

    Authenticator authenticator() {
        return authenticator;
    }

    Accounts accounts() {
        return accounts;
    }

    @Nullable TlsContext tls() {
        return tls;
    }

    Metrics metrics() {
        return metrics;
    }

    /// Counts one more connection of `account`; false if it has too many.
    boolean enter(AccountId account) {
        if (present.merge(account, 1, Integer::sum) <= config.connectionsPerAccountMax()) return true;
        left(account);
        return false;
    }

    void left(AccountId account) {
        present.computeIfPresent(account, (_, count) -> count == 1 ? null : count - 1);
    }
}
