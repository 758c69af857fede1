package casella.store;

import casella.base.Clock;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.message.Summary;
import casella.store.engine.HeadRow;
import casella.store.engine.Rows;
import casella.store.vault.ObjectName;
import casella.store.vault.Receipt;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Files mails that were found in the vaults into an account as a fold has it.
///
/// A fold over a checkpoint lacks the rows that only find others ([Derived]). Those that filing asks for are made here once:
/// mailboxes by name, and threads by the Message-IDs of the mails that are to be filed.
public final class Filing {
    private final Finding rows;

    private Filing(Finding rows) {
        this.rows = rows;
    }

    /// @param rows as the fold has them, now and with what is filed later
    /// @param hashes of the Message-IDs of all mails that will be filed ([#hashes])
    public static Filing over(Rows rows, Collection<Long> hashes) {
        return new Filing(Finding.of(rows, new HashSet<>(hashes)));
    }

    /// Returns the hashes by which a mail finds its thread.
    public static List<Long> hashes(byte[] content) {
        return Threading.hashes(Summary.of(content).envelope());
    }

    /// Returns the change that files a mail: where its receipt says, or in INBOX if there is no such mailbox, whatever the
    /// quota; null if the account has it.
    ///
    /// @param head of the rows
    /// @param mail its name in the vaults
    /// @param doubtful whether it may be there twice
    /// @throws Fault.Corrupt if the account has no INBOX
    public @Nullable Entry entry(
            HeadRow head, ObjectName mail, Receipt receipt, byte[] content, boolean doubtful, Clock clock) {
        var draft = new Draft(rows, head, clock);
        MailboxId meant = receipt.mailbox();
        boolean there = meant != null && draft.view().mailbox(meant) != null;
        Summary summary = Summary.of(content);
        var email = new NewEmail(
                content,
                summary,
                receipt.received(),
                receipt.sender(),
                receipt.recipient(),
                there && meant != null ? List.of(meant) : List.of(),
                Keywords.of(receipt.keywords()));
        Outcome.Added added = EmailPlans.add(draft.view(), draft, email, summary, mail, Long.MAX_VALUE);
        if (!(added instanceof Outcome.Kept)) {
            throw new Fault.Corrupt("The account has no INBOX", Map.of("account", mail.account()));
        }
        if (draft.isEmpty()) return null;
        if (doubtful) draft.add(new Operation.PossibleDuplicate(mail.arrival()));
        return Entry.decode(draft.seal().entry());
    }

    /// The rows of a fold with those that find others, as far as filing asks for them.
    private record Finding(Rows rows, NavigableMap<byte[], byte[]> found) implements Rows {
        private static final byte NAMES = 0x11;
        private static final byte MESSAGE_IDS = 0x36;

        static Finding of(Rows rows, Set<Long> hashes) {
            NavigableMap<byte[], byte[]> found = new TreeMap<>(Arrays::compareUnsigned);
            Visitor finding = (key, value) -> {
                boolean wanted = key[0] == NAMES
                        || (key[0] == MESSAGE_IDS && hashes.contains(ByteBuffer.wrap(key, 1, 8).getLong()));
                if (wanted) found.put(key, value);
                return true;
            };
            Visitor each = (key, value) -> {
                Derived.of(key, value, finding);
                return true;
            };
            rows.scan(new byte[] {0x10}, each);
            if (!hashes.isEmpty()) rows.scan(new byte[] {0x30}, each);
            return new Finding(rows, found);
        }

        @Override
        public byte @Nullable [] get(byte[] key) {
            return key[0] == NAMES ? found.get(key) : rows.get(key);
        }

        @Override
        public void scan(byte[] from, byte[] until, boolean backwards, Visitor visitor) {
            if (from[0] != MESSAGE_IDS) {
                rows.scan(from, until, backwards, visitor);
                return;
            }
            NavigableMap<byte[], byte[]> all = new TreeMap<>(found.subMap(from, true, until, false));
            rows.scan(from, until, false, (key, value) -> {
                all.put(key, value);
                return true;
            });
            for (Map.Entry<byte[], byte[]> row : (backwards ? all.descendingMap() : all).entrySet()) {
                if (!visitor.row(row.getKey(), row.getValue())) return;
            }
        }
    }
}
