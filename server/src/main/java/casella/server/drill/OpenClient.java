package casella.server.drill;

import casella.base.Fault;
import casella.base.MailboxId;
import casella.base.Uid;
import casella.store.Account;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Waits for news of the drill's own account as a client does that idles, and notes when it sees each mail. For one virtual
/// thread.
final class OpenClient implements Runnable {
    /// A client that was told nothing looks by itself so often, and tries again so soon after it failed.
    private static final long LOOK_MILLIS = 1_000;
    private static final long AGAIN_MILLIS = 100;

    private final OwnAccount own;
    private final Measured measured;
    private final Map<MailboxId, Uid> from = new HashMap<>();

    OpenClient(OwnAccount own, Measured measured) {
        this.own = own;
        this.measured = measured;
    }

    @Override
    public void run() {
        var news = new Semaphore(0);
        try (Account.Watch _ = own.account().watch(news::release)) {
            boolean well = true;
            do {
                if (well) await(news);
                well = look();
            } while (!measured.rested(well ? 0 : AGAIN_MILLIS));
        }
    }

    private static void await(Semaphore news) {
        try {
            var _ = news.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            news.drainPermits();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean look() {
        try {
            OwnAccount.Open open = own.open(mailbox -> from.getOrDefault(mailbox, Uid.FIRST));
            for (OwnAccount.Found found : open.found()) {
                measured.noticed.putIfAbsent(found.subject(), measured.now());
                if (open.mailbox() != null) from.put(open.mailbox(), OwnAccount.after(found.uid()));
            }
            return true;
        } catch (Fault e) {
            return false;
        }
    }
}
