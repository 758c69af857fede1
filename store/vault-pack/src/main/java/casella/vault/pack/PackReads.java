package casella.vault.pack;

import casella.base.AccountId;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.store.append.AppendLog;
import casella.store.append.Place;
import casella.store.vault.ObjectName;
import casella.store.vault.ObjectName.Kind;
import casella.store.vault.StoredObject;
import casella.store.vault.Vault;
import casella.vault.pack.PackSegment.Slot;
import casella.vault.pack.Words.Word;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds and reads objects. Blocks: runs on the vault's readers only.
final class PackReads {
    /// Enough for the head of most objects: one read an entry of a list.
    private static final int HEAD_GUESS_BYTES = 512;
    /// Up to this an object is read together with its record's head; above, copying costs more than a second read.
    private static final int WITH_HEAD_BYTES_MAX = 64 << 10;

    private final AppendLog log;
    private final PackSegments segments;

    PackReads(AppendLog log, PackSegments segments) {
        this.log = log;
        this.segments = segments;
    }

    byte @Nullable [] get(ObjectName name, long from, int length) throws IOException {
        try (var lease = segments.lease()) {
            Slot slot = lease.segments().find(name, Place.LAST);
            return slot == null ? null : read(name, slot, from, length);
        }
    }

    private byte[] read(ObjectName name, Slot slot, long from, int length) throws IOException {
        int wanted = Math.clamp(slot.length() - from, 0, length);
        try {
            byte[] bytes;
            if (from == 0 && wanted <= WITH_HEAD_BYTES_MAX) {
                bytes = start(name, slot, wanted);
            } else {
                if (from == 0) start(name, slot, 0);
                bytes = log.body(slot.place(), PackRecord.NAME_BYTES + from, wanted);
            }
            if (bytes.length == wanted) return bytes;
        } catch (NoSuchFileException e) {
            throw lost(name, slot, e);
        }
        throw lost(name, slot, null);
    }

    /// Returns the object's first bytes after checking that it is this object that is there.
    private byte[] start(ObjectName name, Slot slot, int length) throws IOException {
        AppendLog.Start start = log.start(slot.place(), PackRecord.NAME_BYTES + length);
        byte[] body = start.body();
        boolean same =
                start.kind() == PackRecord.PUT
                        && start.length() == PackRecord.NAME_BYTES + slot.length()
                        && body.length >= PackRecord.NAME_BYTES
                        && Arrays.equals(body, 0, PackRecord.NAME_BYTES, name.bytes(), 0, PackRecord.NAME_BYTES);
        if (!same) throw lost(name, slot, null);
        return Arrays.copyOfRange(body, PackRecord.NAME_BYTES, body.length);
    }

    private Fault.Corrupt lost(ObjectName name, Slot slot, @Nullable Throwable cause) {
        log.leave(slot.place().segment());
        Map<String, Object> facts = Map.of("object", name, "at", slot.place());
        return new Fault.Corrupt("Object is not where it was written", facts, cause);
    }

    List<Vault.Entry> list(AccountId account, Kind kind, @Nullable ObjectName after, int limit) throws IOException {
        try (var lease = segments.lease()) {
            return list(lease.segments(), account, kind, after, limit);
        }
    }

    private List<Vault.Entry> list(
            Snapshot in, AccountId account, Kind kind, @Nullable ObjectName after, int limit) throws IOException {
        ObjectName from = after == null ? LiveObjects.first(account, kind) : after;
        LiveObjects objects = in.live(account, Place.LAST).seek(from);
        List<Vault.Entry> page = new ArrayList<>();
        while (page.size() < limit) {
            Word live = objects.next();
            if (live == null || !live.name().account().equals(account) || live.name().kind() != kind) break;
            if (live.name().equals(after)) continue;
            Vault.Entry entry = entry(live);
            if (entry != null) page.add(entry);
        }
        return page;
    }

    /// Returns the entry, or null if what is there is not the object: it is lost, and a list shows what there is.
    private Vault.@Nullable Entry entry(Word live) throws IOException {
        int length = live.slot().length();
        try {
            byte[] head = start(live.name(), live.slot(), Math.min(length, HEAD_GUESS_BYTES));
            int needed = StoredObject.headLength(head);
            if (needed > head.length) head = start(live.name(), live.slot(), Math.min(length, needed));
            return new Vault.Entry(live.name(), length, StoredObject.open(live.name(), head).receipt());
        } catch (Fault.Corrupt | NoSuchFileException e) {
            Log.event(Event.PACK_OBJECT_LOST, "object", live.name(), "segment", live.slot().place().segment());
            log.leave(live.slot().place().segment());
            return null;
        }
    }

    List<AccountId> accounts(@Nullable AccountId after, int limit) throws IOException {
        try (var lease = segments.lease()) {
            return accounts(lease.segments(), after, limit);
        }
    }

    private static List<AccountId> accounts(Snapshot in, @Nullable AccountId after, int limit) throws IOException {
        List<AccountId> page = new ArrayList<>();
        LiveObjects objects = in.live(null, Place.LAST);
        @Nullable AccountId from = after == null ? new AccountId(0) : next(after);
        while (from != null && page.size() < limit) {
            Word live = objects.seek(LiveObjects.first(from)).next();
            if (live == null) break;
            page.add(live.name().account());
            from = next(live.name().account());
        }
        return page;
    }

    private static @Nullable AccountId next(AccountId account) {
        return account.value() == -1 ? null : new AccountId(account.value() + 1);
    }
}
