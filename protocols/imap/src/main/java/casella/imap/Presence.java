package casella.imap;

import casella.store.Account;
import casella.wire.Connection;
import java.util.concurrent.atomic.AtomicBoolean;

/// One connection's stay in an account: counted, and woken when something changes there.
final class Presence implements AutoCloseable {
    private final Account account;
    private final Imap server;
    private final AtomicBoolean news = new AtomicBoolean(true);
    private final Account.Watch watch;

    Presence(Account account, Imap server, Connection connection) {
        this.account = account;
        this.server = server;
        this.watch = account.watch(() -> {
            news.set(true);
            connection.wake();
        });
    }

    Account account() {
        return account;
    }

    /// Says whether something changed since this was last asked.
    boolean news() {
        return news.getAndSet(false);
    }

    /// Makes the next [#news()] true.
    void missed() {
        news.set(true);
    }

    @Override
    public void close() {
        watch.close();
        server.left(account.id());
    }
}
