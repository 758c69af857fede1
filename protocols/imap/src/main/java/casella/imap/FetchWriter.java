package casella.imap;

import casella.base.Fault;
import casella.message.Summary;
import casella.message.TransferDecoding;
import casella.store.Email;
import casella.store.Placement;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes the FETCH answers of one command. RFC 9051 §7.5.2.
final class FetchWriter {
    private final State.Selected state;
    private final List<FetchItem> items;
    private final FetchRow.Needs needs;
    private final Output out;
    private @Nullable Fault away;

    FetchWriter(State.Selected state, List<FetchItem> items, Output out) {
        this.state = state;
        this.items = items;
        this.out = out;
        boolean bytes = items.stream().anyMatch(item -> !(item instanceof FetchItem.Known));
        this.needs = new FetchRow.Needs(
                bytes || items.contains(FetchItem.Known.THREADID),
                bytes
                        || items.contains(FetchItem.Known.ENVELOPE)
                        || items.contains(FetchItem.Known.BODY)
                        || items.contains(FetchItem.Known.BODYSTRUCTURE)
                        || items.contains(FetchItem.Known.PREVIEW));
    }

    FetchRow.Needs needs() {
        return needs;
    }

    /// Returns why bytes of some message could not be had, null if all could.
    @Nullable Fault away() {
        return away;
    }

    /// Writes the answer for one message; says whether that makes it \Seen.
    boolean write(FetchRow row) throws IOException {
        // Bytes first: once the answer is begun there is no way to say that they are away.
        Stretch stretch = null;
        boolean bytesAway = false;
        if (row.summary() != null && row.email() != null) {
            switch (Stretch.read(state.account(), row.email(), row.summary(), items)) {
                case Stretch.Read.Have(Stretch have) -> stretch = have;
                case Stretch.Read.Away(Fault why) -> {
                    away = why;
                    bytesAway = true;
                }
                case Stretch.Read.Nothing _ -> {}
            }
        }
        out.text("* ").number(row.index() + 1).text(" FETCH (");
        boolean first = true;
        boolean seen = false;
        for (FetchItem item : items) {
            if (bytesAway && (item instanceof FetchItem.Bytes || item instanceof FetchItem.Binary)) continue;
            if (!first) out.text(" ");
            first = false;
            item(item, row, stretch);
            seen |= item.marksSeen();
        }
        // An answer without any item is none.
        if (first) item(FetchItem.Known.UID, row, null);
        out.text(")").end();
        return seen && !row.placement().keywords().has(casella.store.Keywords.SEEN);
    }

    private void item(FetchItem item, FetchRow row, @Nullable Stretch stretch) throws IOException {
        switch (item) {
            case FetchItem.Known known -> known(known, row);
            case FetchItem.Bytes bytes -> {
                out.text(bytes.answer());
                bytes(bytes, summary(row), stretch);
            }
            case FetchItem.Binary binary -> binary(binary, summary(row), stretch);
            case FetchItem.BinarySize(SectionSpec section) ->
                    out.text("BINARY.SIZE" + section.wire() + " ").number(Stretch.decodedSize(summary(row), section));
        }
    }

    private void known(FetchItem.Known item, FetchRow row) throws IOException {
        Placement placement = row.placement();
        switch (item) {
            case BODY -> StructureText.write(summary(row).root(), false, out.text("BODY "));
            case BODYSTRUCTURE -> StructureText.write(summary(row).root(), true, out.text("BODYSTRUCTURE "));
            case EMAILID -> out.text("EMAILID (" + placement.email() + ")");
            case ENVELOPE -> EnvelopeText.write(summary(row).envelope(), out.text("ENVELOPE "));
            case FLAGS -> {
                state.selection().note(row.index(), placement.keywords());
                out.text("FLAGS " + Flags.text(placement.keywords()));
            }
            case INTERNALDATE -> out.text("INTERNALDATE \"" + ImapDate.format(placement.received()) + "\"");
            case MODSEQ -> out.text("MODSEQ (" + placement.modseq() + ")");
            case PREVIEW -> out.text("PREVIEW ").string(summary(row).preview());
            case RFC822_SIZE -> out.text("RFC822.SIZE " + placement.size());
            case SAVEDATE -> out.text("SAVEDATE \"" + ImapDate.format(placement.saved()) + "\"");
            case THREADID -> out.text("THREADID (" + email(row).thread() + ")");
            case UID -> out.text("UID " + placement.uid());
        }
    }

    private void bytes(FetchItem.Bytes item, Summary summary, @Nullable Stretch stretch) throws IOException {
        byte[] content = stretch == null ? null : stretch.content(item.section(), summary);
        FetchItem.Partial partial = item.partial();
        if (partial == null) {
            if (content == null) out.text(" NIL");
            else out.text(" ").literal(content);
            return;
        }
        out.text("<" + partial.offset() + "> ");
        if (content == null) out.text("NIL");
        else cut(content, partial, false);
    }

    /// Writes what of `content` lies in `partial`; nothing of it is an empty string. RFC 9051 §6.4.5.
    private void cut(byte[] content, FetchItem.Partial partial, boolean binary) throws IOException {
        int from = (int) Math.min(partial.offset(), content.length);
        int count = (int) Math.min(partial.count(), content.length - from);
        if (count == 0) out.text("\"\"");
        else if (binary) out.literal8(content, from, count);
        else out.literal("", content, from, count);
    }

    private void binary(FetchItem.Binary item, Summary summary, @Nullable Stretch stretch) throws IOException {
        out.text("BINARY" + item.section().wire());
        FetchItem.Partial partial = item.partial();
        if (partial != null) out.text("<" + partial.offset() + ">");
        TransferDecoding.Decoded decoded = stretch == null ? null : stretch.decoded(item.section(), summary);
        out.text(" ");
        if (decoded == null) out.text("NIL");
        else if (partial == null) out.literal8(decoded.bytes(), 0, decoded.bytes().length);
        else cut(decoded.bytes(), partial, true);
    }

    private static Summary summary(FetchRow row) {
        Summary summary = row.summary();
        if (summary == null) throw noRow(row, "summary");
        return summary;
    }

    private static Email email(FetchRow row) {
        Email email = row.email();
        if (email == null) throw noRow(row, "email");
        return email;
    }

    /// A placement without its email is an inconsistency of the store, not of the client.
    private static Fault.Corrupt noRow(FetchRow row, String what) {
        return new Fault.Corrupt("Placement without its email", Map.of("arrival", row.placement().email(), "row", what));
    }
}
