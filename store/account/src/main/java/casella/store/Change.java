package casella.store;

import casella.base.Fault;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.stored.Stored;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One transaction of an account, one mod-sequence: a link of the account's hash chain.
///
/// @param at when, whole milliseconds
/// @param epoch who wrote it
/// @param previous hash of the change before it, as encoded; all zero for the first
/// @param operations 1 to [#OPERATIONS_MAX]
public record Change(Modseq modseq, Instant at, long epoch, Sha256 previous, List<Operation> operations) {
    /// Emails one change may touch; a larger command is several changes. Each may bring a few operations.
    public static final int EMAILS_MAX = 1_000;

    public static final int OPERATIONS_MAX = 4 * EMAILS_MAX;
    public static final int BYTES_MAX = 256 << 10;
    public static final Sha256 NO_PREVIOUS = Sha256.wrap(new byte[Sha256.BYTES]);

    public Change {
        operations = List.copyOf(operations);
    }

    /// Returns the hole over which it goes on; null when it follows the change before it.
    public Operation.@Nullable HoleOpened hole() {
        @Nullable Operation first = operations.isEmpty() ? null : operations.getFirst();
        return first instanceof Operation.HoleOpened hole ? hole : null;
    }

    /// Returns its mod-sequence less that of the change before it: 1, more over a hole.
    public long step() {
        Operation.HoleOpened hole = hole();
        return hole == null ? 1 : hole.modseqGap();
    }

    /// Returns the `Change` message of `stored.proto`; its SHA-256 is the link of the next change.
    public byte[] encode() {
        Stored.Change.Builder out =
                Stored.Change.newBuilder()
                        .setModseq(modseq.value())
                        .setAtMillis(at.toEpochMilli())
                        .setEpoch(epoch)
                        .setPrevious(ByteString.copyFrom(previous.bytes()));
        for (Operation operation : operations) out.addOperations(OperationCodec.encode(operation));
        return out.build().toByteArray();
    }

    /// Returns the change that `bytes` hold.
    ///
    /// @throws Fault.Corrupt if they are none
    public static Change decode(byte[] bytes) {
        try {
            Stored.Change in = Stored.Change.parseFrom(bytes);
            return new Change(
                    new Modseq(in.getModseq()),
                    Instant.ofEpochMilli(in.getAtMillis()),
                    in.getEpoch(),
                    Sha256.wrap(in.getPrevious().toByteArray()),
                    in.getOperationsList().stream().map(OperationCodec::decode).toList());
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new Fault.Corrupt("Change unreadable", Map.of("bytes", bytes.length), e);
        }
    }
}
