package casella.server.drill;

import casella.base.ArrivalId;
import casella.base.Fault;
import casella.base.Sha256;
import casella.base.Uid;
import casella.store.Account;
import casella.store.Body;
import casella.store.Email;
import casella.store.Mailbox;
import casella.store.Placement;
import casella.store.View;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads one account again and again as a client does that is open: folders, the newest emails of the inbox, and the bytes
/// of the newest one, which must be those there were. For one virtual thread.
///
/// Nothing of what is read is kept but identifiers: a UID that comes to name another email, or another UIDVALIDITY of the
/// same folder, is counted as changed.
final class Owner implements Runnable {
    static final long EVERY_MILLIS = 250;
    private static final long OLD_MILLIS = 3_000;
    private static final int NEWEST = 50;
    private static final int BODY_BYTES_MAX = 1 << 20;

    private final int number;
    private final Account account;
    private final Scene scene;
    private final Measured measured;
    private final Map<Uid, ArrivalId> named = new HashMap<>();
    private long uidValidity;
    private volatile long begun = -1;
    private volatile long darkSince = -1;

    /// @param number how reports call it, from 1
    Owner(int number, Account account, Scene scene, Measured measured) {
        this.number = number;
        this.account = account;
        this.scene = scene;
        this.measured = measured;
    }

    /// @param newest null for an inbox that is empty, or whose newest email is too large to look at each time
    private record Look(boolean partial, @Nullable Mailbox inbox, List<Placement> page,
            @Nullable Email newest) {}

    @Override
    public void run() {
        do {
            long at = measured.now();
            begun = at;
            Sample.Result result = look();
            begun = -1;
            var place = scene.place().apply(account.id());
            var sample = new Sample(Sample.Kind.READ, number, at, measured.now() - at, result, place);
            measured.add(sample);
            if (sample.served()) darkSince = -1;
            else if (darkSince < 0) darkSince = at;
        } while (!measured.rested(EVERY_MILLIS));
    }

    /// Returns for how many milliseconds until `now` it got no answer: since the first read that failed, or since one began
    /// that is under way and old; 0 when it is served.
    long darkFor(long now) {
        long since = darkSince;
        long under = begun;
        if (since >= 0) return now - since;
        return under >= 0 && now - under > OLD_MILLIS ? now - under : 0;
    }

    int number() {
        return number;
    }

    private Sample.Result look() {
        try {
            Look look = account.read(Owner::look);
            if (look.partial()) return Sample.Result.PARTIAL;
            boolean same = same(look);
            Email newest = look.newest();
            if (newest == null) return same ? Sample.Result.RIGHT : Sample.Result.WRONG;
            return switch (account.body(newest)) {
                case Body.Unavailable _ -> Sample.Result.FAILED;
                case Body.Present(byte[] bytes) -> {
                    boolean right = Sha256.of(bytes).equals(newest.blob());
                    if (!right) measured.wrongBytes.incrementAndGet();
                    yield same && right ? Sample.Result.RIGHT : Sample.Result.WRONG;
                }
            };
        } catch (Fault e) {
            return Sample.Result.FAILED;
        }
    }

    private static Look look(View view) {
        Mailbox inbox = view.mailbox(Mailbox.INBOX);
        if (view.partial() || inbox == null) return new Look(view.partial(), inbox, List.of(), null);
        long from = Math.max(1, inbox.uidNext() - NEWEST);
        List<Placement> page = inbox.uidNext() > 0xFFFF_FFFFL
                ? List.of() : view.placements(inbox.id(), Uid.of(from), NEWEST);
        if (page.isEmpty()) return new Look(false, inbox, page, null);
        Email newest = view.email(page.getLast().email());
        boolean small = newest != null && newest.size() <= BODY_BYTES_MAX;
        return new Look(false, inbox, page, small ? newest : null);
    }

    private boolean same(Look look) {
        Mailbox inbox = look.inbox();
        if (inbox == null) return true;
        int changed = 0;
        if (uidValidity != 0 && uidValidity != inbox.uidValidity()) changed++;
        uidValidity = inbox.uidValidity();
        for (Placement placement : look.page()) {
            ArrivalId before = named.put(placement.uid(), placement.email());
            if (before != null && !before.equals(placement.email())) changed++;
        }
        measured.identifiersChanged.addAndGet(changed);
        return changed == 0;
    }
}
