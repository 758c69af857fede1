package casella.server.scanning;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.MailboxId;
import casella.base.Metric;
import casella.base.Metrics;
import casella.base.Modseq;
import casella.scanning.Teacher;
import casella.store.Account;
import casella.store.Accounts;
import casella.store.Body;
import casella.store.Email;
import casella.store.Mailbox;
import casella.store.Operation;
import casella.store.Role;
import casella.store.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Has rspamd learn from what owners move into Junk, which is spam, and out of it but not to Trash, which is none.
///
/// It sees every change of every account, whatever protocol made it, on the thread that made it, and waits there for nothing: what may
/// be a lesson goes into memory, and one thread takes it to the controller. What does not fit, and what waits when the server stops, is
/// left out: owners move more. One owner gives at most [#AN_HOUR] lessons in an hour, for all learn from them.
final class Lessons implements Accounts.Listener, AutoCloseable {
    /// Bound while this server moves mail by itself: what it thinks of a mail it does not learn from.
    static final ScopedValue<Boolean> UNTAUGHT = ScopedValue.newInstance();

    static final int WAITING_MAX = 1_000;
    static final int AN_HOUR = 200;
    private static final int OF_CHANGE_MAX = AN_HOUR;
    private static final Duration TIME = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int PAUSES_MAX = 8;
    /// Tries of one lesson, over some hours.
    private static final int TRIES_MAX = 50;

    /// A mail that was placed.
    ///
    /// @param into where
    /// @param outOf which placements of it ended in the same change
    record Move(ArrivalId arrival, MailboxId into, Set<MailboxId> outOf) {}

    private record Moves(AccountId account, List<Move> moves) {}

    record Lesson(boolean spam, byte[] mail) {}

    private final Teacher teacher;
    private final Accounts accounts;
    private final long bytesMax;
    private final Clock clock;
    private final Metrics metrics;
    private final ArrayBlockingQueue<Moves> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Map<AccountId, Integer> given = new HashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private long hour;
    private boolean unheard;
    private @Nullable AutoCloseable watch;
    private @Nullable Thread worker;

    /// @param teacher closed with this
    /// @param bytesMax of larger mail nothing is learned
    Lessons(Teacher teacher, Accounts accounts, long bytesMax, Clock clock, Metrics metrics) {
        this.teacher = teacher;
        this.accounts = accounts;
        this.bytesMax = bytesMax;
        this.clock = clock;
        this.metrics = metrics;
    }

    /// Begins to watch and to teach. To be called once.
    Lessons start() {
        watch = accounts.watch(this);
        worker = Thread.ofVirtual().name("lessons").start(this::work);
        return this;
    }

    @Override
    public void changed(AccountId account, Modseq modseq, boolean mailboxes) {}

    @Override
    public void done(AccountId account, Modseq modseq, List<Operation> operations) {
        if (UNTAUGHT.isBound()) return;
        List<Move> moves = moves(operations);
        if (moves.isEmpty() || waiting.offer(new Moves(account, moves))) return;
        metrics.add(Metric.SCANNING_LEARNED, moves.size(), "unknown", "left-out");
    }

    /// Returns the mails that were there before the change and are placed by it, at most [#OF_CHANGE_MAX]. A mail that came by
    /// delivery, APPEND or import is none of them: nobody moved it. A placement that ends follows that of the mail it was of.
    static List<Move> moves(List<Operation> operations) {
        List<Move> moves = List.of();
        Set<ArrivalId> came = Set.of();
        for (Operation operation : operations) {
            switch (operation) {
                case Operation.EmailArrived o -> came = with(came, o.arrival());
                case Operation.EmailRestored(Operation.EmailArrived o) -> came = with(came, o.arrival());
                case Operation.Placed o -> {
                    if (came.contains(o.arrival()) || moves.size() == OF_CHANGE_MAX) continue;
                    if (moves.isEmpty()) moves = new ArrayList<>();
                    moves.add(new Move(o.arrival(), o.mailbox(), new HashSet<>()));
                }
                case Operation.Unplaced o -> {
                    if (!moves.isEmpty()) moves.getLast().outOf().add(o.mailbox());
                }
                case Operation.KeyMade _, Operation.MailboxCreated _, Operation.MailboxRenamed _,
                        Operation.MailboxChanged _, Operation.MailboxEnded _, Operation.KeywordsSet _,
                        Operation.EmailEnded _, Operation.EmailsCondemned _, Operation.EmailsCollected _,
                        Operation.DocumentPut _, Operation.DocumentEnded _, Operation.HoleOpened _,
                        Operation.PossibleDuplicate _ -> {}
            }
        }
        return moves;
    }

    private static Set<ArrivalId> with(Set<ArrivalId> before, ArrivalId arrival) {
        Set<ArrivalId> more = before.isEmpty() ? new HashSet<>() : before;
        more.add(arrival);
        return more;
    }

    private void work() {
        try {
            while (closed.getCount() > 0) {
                Moves next = waiting.poll(1, TimeUnit.SECONDS);
                if (next == null) continue;
                learn(next);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void learn(Moves next) throws InterruptedException {
        for (Move move : next.moves()) {
            try {
                Lesson lesson = lesson(next.account(), move);
                if (lesson != null) teach(lesson);
            } catch (RuntimeException mistake) {
                Log.event(Event.SCANNING_FAILED, mistake, "account", next.account());
            }
        }
    }

    /// Returns what is to be learned from a move; null for nothing.
    @Nullable Lesson lesson(AccountId id, Move move) {
        try {
            Account account = accounts.open(id);
            record Found(boolean spam, Email email) {}
            Found found = account.read(view -> {
                Boolean spam = spam(view, move);
                Email email = spam == null ? null : view.email(move.arrival());
                return spam == null || email == null || email.size() > bytesMax ? null : new Found(spam,
                        email);
            });
            if (found == null) return null;
            if (tooMany(id)) {
                count(found.spam(), "limited");
                return null;
            }
            if (account.body(found.email()) instanceof Body.Present(byte[] mail)) return new Lesson(found.spam(), mail);
            count(found.spam(), "left-out");
            return null;
        } catch (Fault e) {
            metrics.add(Metric.SCANNING_LEARNED, 1, "unknown", "left-out");
            return null;
        }
    }

    /// Says whether its owner calls a mail spam; null where he says nothing.
    private static @Nullable Boolean spam(View view, Move move) {
        Mailbox junk = view.mailbox(Role.JUNK);
        if (junk == null) return null;
        if (move.into().equals(junk.id())) return true;
        Mailbox trash = view.mailbox(Role.TRASH);
        if (trash != null && move.into().equals(trash.id())) return null;
        if (move.outOf().contains(junk.id())) return false;
        // Many clients copy first, and delete afterwards.
        Email email = move.outOf().isEmpty() ? view.email(move.arrival()) : null;
        boolean copied = email != null && email.places().stream().anyMatch(place -> place.mailbox().equals(
                junk.id()));
        return copied ? false : null;
    }

    private boolean tooMany(AccountId account) {
        long now = clock.now().toEpochMilli() / Duration.ofHours(1).toMillis();
        if (now != hour) given.clear();
        hour = now;
        return given.merge(account, 1, Integer::sum) > AN_HOUR;
    }

    /// Teaches until it is taken or this is closed.
    private void teach(Lesson lesson) throws InterruptedException {
        for (int pauses = 0; closed.getCount() > 0; pauses++) {
            try {
                Teacher.Learned learned = teacher.learn(lesson.spam(), lesson.mail(), TIME);
                count(lesson.spam(), learned.name().toLowerCase(Locale.ROOT));
                if (learned == Teacher.Learned.REFUSED) tell(null);
                else unheard = false;
                return;
            } catch (Fault.Unavailable e) {
                tell(e);
                if (pauses >= TRIES_MAX) {
                    // It may be the mail that it cannot learn: the next one is tried.
                    count(lesson.spam(), "given-up");
                    return;
                }
                closed.await(PAUSE.multipliedBy(1L << Math.min(pauses, PAUSES_MAX)).toMillis(),
                        TimeUnit.MILLISECONDS);
            }
        }
    }

    private void tell(Fault.@Nullable Unavailable why) {
        if (!unheard && why != null) Log.event(Event.SCANNING_NOT_TAUGHT, why);
        if (!unheard && why == null) Log.event(Event.SCANNING_NOT_TAUGHT, "why", "refused");
        unheard = true;
    }

    private void count(boolean spam, String outcome) {
        metrics.add(Metric.SCANNING_LEARNED, 1, spam ? "spam" : "ham", outcome);
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            if (watch != null) watch.close();
            Thread working = worker;
            if (working != null) {
                var _ = working.join(TIME);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            Log.event(Event.SERVER_PART_NOT_CLOSED, e, "part", "lessons");
        }
        teacher.close();
    }
}
