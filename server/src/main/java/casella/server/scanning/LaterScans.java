package casella.server.scanning;

import casella.base.ArrivalId;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.MailboxId;
import casella.base.Metric;
import casella.base.Metrics;
import casella.base.Uid;
import casella.scanning.Scanners;
import casella.scanning.Scanners.Looked;
import casella.scanning.Verdict;
import casella.server.scanning.ScanList.Row;
import casella.store.Account;
import casella.store.Accounts;
import casella.store.Body;
import casella.store.Email;
import casella.store.Keywords;
import casella.store.Mailbox;
import casella.store.Role;
import casella.store.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Scans mail that was taken before it could be: what is on the list, as soon as it can be read and a scanner answers.
///
/// What is found to be Junk or malware is moved from INBOX to the mailbox of role Junk, malware with the keyword [#MALWARE]. Whatever is
/// elsewhere by then its owner put there, and it stays. Nothing is deleted.
final class LaterScans implements AutoCloseable {
    /// Of mail in which malware was found after it was filed.
    static final String MALWARE = "$malware";

    private static final int PAGE = 100;
    private static final int SIDE_BY_SIDE = 4;
    /// Mail that is in neither account nor queue so long after it was noted was not taken in the end, or is gone.
    private static final Duration TAKEN_BY = Duration.ofMinutes(10);
    private static final Duration WAIT_MAX = Duration.ofMinutes(15);
    private static final int SILENCES_MAX = 20;
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final Scanners scanners;
    private final ScanList list;
    private final Accounts accounts;
    private final Predicate<ArrivalId> queued;
    private final Clock clock;
    private final Metrics metrics;
    private final Semaphore news = new Semaphore(0);
    private final CountDownLatch closed = new CountDownLatch(1);
    private int downs;
    private @Nullable Thread worker;

    /// @param queued says whether a mail waits in the queue
    LaterScans(
            Scanners scanners, ScanList list, Accounts accounts, Predicate<ArrivalId> queued, Clock clock,
            Metrics metrics) {
        this.scanners = scanners;
        this.list = list;
        this.accounts = accounts;
        this.queued = queued;
        this.clock = clock;
        this.metrics = metrics;
        metrics.gauge(Metric.SCANNING_UNSCANNED, list::count);
        metrics.gauge(Metric.SCANNING_OLDEST_SECONDS, () -> list.oldest().toSeconds());
    }

    /// Begins. To be called once.
    LaterScans start() {
        worker = Thread.ofVirtual().name("later-scans").start(this::work);
        return this;
    }

    /// Says that there is something on the list. Never waits.
    void come() {
        if (news.availablePermits() == 0) news.release();
    }

    private void work() {
        try {
            while (closed.getCount() > 0) {
                boolean more = false;
                try {
                    more = step();
                } catch (RuntimeException e) {
                    // A list or an account that does not answer must not end the looking.
                    Log.event(Event.SCANNING_FAILED, e);
                }
                if (more) continue;
                // Mail is noted before it is filed: it is looked for when it is.
                if (list.count() > 0) closed.await(pause().toMillis(), TimeUnit.MILLISECONDS);
                else if (news.tryAcquire(IDLE.toMillis(), TimeUnit.MILLISECONDS)) {
                    closed.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// A scanner that is down is asked ever more seldom.
    private Duration pause() {
        return LOOK.multipliedBy(1L << Math.min(downs, 5));
    }

    /// Scans a page of what is due, if all scanners answer. One thread at a time.
    ///
    /// @return whether there is more to do at once
    boolean step() {
        list.renew();
        boolean down = scanners.probe();
        downs = down ? downs + 1 : 0;
        if (down) return false;
        List<Row> page = list.due(PAGE);
        var settled = new AtomicInteger();
        var turns = new Semaphore(SIDE_BY_SIDE);
        var threads = new ArrayList<Thread>();
        for (Row row : page) {
            turns.acquireUninterruptibly();
            threads.add(Thread.ofVirtual().name("later-scan").start(() -> {
                try {
                    look(row);
                    settled.incrementAndGet();
                } catch (RuntimeException e) {
                    Log.event(Event.SCANNING_FAILED, e, "account", row.account());
                } finally {
                    turns.release();
                }
            }));
        }
        for (Thread thread : threads) join(thread);
        list.figures();
        // A list that cannot be written has the same page again and again: then it waits as if there were no more.
        return page.size() == PAGE && settled.get() > 0;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(Row row) {
        Account account = accounts.open(row.account());
        byte[] mail;
        try {
            Email email = account.read(view -> view.partial() ? null : view.email(row.arrival()));
            if (email == null) {
                missing(row, account);
                return;
            }
            if (!(account.body(email) instanceof Body.Present(byte[] bytes))) {
                putOff(row, false);
                return;
            }
            mail = bytes;
        } catch (Fault e) {
            putOff(row, false);
            return;
        }
        scan(row, account, mail);
    }

    private void scan(Row row, Account account, byte[] mail) {
        Traced traced = Traced.of(mail);
        Looked looked = scanners.look(traced.letter(), name -> !traced.ours() || name.equals("clamd"));
        boolean bad = !(looked.worst() instanceof Verdict.Clean);
        if (!bad && !looked.whole()) {
            silent(row);
            return;
        }
        try {
            over(row, bad ? move(account, row.arrival(), looked.worst()) : "clean");
        } catch (Fault e) {
            putOff(row, false);
        }
    }

    private void silent(Row row) {
        // One that is down says nothing of any mail: that is none of this one's doing.
        if (scanners.down()) return;
        if (row.silences() + 1 < SILENCES_MAX) {
            putOff(row, true);
            return;
        }
        Log.event(Event.SCANNING_GIVEN_UP, "account", row.account(), "arrival", row.arrival());
        over(row, "given-up");
    }

    /// It may be about to be filed, or wait in the queue for its account.
    private void missing(Row row, Account account) {
        boolean young = Duration.between(row.since(), clock.now()).compareTo(TAKEN_BY) < 0;
        boolean waits = young || queued.test(row.arrival());
        // Asked after the queue: what left it meanwhile is there.
        if (waits || account.read(view -> view.partial() || view.email(row.arrival()) != null)) putOff(row,
                false);
        else over(row, "gone");
    }

    private void putOff(Row row, boolean silent) {
        Duration wait = LOOK.multipliedBy(1L << Math.min(row.tries(), 10));
        list.putOff(row, wait.compareTo(WAIT_MAX) < 0 ? wait : WAIT_MAX, silent);
    }

    private void over(Row row, String outcome) {
        list.done(row);
        metrics.add(Metric.SCANNING_LATER, 1, outcome);
    }

    /// Where a mail is, and where it is to go.
    private record Places(MailboxId inbox, Uid uid, @Nullable MailboxId junk) {}

    private static @Nullable Places places(View view, ArrivalId arrival) {
        Mailbox inbox = view.mailbox(Mailbox.INBOX);
        Email email = view.email(arrival);
        if (inbox == null || email == null) return null;
        Mailbox junk = view.mailbox(Role.JUNK);
        for (Email.Place place : email.places()) {
            if (place.mailbox().equals(inbox.id())) {
                return new Places(inbox.id(), place.uid(), junk == null ? null : junk.id());
            }
        }
        return null;
    }

    /// Moves it to Junk if it still is in INBOX, once more or less: a step that was made is not made again.
    private String move(Account account, ArrivalId arrival, Verdict verdict) {
        Places places = account.read(view -> places(view, arrival));
        if (places == null) return "left";
        Log.event(Event.SCANNING_FOUND, "account", account.id(), "arrival", arrival, "verdict",
                verdict.word(),
                "reason", verdict.reason());
        List<Uid> uid = List.of(places.uid());
        if (verdict instanceof Verdict.Malware) {
            var _ = account.setKeywords(places.inbox(), uid, new Keywords.Edit.Add(Keywords.of(MALWARE)),
                    null);
        }
        MailboxId junk = places.junk();
        if (junk == null) return "left";
        var _ = ScopedValue.where(Lessons.UNTAUGHT, true).call(() -> account.move(places.inbox(), uid, junk));
        return "moved";
    }

    @Override
    public void close() {
        closed.countDown();
        news.release();
        Thread working = worker;
        if (working == null) return;
        try {
            var _ = working.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
