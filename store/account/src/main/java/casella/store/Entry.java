package casella.store;

import casella.base.Fault;
import casella.base.Sha256;
import casella.store.stored.Stored;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// A change with the contents it names, as tail, engine and segments keep it.
///
/// @param encodedChange the exact bytes that were hashed
/// @param contents what the change names by keyed hash: folder names, summaries, documents; one may be missing after an
///                 erasure
public record Entry(byte[] encodedChange, Map<Sha256, byte[]> contents) {
    public Entry {
        // In the order of their names, so that the same entry has the same bytes wherever it is encoded.
        contents = Collections.unmodifiableMap(new TreeMap<>(contents));
    }

    public Change change() {
        return Change.decode(encodedChange);
    }

    /// Returns the link that the next change carries.
    public Sha256 hash() {
        return Sha256.of(encodedChange);
    }

    public byte[] encode() {
        Stored.Entry.Builder out = Stored.Entry.newBuilder().setChange(ByteString.copyFrom(encodedChange));
        contents.forEach(
                (hash, bytes) ->
                        out.addContents(
                                Stored.Content.newBuilder()
                                        .setHash(ByteString.copyFrom(hash.bytes()))
                                        .setBytes(ByteString.copyFrom(bytes))));
        return out.build().toByteArray();
    }

    /// @throws Fault.Corrupt if `bytes` hold no entry
    public static Entry decode(byte[] bytes) {
        try {
            Stored.Entry in = Stored.Entry.parseFrom(bytes);
            var contents = new HashMap<Sha256, byte[]>();
            for (Stored.Content content : in.getContentsList()) {
                contents.put(Sha256.wrap(content.getHash().toByteArray()), content.getBytes().toByteArray());
            }
            return new Entry(in.getChange().toByteArray(), contents);
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new Fault.Corrupt("Journal entry unreadable", Map.of("bytes", bytes.length), e);
        }
    }
}
