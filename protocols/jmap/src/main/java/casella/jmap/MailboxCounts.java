package casella.jmap;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.ThreadId;
import casella.base.Uid;
import casella.store.Account;
import casella.store.Email;
import casella.store.Keywords;
import casella.store.Mailbox;
import casella.store.Placement;
import casella.store.View;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How many emails and threads a mailbox has and how many of them are unread. RFC 8621 §2.
///
/// Counted by a scan of the mailbox, a page a hop, and remembered until the mailbox changes. Which
/// thread an email is in never changes, so that is remembered too and a second scan reads only
/// placements.
final class MailboxCounts {
    /// A mailbox with more is not scanned: its threads are counted as its emails.
    private static final int SCAN_MAX = 200_000;

    private static final int MAILBOXES_MAX = 20_000;
    private static final int THREADS_MAX = 300_000;

    /// RFC 8621 §2: unread is without `$seen` and `$draft`.
    record Counts(int totalEmails, int unreadEmails, int totalThreads, int unreadThreads) {}

    private record Key(AccountId account, MailboxId mailbox) {}

    private record Counted(Modseq modseq, Counts counts) {}

    private final Map<Key, Counted> counted = bounded(MAILBOXES_MAX);
    private final Map<ArrivalId, ThreadId> threads = bounded(THREADS_MAX);

    Counts of(Account account, Mailbox mailbox) {
        if (mailbox.count() == 0) return new Counts(0, 0, 0, 0);
        int total = mailbox.count() - mailbox.deleted();
        if (mailbox.count() > SCAN_MAX) return new Counts(total, mailbox.unseen(), total, mailbox.unseen());
        var key = new Key(account.id(), mailbox.id());
        Counted known = known(key);
        if (known != null && known.modseq().equals(mailbox.modseq())) return known.counts();
        var scan = new Scan();
        for (Uid from = Uid.FIRST; from != null; ) {
            Uid start = from;
            from = account.read(view -> scan.page(view, mailbox.id(), start));
        }
        // A folder that is only named has counts of 0; its rows may hold others.
        if (scan.closed) return new Counts(0, 0, 0, 0);
        Counts counts = scan.counts();
        if (!scan.partial) remember(key, new Counted(mailbox.modseq(), counts));
        return counts;
    }

    /// Returns the thread of an email without reading it again where it is known.
    @Nullable ThreadId thread(View view, ArrivalId id) {
        synchronized (threads) {
            ThreadId known = threads.get(id);
            if (known != null) return known;
        }
        Email email = view.email(id);
        if (email == null) return null;
        // Shown by a continuation: what it is filed under later is not known yet.
        if (view.partial()) return email.thread();
        synchronized (threads) {
            threads.put(id, email.thread());
        }
        return email.thread();
    }

    private @Nullable Counted known(Key key) {
        synchronized (counted) {
            return counted.get(key);
        }
    }

    private void remember(Key key, Counted value) {
        synchronized (counted) {
            counted.put(key, value);
        }
    }

    private final class Scan {
        private final Set<ArrivalId> emails = new HashSet<>();
        private final Set<ArrivalId> unread = new HashSet<>();
        private final Set<ThreadId> all = new HashSet<>();
        private final Set<ThreadId> withUnread = new HashSet<>();
        private boolean partial;
        private boolean closed;

        /// Counts one page and returns where the next begins, null at the end.
        @Nullable Uid page(View view, MailboxId mailbox, Uid from) {
            partial |= view.partial();
            closed |= view.closed(mailbox);
            if (closed) return null;
            List<Placement> page = new ArrayList<>(view.placements(mailbox, from, View.PAGE_MAX));
            for (Placement one : page) {
                if (one.keywords().has(Keywords.DELETED)) continue;
                ThreadId thread = thread(view, one.email());
                if (thread == null) continue;
                emails.add(one.email());
                all.add(thread);
                if (one.keywords().has(Keywords.SEEN) || one.keywords().has(Keywords.DRAFT)) continue;
                unread.add(one.email());
                withUnread.add(thread);
            }
            if (page.size() < View.PAGE_MAX) return null;
            Uid last = page.getLast().uid();
            return last.equals(Uid.LAST) ? null : Uid.of(last.value() + 1);
        }

        Counts counts() {
            return new Counts(emails.size(), unread.size(), all.size(), withUnread.size());
        }
    }

    private static <K, V> Map<K, V> bounded(int most) {
        return new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }
}
