package casella.incident.apps;

import casella.base.AccountId;
import casella.base.Admission.Door;
import casella.base.ClientApps;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Log;
import casella.incident.Desk;
import casella.sqlite.Statements;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Writes down which programs owners use. Whoever tells it waits for nothing: what is new goes into memory, and one thread takes it to
/// the desk once a second. What does not fit is left out: the owner comes again.
///
/// A row is written anew once a week while its program is used, and goes 90 days after that. Safe from any thread.
public final class Apps implements ClientApps, AutoCloseable {
    /// For how long it is kept.
    public static final Duration KEPT = Duration.ofDays(90);
    /// How many programs of one account, and how many names in all: a client can call itself anything.
    static final int OF_ACCOUNT_MAX = 20;
    static final int NAMES_MAX = 2_000;
    static final int NAME_CHARACTERS_MAX = 40;
    /// Under which programs are counted that came after too many others.
    static final String OTHERS = "(others)";

    private static final int QUEUE_MAX = 20_000;
    private static final int BATCH = 1_000;
    private static final int KNOWN_MAX = 100_000;
    private static final long ANEW_DAYS = 7;
    private static final Duration EVERY = Duration.ofSeconds(1);

    /// @param app a name, in one of our own strings
    private record Use(AccountId account, Door door, String app) {}

    private final Supplier<Desk> desk;
    private final Clock clock;
    private final ArrayBlockingQueue<Use> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    /// What was told since it was last emptied, at the latest a day ago: told again it is no news.
    private final Set<Use> known = ConcurrentHashMap.newKeySet();
    /// Taken from the queue and not yet on the desk.
    private final List<Use> unkept = new ArrayList<>();
    private final Map<String, Long> names = new HashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private long today;
    private boolean unheard;
    private volatile @Nullable Thread worker;

    public Apps(Desk desk, Clock clock) {
        this(() -> desk, clock);
    }

    /// @param desk asked for at each use
    Apps(Supplier<Desk> desk, Clock clock) {
        this.desk = desk;
        this.clock = clock;
    }

    @Override
    public void used(AccountId account, Door door, String app) {
        var use = new Use(account, door, name(app));
        if (known.contains(use)) return;
        // Only what is written down is known.
        if (queue.offer(use) && known.size() < KNOWN_MAX) known.add(use);
    }

    /// What a program calls itself, in printable ASCII, cut.
    static String name(String app) {
        var out = new StringBuilder();
        for (int i = 0; i < app.length() && out.length() < NAME_CHARACTERS_MAX; i++) {
            char c = app.charAt(i);
            if (c >= ' ' && c < 127) out.append(c);
        }
        return out.toString().strip();
    }

    /// Begins to write down. To be called once.
    public Apps start() {
        worker = Thread.ofVirtual().name("apps").start(() -> {
            try {
                boolean last;
                do {
                    last = closed.await(EVERY.toNanos(), TimeUnit.NANOSECONDS);
                    step();
                } while (!last);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return this;
    }

    /// Writes what there is to write. One thread at a time.
    void step() {
        try {
            long day = day();
            if (day != today || known.size() >= KNOWN_MAX) known.clear();
            if (day != today) clean(day);
            today = day;
            do write(day); while (!queue.isEmpty());
            unheard = false;
        } catch (RuntimeException e) {
            // A desk that does not answer must not end the looking.
            if (!unheard) Log.event(Event.APPS_NOT_KEPT, e);
            unheard = true;
            names.clear();
        }
    }

    private long day() {
        return clock.now().toEpochMilli() / Duration.ofDays(1).toMillis();
    }

    private void write(long day) {
        if (unkept.isEmpty()) queue.drainTo(unkept, BATCH);
        if (unkept.isEmpty()) return;
        List<Use> some = List.copyOf(unkept);
        desk.get().write(s -> {
            for (Use use : some) keep(s, use, day);
            return true;
        });
        unkept.clear();
    }

    private void keep(Statements s, Use use, long day) throws SQLException {
        long app = number(s, use.app());
        long account = use.account().value();
        String door = word(use.door());
        long before = s.row("SELECT day FROM apps_used WHERE account = ? AND door = ? AND app = ?",
                row -> row.getLong(1), account, door, app).orElse(Long.MIN_VALUE);
        if (before > day - ANEW_DAYS) return;
        if (before == Long.MIN_VALUE
                && s.number("SELECT count(*) FROM apps_used WHERE account = ?",
                        account) >= OF_ACCOUNT_MAX) return;
        s.change("INSERT INTO apps_used (account, door, app, day) VALUES (?, ?, ?, ?)"
                + " ON CONFLICT (account, door, app) DO UPDATE SET day = excluded.day", account, door, app,
                        day);
    }

    private long number(Statements s, String name) throws SQLException {
        Long known = names.get(name);
        if (known != null) return known;
        long found = s.number("SELECT id FROM apps_names WHERE name = ?", name);
        if (found == 0) {
            if (s.number("SELECT count(*) FROM apps_names") >= NAMES_MAX && !name.isEmpty()
                    && !name.equals(OTHERS)) {
                return number(s, OTHERS);
            }
            s.change("INSERT INTO apps_names (name) VALUES (?)", name);
            found = s.number("SELECT last_insert_rowid()");
        }
        names.put(name, found);
        return found;
    }

    /// Names of which no row is left go, too: who called himself anything is forgotten.
    private void clean(long day) {
        int gone;
        do {
            gone = desk.get().write(s -> s.change("DELETE FROM apps_used WHERE (account, door, app) IN"
                    + " (SELECT account, door, app FROM apps_used WHERE day < ? LIMIT ?)",
                            day - KEPT.toDays(), BATCH));
        } while (gone == BATCH);
        desk.get().write(s -> s.change("DELETE FROM apps_names WHERE id NOT IN (SELECT app FROM apps_used)"));
        names.clear();
    }

    /// A program that an owner uses.
    ///
    /// @param door `imap`
    /// @param app as it names itself; empty where it does not
    /// @param day the day on which it was written down last: it was used then, or within a week after
    public record Used(String door, String app, LocalDate day) {}

    /// Returns what an account's owner uses.
    public static List<Used> of(Desk desk, AccountId account) {
        return desk.read(s ->
                s.rows("SELECT door, name, day FROM apps_used JOIN apps_names ON id = app WHERE account = ?"
                        + " ORDER BY door, name",
                row -> new Used(row.getString(1), row.getString(2), LocalDate.ofEpochDay(row.getLong(3))),
                account.value()));
    }

    static String word(Door door) {
        return door.name().toLowerCase(Locale.ROOT);
    }

    /// Forgets an account that is erased; waits for the desk.
    public void forget(AccountId account) {
        queue.removeIf(use -> use.account().equals(account));
        desk.get().write(s -> s.change("DELETE FROM apps_used WHERE account = ?", account.value()));
    }

    /// Writes what is left. To be called when the doors are shut.
    @Override
    public void close() {
        closed.countDown();
        Thread working = worker;
        if (working == null) return;
        try {
            var _ = working.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
