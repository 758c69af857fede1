package casella.server;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Modseq;
import casella.continuity.cohort.Cohorts;
import casella.continuity.cohort.NamedCohorts;
import casella.directory.Directory;
import casella.directory.Face;
import casella.store.Accounts;
import casella.store.FaceRows;
import casella.store.Mailbox;
import casella.store.Rescue;
import casella.store.Role;
import casella.store.continuation.Names;
import casella.store.deletion.Collecting;
import casella.store.deletion.Erasure;
import casella.store.deletion.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Keeps each account's face beside the directory, and knows from it whether an account without a view is
/// new.
///
/// A face is kept from the account's first change on. So no view and no face is an account never used; no
/// view but a face is an engine that has lost it, and nothing is made in its place but what the face and the vaults
/// say, where no journal is left.
final class Faces implements Accounts.Founder, Terms.Source, Collecting.Wiped, Erasure.Place, Names {
    private static final Map<Role, String> ITALIAN =
            Map.of(
                    Role.DRAFTS, "Bozze",
                    Role.SENT, "Inviata",
                    Role.ARCHIVE, "Archivio",
                    Role.JUNK, "Indesiderata",
                    Role.TRASH, "Cestino");
    private static final Map<Role, String> ENGLISH =
            Map.of(
                    Role.DRAFTS, "Drafts",
                    Role.SENT, "Sent",
                    Role.ARCHIVE, "Archive",
                    Role.JUNK, "Junk",
                    Role.TRASH, "Trash");

    private static final String RECEIVED_ITALIAN = "Ricevuti durante il guasto";
    private static final String RECEIVED_ENGLISH = "Received during the fault";

    /// A face that could not be kept is tried again after this, then each time four times later, until it is
    /// kept.
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration PAUSE_MAX = Duration.ofMinutes(15);
    /// Times it is made four times longer, before the longest holds.
    private static final int PAUSE_TIMES_MAX = 10;
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    /// Begun again at a look; the others at the next.
    private static final int AGAIN_MAX = 100;
    private static final int READS_MAX = 4;

    /// When a face that could not be kept is tried again, on the clock's nanoseconds.
    private record Late(int tries, long dueNanos) {}

    private final Directory directory;
    private final Clock clock;
    /// Accounts whose face somebody keeps now, and whether something changed since it was last read.
    private final Map<AccountId, Boolean> toKeep = new ConcurrentHashMap<>();
    /// One for each account at most, and only while its face is not what it should be.
    private final Map<AccountId, Late> late = new ConcurrentHashMap<>();
    private final Semaphore reads = new Semaphore(READS_MAX);

    Faces(Directory directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /// Returns the cohorts that operators named, and of all others the slices.
    Cohorts cohorts() {
        return new NamedCohorts(directory::cohort);
    }

    @Override
    public Optional<Map<Role, String>> mailboxes(AccountId id) {
        Optional<casella.directory.Account> account = directory.account(id);
        if (account.isEmpty() || directory.face(id).isPresent()) return Optional.empty();
        // What was erased is not made again.
        if (account.get().state() == casella.directory.Account.State.WIPED) return Optional.empty();
        return Optional.of(account.get().language().startsWith("it") ? ITALIAN : ENGLISH);
    }

    @Override
    public List<FaceRows.Folder> face(AccountId id) {
        try {
            boolean wiped = directory.account(id)
                    .map(account -> account.state() == casella.directory.Account.State.WIPED)
                    .orElse(true);
            Known known = wiped ? null : known(id);
            return known == null ? List.of() : known.folders();
        } catch (Fault.Corrupt e) {
            Log.event(Event.FACE_NOT_KEPT, "account", id, "why", e);
            return List.of();
        }
    }

    @Override
    public List<AccountId> faced(@Nullable AccountId after, int limit) {
        return accounts(after, limit);
    }

    /// A wiped account is held as a whole until it is erased as a whole.
    /// @throws Fault.Unavailable if the directory does not say now
    @Override
    public @Nullable Known known(AccountId id) {
        Optional<casella.directory.Account> account = directory.account(id);
        Optional<Face> face = directory.face(id);
        if (account.isEmpty() || face.isEmpty()) return null;
        List<FaceRows.Folder> folders = face.get().folders().stream()
                .map(folder -> new FaceRows.Folder(
                        folder.id(), folder.name(), folder.uidValidity(), Role.of(folder.role()),
                                folder.subscribed(), folder.sortOrder()))
                .toList();
        boolean italian = account.get().language().startsWith("it");
        return new Known(folders, italian ? RECEIVED_ITALIAN : RECEIVED_ENGLISH);
    }

    @Override
    public List<AccountId> accounts(@Nullable AccountId after, int limit) {
        return directory.faced(after, limit);
    }

    @Override
    public Optional<Terms> of(AccountId id) {
        return directory.account(id)
                .filter(account -> account.state() != casella.directory.Account.State.WIPED)
                .flatMap(account -> directory.plan(account.plan()))
                .map(plan -> new Terms(
                        Duration.ofDays(plan.recoveryDays()), plan.recoveryBytes(),
                                directory.ending(id).held()));
    }

    @Override
    public List<AccountId> due(Instant now, int limit) {
        return directory.toErase(now, limit);
    }

    @Override
    public void ordered(AccountId account) {
        directory.erasureOrdered(account);
    }

    @Override
    public String name() {
        return "directory";
    }

    /// The directory gave up credentials, name and face when the account was wiped; its addresses stay
    /// reserved.
    @Override
    public boolean erased(AccountId id) {
        if (!directory.gone(id)) return false;
        if (directory.face(id).isEmpty()) return true;
        // Kept by an older version, or while it was being wiped.
        directory.forgetFace(id);
        return directory.face(id).isEmpty();
    }

    /// Returns how many bytes an account may hold; none for an account the directory does not know.
    long quota(AccountId id) {
        return directory.account(id).map(this::quota).orElse(0L);
    }

    private long quota(casella.directory.Account account) {
        return directory.plan(account.plan()).map(account::quotaBytes).orElse(0L);
    }

    /// Keeps the faces of `accounts` from now on: after each change of folders, and where there is none, or an
    /// older one, when the account is first opened. On a thread of its own; changes meanwhile are one. What could
    /// not be kept is tried again until it is, or the account is gone.
    AutoCloseable follow(Accounts accounts) {
        var ended = new CountDownLatch(1);
        AutoCloseable watch = accounts.watch(new Accounts.Listener() {
            @Override
            public void changed(AccountId id, Modseq modseq, boolean mailboxes) {
                if (mailboxes) soon(accounts, id);
            }

            @Override
            public void opened(AccountId id) {
                soon(accounts, id);
            }
        });
        var _ = Thread.ofVirtual().name("face-look").start(() -> {
            try {
                while (!ended.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) again(accounts);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return () -> {
            ended.countDown();
            watch.close();
        };
    }

    /// Begins anew with those that could not be kept and are due.
    void again(Accounts accounts) {
        long now = clock.nanos();
        late.entrySet().stream()
                .filter(one -> now - one.getValue().dueNanos() >= 0 && !toKeep.containsKey(one.getKey()))
                .limit(AGAIN_MAX)
                .map(Map.Entry::getKey)
                .forEach(id -> soon(accounts, id));
    }

    private void soon(Accounts accounts, AccountId id) {
        if (toKeep.put(id, true) != null) return;
        var _ = Thread.ofVirtual().name("face").start(() -> {
            boolean over = false;
            try {
                keepOn(accounts, id);
                over = true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                if (!over) toKeep.remove(id);
            }
        });
    }

    /// Tries to keep a face until nothing changed since it was tried.
    private void keepOn(Accounts accounts, AccountId id) throws InterruptedException {
        do {
            toKeep.put(id, false);
            boolean kept = false;
            reads.acquire();
            try {
                kept = keep(accounts, id);
            } finally {
                reads.release();
                if (kept) late.remove(id);
                else late.merge(id, late(1), (before, _) -> late(before.tries() + 1));
            }
        } while (!toKeep.remove(id, false));
    }

    private Late late(int tries) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(2 * (tries - 1), 2 * PAUSE_TIMES_MAX));
        if (pause.compareTo(PAUSE_MAX) > 0) pause = PAUSE_MAX;
        return new Late(tries, clock.nanos() + pause.toNanos());
    }

    private @Nullable Face kept(AccountId id) {
        try {
            return directory.face(id).orElse(null);
        } catch (Fault.Corrupt e) {
            return null; // kept anew
        }
    }

    /// Returns false if it should be tried again.
    private boolean keep(Accounts accounts, AccountId id) {
        try {
            if (directory.gone(id)) return true; // an account that is gone needs no face
            Optional<casella.directory.Account> account = directory.account(id);
            if (account.isEmpty()) return false; // a snapshot that is older than it stands in
            var folders = new ArrayList<Face.Folder>();
            // Never a continuation: it is made of the face.
            Optional<List<Mailbox>> all = ScopedValue.where(Rescue.UNATTENDED, true)
                    .call(() -> accounts.open(id).read(view ->
                            view.partial() ? Optional.<List<Mailbox>>empty() : Optional.of(view.mailboxes())));
            if (all.isEmpty()) return false;
            if (all.get().isEmpty()) return true;
            for (Mailbox mailbox : all.get()) {
                Role role = mailbox.role();
                String word = role == null ? "" : role.word();
                folders.add(new Face.Folder(
                        mailbox.id(), mailbox.name(), mailbox.uidValidity(), word, mailbox.subscribed(),
                                mailbox.sortOrder()));
            }
            var face = new Face(folders, "", quota(account.get()));
            if (!face.equals(kept(id))) directory.keepFace(id, face);
            return true;
        } catch (Fault e) {
            // The mailboxes are changed all the same; the face is a view and is kept again later, or with the next
            // change.
            Log.event(Event.FACE_NOT_KEPT, "account", id, "why", e);
            return false;
        }
    }
}
