package casella.pop3;

import casella.base.ArrivalId;
import casella.base.MailboxId;
import casella.base.Uid;
import casella.store.Account;
import casella.store.Mailbox;
import casella.store.Placement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The inbox as it was at log-in, and which of its messages are marked to be removed. RFC 1939 §5.
///
/// Message numbers are 1 to [#count()] and never change. 28 bytes a message.
final class Snapshot {
    private static final int PAGE = 500;

    private final MailboxId mailbox;
    private int[] uids;
    private int[] sizes;
    private long[] arrivals;
    private int count;
    private final BitSet deleted = new BitSet();
    /// Which of several placements of one email a message is: 2 or more, by index; the first is not listed.
    private final Map<Integer, Integer> further = new HashMap<>();

    private Snapshot(Mailbox inbox) {
        this.mailbox = inbox.id();
        this.uids = new int[inbox.count()];
        this.sizes = new int[inbox.count()];
        this.arrivals = new long[2 * inbox.count()];
    }

    private record FirstPage(@Nullable Mailbox inbox, List<Placement> page) {}

    /// Reads the inbox of this moment, page by page: messages that come meanwhile are left out, messages that go
    /// meanwhile may be in.
    static Snapshot of(Account account) {
        FirstPage first = account.read(view -> {
            Mailbox inbox = view.mailbox(Mailbox.INBOX);
            return new FirstPage(inbox, inbox == null ? List.of() : view.placements(inbox.id(), Uid.FIRST, PAGE));
        });
        Mailbox inbox = first.inbox;
        if (inbox == null) throw new casella.base.Fault.Corrupt("Account without INBOX", Map.of("account", account.id()));
        var snapshot = new Snapshot(inbox);
        List<Placement> page = first.page;
        while (true) {
            for (Placement row : page) if (row.uid().value() < inbox.uidNext()) snapshot.append(row);
            if (page.size() < PAGE || page.getLast().uid().equals(Uid.LAST)) break;
            Uid from = Uid.of(page.getLast().uid().value() + 1);
            page = account.read(view -> view.placements(inbox.id(), from, PAGE));
        }
        snapshot.numberFurther();
        return snapshot;
    }

    private void append(Placement row) {
        if (count == uids.length) {
            int room = Math.max(16, count + (count >> 2));
            uids = Arrays.copyOf(uids, room);
            sizes = Arrays.copyOf(sizes, room);
            arrivals = Arrays.copyOf(arrivals, 2 * room);
        }
        uids[count] = row.uid().unsigned();
        sizes[count] = row.size();
        arrivals[2 * count] = row.email().high();
        arrivals[2 * count + 1] = row.email().low();
        count++;
    }

    /// Finds emails that are placed more than once, by sorting: no map of a million ids is made for a few.
    private void numberFurther() {
        Integer[] order = new Integer[count];
        for (int i = 0; i < count; i++) order[i] = i;
        Arrays.sort(order, (a, b) -> {
            int byArrival = arrival(a).compareTo(arrival(b));
            return byArrival != 0 ? byArrival : Integer.compare(a, b);
        });
        int nth = 1;
        for (int i = 1; i < count; i++) {
            nth = arrival(order[i]).equals(arrival(order[i - 1])) ? nth + 1 : 1;
            if (nth > 1) further.put(order[i], nth);
        }
    }

    MailboxId mailbox() {
        return mailbox;
    }

    /// Returns how many messages there are, those marked deleted included.
    int count() {
        return count;
    }

    /// Says whether message `number` is there and not marked deleted.
    boolean has(long number) {
        return number >= 1 && number <= count && !deleted.get((int) number - 1);
    }

    /// Returns the octets of message `number`, 1-based.
    int size(int number) {
        return sizes[number - 1];
    }

    /// Returns the email of message `number`, 1-based.
    ArrivalId email(int number) {
        return arrival(number - 1);
    }

    private ArrivalId arrival(int index) {
        return new ArrivalId(arrivals[2 * index], arrivals[2 * index + 1]);
    }

    /// Returns the unique id of message `number`: its arrival; for a second place of the same email in INBOX `.2` after
    /// it, and so on. RFC 1939 §7: 1 to 70 printable characters, the same in every session.
    String uniqueId(int number) {
        Integer nth = further.get(number - 1);
        return nth == null ? email(number).toString() : email(number) + "." + nth;
    }

    void delete(int number) {
        deleted.set(number - 1);
    }

    void reset() {
        deleted.clear();
    }

    /// Returns how many messages are not marked.
    int left() {
        return count - deleted.cardinality();
    }

    /// Returns the octets of the messages that are not marked.
    long bytesLeft() {
        long bytes = 0;
        for (int i = deleted.nextClearBit(0); i < count; i = deleted.nextClearBit(i + 1)) bytes += sizes[i];
        return bytes;
    }

    /// Returns the UIDs of the messages that are marked.
    List<Uid> deleted() {
        var marked = new ArrayList<Uid>();
        deleted.stream().forEach(i -> marked.add(new Uid(uids[i])));
        return marked;
    }
}
