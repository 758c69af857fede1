package casella.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.ArrivalId;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.Uid;
import casella.store.Account;
import casella.store.Email;
import casella.store.Keywords;
import casella.store.Mailbox;
import casella.store.NewEmail;
import casella.store.Outcome;
import casella.store.Placement;
import casella.store.View;
import casella.store.engine.Engine;
import casella.store.standby.Claim;
import casella.store.standby.Standby;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Proves promise 5 over epochs, for an engine: under the load of several sessions an account is opened on the standby and
/// given back again and again, its live engine well, hung, away or of unknown outcomes, with and without a restart of the
/// process. No UID stands for two mails, UIDVALIDITY stays, mod-sequences only rise, and each mail is where its last
/// answer said, with the keywords it said, once.
///
/// And over holes: each time the process dies while the engine is away, and the tail is lost with it. No mail that was
/// answered is lost, none is there twice; one that was destroyed in the lost seconds may be there again.
public abstract class EpochContract {
    private static final int ROUNDS = "long".equals(System.getProperty("casella.tier")) ? 100 : 12;
    private static final int SESSIONS = 3;
    private static final int A_PHASE = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final List<String> NAMES = List.of("INBOX", "Uno", "Due");

    private final long seed = System.nanoTime();
    private StandbyStore.World world;
    private volatile StandbyStore store;
    private volatile Account anna;
    /// Attempts hold it to read; who ends the process takes all of it: no attempt outlives its process.
    private final ReentrantReadWriteLock process = new ReentrantReadWriteLock();
    private final List<Session> sessions = new ArrayList<>();
    private CountDownLatch ended = new CountDownLatch(0);
    /// Where each UID was first seen: it must stand for that mail for ever.
    private final Map<String, ArrivalId> uids = new ConcurrentHashMap<>();
    private final AtomicInteger answered = new AtomicInteger();
    /// What the sessions may do: enough to be at work during each switch, and no more.
    private final Semaphore work = new Semaphore(0);
    private volatile boolean over;
    /// Whether what is answered now may be lost.
    private volatile boolean losing;
    private volatile boolean holes;

    /// A mail as its session was last answered.
    ///
    /// @param doubted destroyed in seconds that were lost
    private record Known(String subject, MailboxId mailbox, boolean flagged, boolean gone, boolean doubted) {}

    /// Returns a new engine.
    protected abstract Engine engine();

    @BeforeEach
    void begin() {
        world = StandbyStore.World.over(engine());
        store = StandbyStore.open(world, Duration.ofSeconds(1)).merging();
        anna = store.account();
    }

    private List<Mailbox> load() {
        for (String name : NAMES.subList(1, 3)) anna.createMailbox(name, null);
        List<Mailbox> mailboxes = anna.read(View::mailboxes).stream().filter(m -> NAMES.contains(m.name()))
                .toList();
        ended = new CountDownLatch(SESSIONS);
        for (int i = 0; i < SESSIONS; i++) {
            var session = new Session(new Random(seed + i), mailboxes.stream().map(Mailbox::id).toList());
            sessions.add(session);
            Thread.ofPlatform().start(() -> {
                try {
                    while (!over) if (work.tryAcquire(20, TimeUnit.MILLISECONDS)) session.one();
                } catch (InterruptedException | RuntimeException | AssertionError e) {
                    session.failure = e;
                } finally {
                    ended.countDown();
                }
            });
        }
        return mailboxes;
    }

    private void rest() throws InterruptedException {
        over = true;
        assertThat(ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        for (Session session : sessions) {
            if (session.failure != null) throw new AssertionError("seed " + seed, session.failure);
        }
    }

    private void phase(String what) throws InterruptedException {
        int before = answered.get();
        work.release(A_PHASE);
        until(what, () -> answered.get() > before + 10);
    }

    @Test
    void anAccountGoesOverAndBackUnderLoad() throws Exception {
        List<Mailbox> mailboxes = load();
        var dice = new Random(seed);
        long epoch = 0;
        Modseq modseq = Modseq.NONE;
        for (int round = 0; round < ROUNDS; round++) {
            phase("answers in round " + round);
            suffer(dice.nextInt(4));
            Standby.Switched opened = again(() -> store.standby().open(anna.id(), Claim.Reason.OPERATOR));
            assertThat(opened.epoch()).as("round %d, seed %d", round, seed).isGreaterThan(epoch);
            phase("answers on the standby in round " + round);
            if (dice.nextInt(3) == 0) restart();
            if (dice.nextInt(3) == 0) again(() -> store.archiver().archive(anna.id()));
            world.live().heal();
            Standby.Switched back = again(() -> store.standby().giveBack(anna.id()));
            assertThat(back.epoch()).as("round %d, seed %d", round, seed).isGreaterThan(opened.epoch());
            epoch = back.epoch();
            Modseq now = again(() -> anna.read(View::modseq));
            assertThat(now).isGreaterThan(modseq);
            modseq = now;
        }
        rest();
        compare(mailboxes);
        store.close();
        world.close();
    }

    @Test
    void anAccountGoesOverAndBackOverHoles() throws Exception {
        holes = true;
        List<Mailbox> mailboxes = load();
        var dice = new Random(seed);
        Modseq modseq = Modseq.NONE;
        for (int round = 0; round < ROUNDS; round++) {
            losing = true;
            assertThat(again(() -> store.archiver().archive(anna.id()))).isTrue();
            phase("answers in round " + round);
            lose(dice);
            Standby.Switched opened = again(() -> store.standby().open(anna.id(), Claim.Reason.OPERATOR));
            sessions.forEach(Session::lookAgain);
            long floor = again(() -> anna.read(View::floor)).value();
            assertThat(floor).as("round %d, seed %d", round, seed).isGreaterThan(modseq.value());
            phase("answers on the standby in round " + round);
            if (dice.nextInt(3) == 0) restart();
            world.live().heal();
            Standby.Switched back = again(() -> store.standby().giveBack(anna.id()));
            assertThat(back.epoch()).as("round %d, seed %d", round, seed).isGreaterThan(opened.epoch());
            assertThat(back.merged().waiting()).isZero();
            sessions.forEach(Session::lookAgain);
            Modseq now = again(() -> anna.read(View::modseq));
            assertThat(now).isGreaterThan(modseq);
            modseq = now;
        }
        rest();
        sessions.forEach(Session::lookAgain);
        compare(mailboxes);
        store.close();
        world.close();
    }

    /// The process dies with its engine away, and the tail is gone.
    private void lose(Random dice) {
        alone(() -> {
            suffer(1 + dice.nextInt(2));
            world = world.with(MemoryJournal.afterLoss());
            reopen();
            losing = false;
        });
    }

    private void alone(Runnable work) {
        process.writeLock().lock();
        try {
            work.run();
        } finally {
            process.writeLock().unlock();
        }
    }

    private void suffer(int which) {
        switch (which) {
            case 0 -> {}
            case 1 -> world.live().all(Trouble.hung());
            case 2 -> world.live().all(Trouble.unavailable());
            default -> world.live().writes(Trouble.unknownOutcome());
        }
    }

    private void restart() {
        alone(this::reopen);
    }

    private void reopen() {
        store.close();
        store = StandbyStore.open(world, Duration.ofSeconds(1)).merging();
        anna = store.accounts().open(anna.id());
    }

    /// Does what may be refused while things are away until it is done.
    private static <T> T again(Supplier<T> work) {
        long start = System.nanoTime();
        while (true) {
            try {
                return work.get();
            } catch (Fault.Unavailable | IllegalStateException e) {
                if (System.nanoTime() - start > PATIENCE.toNanos()) throw e;
                LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            }
        }
    }

    private interface Condition {
        boolean met();
    }

    private void until(String what, Condition condition) throws InterruptedException {
        var never = new CountDownLatch(1);
        for (int i = 0; !condition.met(); i++) {
            for (Session session : sessions) {
                if (session.failure != null) throw new AssertionError("seed " + seed, session.failure);
            }
            assertThat(i).as("hundredths of a second: %s, seed %d", what, seed)
                    .isLessThan((int) PATIENCE.toMillis() / 10);
            never.await(10, TimeUnit.MILLISECONDS);
        }
    }

    /// One client: what it was answered it believes.
    private final class Session {
        private final Random dice;
        private final List<MailboxId> mailboxes;
        private final Map<ArrivalId, Known> known = new TreeMap<>();
        private volatile @Nullable Throwable failure;
        private int number;

        Session(Random dice, List<MailboxId> mailboxes) {
            this.dice = dice;
            this.mailboxes = mailboxes;
        }

        synchronized void one() {
            var living = known.entrySet().stream().filter(mail -> !mail.getValue().gone()).toList();
            int what = living.size() < 5 ? 0 : dice.nextInt(5);
            if (what < 2) {
                deliver();
            } else {
                Map.Entry<ArrivalId, Known> mail = living.get(dice.nextInt(living.size()));
                ArrivalId which = mail.getKey();
                Known now = mail.getValue();
                switch (what) {
                    case 2 -> edit(which, now, now.mailbox(), !now.flagged());
                    case 3 -> edit(which, now, mailboxes.get(dice.nextInt(mailboxes.size())), now.flagged());
                    default -> {
                        // A second attempt finds it gone already: that is an answer too.
                        boolean doubted = attempt(() -> {
                            anna.destroyEmail(which);
                            return losing;
                        });
                        known.put(which, new Known(now.subject(), now.mailbox(), now.flagged(), true,
                                doubted));
                    }
                }
            }
            answered.incrementAndGet();
        }

        /// One attempt after another, each of which ends before its process does.
        private <T> T attempt(Supplier<T> work) {
            return again(() -> {
                process.readLock().lock();
                try {
                    return work.get();
                } finally {
                    process.readLock().unlock();
                }
            });
        }

        /// Reads where its mails are now, as a client does that is told that all may be different.
        synchronized void lookAgain() {
            for (Map.Entry<ArrivalId, Known> mail : known.entrySet()) {
                Known was = mail.getValue();
                Optional<Email> now =
                        again(() -> Optional.ofNullable(anna.read(view -> view.email(mail.getKey()))));
                if (was.gone()) {
                    boolean mayBe = was.doubted();
                    assertThat(mayBe || now.isEmpty()).as("%s came back, seed %d", was, seed).isTrue();
                    if (now.isEmpty()) mail.setValue(new Known(was.subject(), was.mailbox(), was.flagged(),
                            true, mayBe));
                    continue;
                }
                assertThat(now).as("%s is lost, seed %d", was, seed).isPresent();
                List<Email.Place> places = now.orElseThrow().places();
                assertThat(places).as("%s has no place, seed %d", was, seed).isNotEmpty();
                boolean flagged = again(() -> flagged(places.getFirst()));
                mail.setValue(new Known(was.subject(), places.getFirst().mailbox(), flagged, false, false));
            }
        }

        private boolean flagged(Email.Place place) {
            return anna.read(view -> view.placements(place.mailbox(), place.uid(), 1)).getFirst().keywords()
                    .has("$segno");
        }

        private void deliver() {
            String subject = System.identityHashCode(this) + "-" + number++;
            byte[] mail = ("Subject: " + subject + "\r\n\r\nriga\r\n").getBytes(StandardCharsets.US_ASCII);
            NewEmail email = NewEmail.delivery(mail, NOON, "b@v.example", "a@p.example");
            ArrivalId arrival = store.accounts().nextArrival();
            Outcome.Added added = attempt(() -> anna.add(arrival, email));
            if (!(added instanceof Outcome.Kept(Email kept, var placements))) throw new AssertionError(added);
            assertThat(kept.id()).isEqualTo(arrival);
            for (Placement placement : placements) seen(placement.mailbox(), placement.uid(), arrival);
            known.put(arrival, new Known(subject, placements.getFirst().mailbox(), false, false, false));
        }

        private void edit(ArrivalId which, Known now, MailboxId to, boolean flagged) {
            var words = Keywords.of("$segno");
            Keywords.Edit keywords = flagged ? new Keywords.Edit.Add(words) : new Keywords.Edit.Remove(words);
            List<MailboxId> add = to.equals(now.mailbox()) ? List.of() : List.of(to);
            List<MailboxId> remove = to.equals(now.mailbox()) ? List.of() : List.of(now.mailbox());
            Outcome.Edited edited =
                    attempt(() -> anna.editEmail(which, new Account.EmailEdit(add, remove, keywords)));
            if (edited instanceof Outcome.PlacesRefused && holes) {
                // It is elsewhere than this session believes.
                lookAgain();
                return;
            }
            if (!(edited instanceof Outcome.EmailNow(Email email, Modseq _))) throw new AssertionError(
                    edited);
            for (Email.Place place : email.places()) seen(place.mailbox(), place.uid(), which);
            known.put(which, new Known(now.subject(), to, flagged, false, false));
        }
    }

    private void seen(MailboxId mailbox, Uid uid, ArrivalId arrival) {
        ArrivalId first = uids.putIfAbsent(mailbox + "/" + uid, arrival);
        assertThat(first == null || first.equals(arrival)).as("UID %s of %s stands for two mails", uid,
                mailbox).isTrue();
    }

    private void compare(List<Mailbox> before) {
        var wanted = new TreeMap<ArrivalId, String>();
        for (Session session : sessions) {
            session.known.forEach((arrival, mail) -> {
                boolean there = !mail.gone()
                        || (mail.doubted() && anna.read(view -> view.email(arrival)) != null);
                if (there) wanted.put(arrival, mail.mailbox() + " " + mail.flagged());
            });
        }
        var found = new TreeMap<ArrivalId, String>();
        for (Mailbox mailbox : before) {
            Mailbox now = anna.read(view -> view.mailbox(mailbox.id()));
            assertThat(now).isNotNull();
            assertThat(now.uidValidity()).isEqualTo(mailbox.uidValidity());
            Uid from = Uid.FIRST;
            while (true) {
                Uid start = from;
                List<Placement> page = anna.read(view -> view.placements(mailbox.id(), start, View.PAGE_MAX));
                for (Placement row : page) {
                    seen(mailbox.id(), row.uid(), row.email());
                    String where = mailbox.id() + " " + row.keywords().has("$segno");
                    String other = found.put(row.email(), where);
                    // Over a hole a session may copy what it means to move: it believes it elsewhere.
                    boolean once = other == null || (holes && !other.startsWith(mailbox.id() + " "));
                    assertThat(once).as("%s is there twice, seed %d", row.email(), seed).isTrue();
                }
                if (page.size() < View.PAGE_MAX) break;
                from = Uid.of(page.getLast().uid().value() + 1);
            }
        }
        if (holes) assertThat(found.keySet()).as("seed %d", seed).isEqualTo(wanted.keySet());
        else assertThat(found).as("seed %d", seed).isEqualTo(wanted);
    }
}
