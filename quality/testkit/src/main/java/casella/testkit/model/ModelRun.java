package casella.testkit.model;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Fault;
import casella.store.Account;
import casella.store.Body;
import casella.store.DocumentKind;
import casella.store.Email;
import casella.store.Keywords;
import casella.store.Role;
import casella.testkit.SteppedClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One run: sessions use accounts by dice, everything below them fails by dice, and in the end the accounts
/// are what the model says.
///
/// An operation that was answered has one outcome, the model's. Of one that failed the model keeps both: it
/// happened wholly, or not at all. In *periods* the parts are in trouble; after each all trouble ends, one
/// more change settles what is open, and then one of the states that were possible is what the account shows,
/// byte for byte, and what [casella.store.archive.Verifier] finds in every vault.
///
/// Sessions take turns on one thread, by the same dice: the seed alone decides the order.
public final class ModelRun {
    /// How much is done.
    ///
    /// @param operations by sessions, in all
    /// @param period operations between two times of peace
    /// @param wholeEvery periods after which every copy is asked for, not only every answer
    public record Size(int operations, int period, int wholeEvery) {}

    private static final int ACCOUNTS = 3;
    private static final int SESSIONS = 5;
    private static final int POSSIBLE_MAX = 64;
    private static final Duration PEACE = Duration.ofSeconds(60);
    private static final Duration KEEP_TIME = Duration.ofMillis(100);
    private static final Map<Role, String> MAILBOXES = new TreeMap<>(Map.of(
            Role.DRAFTS, "Drafts", Role.SENT, "Sent", Role.TRASH, "Trash"));

    /// One account, and all it may be.
    static final class Subject {
        final AccountId id;
        List<AccountModel> possible = List.of(new AccountModel());
        AccountModel atPeace = new AccountModel();
        final Map<ArrivalId, byte[]> contents = new HashMap<>();
        /// What was ever given to the queue for it.
        final Map<ArrivalId, byte[]> queued = new HashMap<>();
        /// What the queue said it keeps, and has not filed yet.
        final Set<ArrivalId> owed = new HashSet<>();

        Subject(AccountId id) {
            this.id = id;
        }

        AccountModel first() {
            return possible.getFirst();
        }
    }

    private final long seed;
    private final Size size;
    private final Random dice;
    private final SteppedClock clock = new SteppedClock();
    private final Machine machine;
    private final Node node;
    private final List<Subject> subjects = new ArrayList<>();
    private final List<Session> sessions = new ArrayList<>();
    private final Trace trace = new Trace();
    private int done;
    private volatile @Nullable AssertionError mistake;

    private ModelRun(long seed, Size size, Machine machine) {
        this.seed = seed;
        this.size = size;
        this.machine = machine;
        this.dice = new Random(seed);
        this.node = new Node(seed, machine, clock);
    }

    /// Runs it all.
    ///
    /// @return a line of what was done
    /// @throws AssertionError with the seed, if an account is not what it must be
    public static String run(long seed, Size size, Supplier<Machine> machines) {
        try (Machine machine = machines.get()) {
            var run = new ModelRun(seed, size, machine);
            try {
                run.begin();
                while (run.done < size.operations()) run.period();
                return run.trace.figures() + "; " + run.node.figures();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("model test, seed " + seed + ", after " + run.done + " operations: "
                        + e
                        + "\nwhat was done last, newest first:\n" + run.trace.last(), e);
            } finally {
                run.node.close();
            }
        }
    }

    private void begin() {
        for (int i = 0; i < ACCOUNTS; i++) {
            var subject = new Subject(new AccountId(new Random(seed + i).nextLong()));
            subjects.add(subject);
            subject.possible = List.of(founded(subject.id));
            subject.atPeace = subject.first().copy();
        }
        for (int i = 0; i < SESSIONS; i++) sessions.add(new Session(seed, i, subjects,
                subjects.get(i % ACCOUNTS)));
    }

    /// Nothing is in trouble; a machine that is busy may be late all the same.
    private <T extends @Nullable Object> T peacefully(Supplier<T> work) {
        long end = System.nanoTime() + PEACE.toNanos();
        while (true) {
            try {
                return work.get();
            } catch (Fault.Unavailable e) {
                if (System.nanoTime() > end) throw e;
                node.peace();
            }
        }
    }

    private AccountModel founded(AccountId id) {
        return peacefully(() -> node.accounts().create(id, MAILBOXES).read(AccountModel::of));
    }

    private int periods;
    /// Whether the last period was one of loss.
    private boolean lost;
    private boolean losing;

    /// One part loses what it had promised to keep; as long as the others are whole, that costs nothing.
    private void loss() {
        node.peace();
        trace.add(machine.lose(dice));
        losing = true;
        int until = Math.min(size.operations(), done + size.period());
        while (done < until) {
            clock.step(Duration.ofMillis(dice.nextInt(400)));
            turn(dice.nextInt(98));
        }
        losing = false;
        // A busy machine may have let one vault be late: what the other took alone is not its to lose.
        node.pay();
        restart();
        peace(true);
    }

    private void period() {
        if (periods > 0 && periods % size.wholeEvery() == 0 && !lost) {
            lost = true;
            loss();
            return;
        }
        lost = false;
        node.trouble(dice);
        int until = Math.min(size.operations(), done + size.period());
        while (done < until) {
            clock.step(Duration.ofMillis(dice.nextInt(400)));
            turn(dice.nextInt(100));
            if (machine.off() || dice.nextInt(400) == 0) restart();
        }
        if (dice.nextInt(4) == 0) restart();
        peace(++periods % size.wholeEvery() == 0 || done >= size.operations());
    }

    private void restart() {
        trace.add("restart: " + node.restart(dice));
    }

    private void turn(int which) {
        if (which < 78) operation();
        else if (which < 80) drain();
        else if (which < 88) look(subjects.get(dice.nextInt(ACCOUNTS)));
        else if (which < 93) node.archive();
        else if (which < 95) node.heal();
        else if (which < 97) node.probe();
        else if (which < 98) node.checkpoint(subjects.get(dice.nextInt(ACCOUNTS)).id);
        else trace.add(machine.trouble(dice));
    }

    private void operation() {
        done++;
        Session session = sessions.get(dice.nextInt(SESSIONS));
        Subject subject = session.subject();
        if (dice.nextInt(5) == 0) session.look();
        Session.Wish wish = session.next(clock, node);
        if (wish.step() == null) return;
        if (wish.step() instanceof Step.Deliver deliver) {
            subject.contents.put(deliver.arrival(), deliver.content());
        }
        boolean answered = attempt(subject, wish.step());
        if (!answered && wish.step() instanceof Step.Deliver deliver && deliver.into().isEmpty()) {
            keep(subject, deliver);
        }
        if (subject.possible.size() > POSSIBLE_MAX) peace(false);
    }

    /// What the account did not answer for waits, as a delivery's does.
    private void keep(Subject subject, Step.Deliver deliver) {
        if (subject.owed.contains(deliver.arrival())) return;
        subject.queued.put(deliver.arrival(), deliver.content());
        try {
            machine.waiting().keep(subject.id, deliver.arrival(), deliver.content(), KEEP_TIME);
            subject.owed.add(deliver.arrival());
            trace.add(subject.id + " queue " + deliver.arrival() + ": kept");
        } catch (Fault e) {
            trace.add(subject.id + " queue " + deliver.arrival() + ": ? " + e);
        }
    }

    /// Lets the queue file some of what waits.
    private void drain() {
        try {
            machine.waiting().drain(this::take);
        } catch (Fault e) {
            trace.add("drain: ? " + e);
        }
        if (mistake != null) throw new AssertionError(mistake.getMessage(), mistake);
    }

    /// The queue calls this on threads of its own, one at a time, and tries again what fails: a mistake is told by
    /// who called it.
    private void take(AccountId account, ArrivalId arrival, byte[] content) {
        try {
            Subject subject = subjects.stream().filter(one -> one.id.equals(account)).findAny().orElseThrow();
            if (!Arrays.equals(subject.queued.get(arrival), content)) {
                throw new AssertionError("the queue files for " + account + " under " + arrival
                        + " what it was not given");
            }
            var step = new Step.Deliver(arrival, content, List.of(), Keywords.NONE, true, false);
            if (!attempt(subject, step)) throw new Fault.Unavailable("Of unknown outcome", Map.of());
            subject.owed.remove(arrival);
        } catch (AssertionError e) {
            mistake = e;
            throw new Fault.Unavailable("A mistake was found", Map.of(), e);
        }
    }

    /// Waits until nobody waits.
    private void drainAll() {
        long end = System.nanoTime() + PEACE.toNanos();
        while (machine.waiting().size() > 0) {
            if (System.nanoTime() > end) throw new AssertionError("never drained: " + machine.waiting().size());
            // A busy machine may be late without any trouble of ours.
            node.peace();
            drain();
        }
        for (Subject subject : subjects) {
            if (!subject.owed.isEmpty()) throw new AssertionError("the queue lost " + subject.owed);
        }
    }

    /// Does one step and takes note of what it may have come to; returns whether it was answered.
    private boolean attempt(Subject subject, Step step) {
        long at = clock.now().getEpochSecond();
        @Nullable String said;
        try {
            said = step.run(node.accounts().open(subject.id));
            trace.add(subject.id + " " + step + ": " + said);
        } catch (Fault e) {
            said = null;
            trace.add(subject.id + " " + step + ": ? " + e);
        }
        var possible = new ArrayList<AccountModel>();
        var told = new ArrayList<String>();
        for (AccountModel before : subject.possible) {
            var between = new ArrayList<AccountModel>();
            AccountModel after = before.copy();
            String expected = step.apply(after, at, () -> between.add(after.copy()));
            told.add(expected);
            if (said == null) {
                add(possible, before);
                for (AccountModel one : between) add(possible, one);
                add(possible, after);
            } else if (said.equals(expected)) {
                add(possible, after);
            }
        }
        if (possible.isEmpty()) {
            throw new AssertionError(step + " on " + subject.id + " said\n  " + said + "\nand not\n  "
                    + String.join("\n  ", told));
        }
        subject.possible = possible;
        return said != null;
    }

    private static void add(List<AccountModel> all, AccountModel one) {
        if (!all.contains(one)) all.add(one);
    }

    /// Reads, in whatever trouble: what is answered is right.
    private void look(Subject subject) {
        Account account = node.accounts().open(subject.id);
        try {
            AccountModel seen = account.read(AccountModel::of);
            if (subject.possible.stream().noneMatch(one -> one.shows(seen))) {
                throw new AssertionError("account " + subject.id + " shows what it never was:"
                        + subject.first().differences(seen));
            }
            if (seen.mails.isEmpty()) return;
            var ids = new ArrayList<>(seen.mails.keySet());
            ArrivalId id = ids.get(dice.nextInt(ids.size()));
            Email email = account.read(view -> view.email(id));
            if (email != null) body(subject, account, email, false);
        } catch (Fault e) {
            trace.add(subject.id + " look: ? " + e);
        }
    }

    private void body(Subject subject, Account account, Email email, boolean must) {
        switch (account.body(email)) {
            case Body.Present(byte[] bytes) -> {
                if (!Arrays.equals(bytes, subject.contents.get(email.id()))) {
                    throw new AssertionError("the body of " + email + " is not what was delivered");
                }
            }
            case Body.Unavailable(Fault why) -> {
                if (must && !(why instanceof Fault.Unavailable)) {
                    throw new AssertionError("the body of " + email + " is lost: " + why);
                }
                if (must) throw why;
            }
        }
    }

    /// Ends all trouble, settles what is open, and compares.
    private void peace(boolean whole) {
        node.peace();
        if (machine.off()) restart();
        for (Subject subject : subjects) pin(subject);
        if (whole) drainAll();
        if (whole) node.whole(subjects.stream().map(subject -> subject.id).toList());
        for (Subject subject : subjects) {
            compare(subject);
            if (whole) {
                peacefully(() -> {
                    node.verify(subject.id);
                    return true;
                });
            }
        }
        trace.add(whole ? "peace, whole" : "peace");
        if (!losing) node.trouble(dice);
    }

    /// One more change: when it is answered, nothing is open.
    private void pin(Subject subject) {
        var step = new Step.Document(DocumentKind.SETTING, "pin", new byte[] {(byte) dice.nextInt(256)});
        long end = System.nanoTime() + PEACE.toNanos();
        while (!attempt(subject, step)) {
            if (System.nanoTime() > end) throw new AssertionError("account " + subject.id
                    + " takes no change in peace");
            node.peace();
        }
    }

    private void compare(Subject subject) {
        Account account = node.accounts().open(subject.id);
        AccountModel seen = peacefully(() -> account.read(AccountModel::of));
        List<AccountModel> same = subject.possible.stream().filter(one -> one.shows(seen)).toList();
        if (same.isEmpty()) {
            throw new AssertionError("account " + subject.id + " is none of the " + subject.possible.size()
                    + " it may be:" + subject.possible.getLast().differences(seen));
        }
        subject.possible = new ArrayList<>(same);
        peacefully(() -> account.read(view -> {
            same.getFirst().checkChangesSince(subject.atPeace, view);
            return true;
        }));
        for (ArrivalId id : same.getFirst().mails.keySet()) {
            peacefully(() -> {
                body(subject, account, Objects.requireNonNull(account.<@Nullable Email>read(view ->
                        view.email(id))), true);
                return true;
            });
        }
        subject.contents.keySet().removeIf(id -> !same.getFirst().mails.containsKey(id)
                && !subject.queued.containsKey(id)
                && dice.nextInt(3) == 0);
        subject.atPeace = same.getFirst().copy();
    }
}
