package casella.store.archive;

import casella.base.AccountId;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.base.Uid;
import casella.store.Body;
import casella.store.Email;
import casella.store.Fold;
import casella.store.Journal;
import casella.store.Mailbox;
import casella.store.Placement;
import casella.store.StoredRows;
import casella.store.engine.Key;
import casella.store.vault.ObjectName;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads an account out of vaults and tail alone, with no engine: for an export while all else is down.
public final class AccountReader {
    private AccountReader() {}

    /// Takes an account as it comes: each folder, then what is in it by UID.
    public interface Visitor {
        /// There will be so many messages.
        default void messages(long count) {}

        void folder(Mailbox folder);

        /// @param body `Unavailable` where no vault asked has the mail right
        void message(Mailbox folder, Placement placement, Email email, Body body);
    }

    /// What was read.
    public record Read(Modseq modseq, Sha256 head, long messages, long missing) {}

    /// Visits an account as its journal says it is, as far as the journal can be read.
    ///
    /// @param journal the tail; null without one
    /// @throws Fault.Corrupt if there is no journal of it
    /// @throws Fault.Unavailable if the journal breaks off
    public static Read read(AccountId account, Holdings holdings, @Nullable Journal journal,
            Visitor visitor) {
        Modseq last = new Modseq(Long.MAX_VALUE);
        Folding folding = Folding.begin(holdings, account, true, null).segments(last);
        if (journal != null) folding.tail(journal, last);
        Fold fold = folding.fold();
        Modseq end = new Modseq(fold.head().version());
        Fault fault = folding.fault();
        if (fault != null && folding.newestNamed().after(end)) throw fault;
        if (end.equals(Modseq.NONE)) {
            throw new Fault.Corrupt("There is no journal of the account", Map.of("account", account));
        }
        List<Mailbox> folders = new ArrayList<>();
        fold.rows().scan(new byte[] {0x10}, (key, value) -> {
            folders.add(StoredRows.mailbox(new MailboxId(ByteBuffer.wrap(key, 1, 4).getInt()), value));
            return true;
        });
        long[] count = new long[2];
        long[] all = new long[1];
        fold.rows().scan(new byte[] {0x20}, (_, _) -> {
            all[0]++;
            return true;
        });
        visitor.messages(all[0]);
        for (Mailbox folder : folders) {
            visitor.folder(folder);
            byte[] prefix = ByteBuffer.allocate(5).put((byte) 0x20).putInt(folder.id().number()).array();
            fold.rows().scan(prefix, (key, value) -> {
                Placement placement = StoredRows.placement(folder.id(),
                        new Uid(ByteBuffer.wrap(key, 5, 4).getInt()), value);
                byte[] row = fold.rows().get(new Key.Email(placement.email()));
                if (row == null) throw new Fault.Corrupt("A placement without its email", Map.of("account", account));
                Email email = StoredRows.email(placement.email(), row);
                Body body = body(holdings, ObjectName.mail(account, email.id(), email.blob()));
                count[0]++;
                if (body instanceof Body.Unavailable) count[1]++;
                visitor.message(folder, placement, email, body);
                return true;
            });
        }
        return new Read(end, fold.hash(), count[0], count[1]);
    }

    private static Body body(Holdings holdings, ObjectName name) {
        try {
            return new Body.Present(holdings.read(name));
        } catch (Fault e) {
            return new Body.Unavailable(e);
        }
    }
}
