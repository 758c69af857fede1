package casella.imap;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One thing FETCH can tell of a message. RFC 9051 §6.4.5, §9 `fetch-att`.
sealed interface FetchItem {
    /// What is answered from the row and the summary, without opening the message.
    enum Known implements FetchItem {
        BODY,
        BODYSTRUCTURE,
        EMAILID,
        ENVELOPE,
        FLAGS,
        INTERNALDATE,
        MODSEQ,
        PREVIEW,
        RFC822_SIZE,
        SAVEDATE,
        THREADID,
        UID
    }

    /// Bytes of the message.
    ///
    /// @param answer how the answer names it: `BODY[TEXT]`, `RFC822.HEADER`
    /// @param peek whether \Seen stays as it is
    record Bytes(String answer, SectionSpec section, @Nullable Partial partial, boolean peek) implements FetchItem {}

    /// Bytes of a part without its transfer encoding. RFC 9051 §6.4.5 `BINARY`.
    record Binary(SectionSpec section, @Nullable Partial partial, boolean peek) implements FetchItem {}

    /// How many bytes [Binary] would give. RFC 9051 §6.4.5 `BINARY.SIZE`.
    record BinarySize(SectionSpec section) implements FetchItem {}

    /// @param offset first byte, 0-based
    /// @param count bytes wanted, 1 or more
    record Partial(long offset, long count) {}

    int ITEMS_MAX = 500;

    /// Says whether answering this item makes the message \Seen.
    default boolean marksSeen() {
        return switch (this) {
            case Known _, BinarySize _ -> false;
            case Bytes b -> !b.peek;
            case Binary b -> !b.peek;
        };
    }

    /// The macros, one item, or a list of items.
    static List<FetchItem> parse(Arguments in) {
        var items = new ArrayList<FetchItem>();
        if (in.skip('(')) {
            do {
                if (items.size() == ITEMS_MAX) throw new Arguments.Syntax("too many items");
                items.add(item(in, in.name()));
            } while (in.skip(' '));
            in.close();
            return List.copyOf(items);
        }
        String name = in.name();
        return switch (name) {
            case "ALL" -> List.of(Known.FLAGS, Known.INTERNALDATE, Known.RFC822_SIZE, Known.ENVELOPE);
            case "FAST" -> List.of(Known.FLAGS, Known.INTERNALDATE, Known.RFC822_SIZE);
            case "FULL" -> List.of(Known.FLAGS, Known.INTERNALDATE, Known.RFC822_SIZE, Known.ENVELOPE, Known.BODY);
            default -> List.of(item(in, name));
        };
    }

    private static FetchItem item(Arguments in, String name) {
        return switch (name) {
            case "BODY" -> in.next('[') ? bytes(in, false) : Known.BODY;
            case "BODY.PEEK" -> bytes(in, true);
            case "BINARY" -> new Binary(SectionSpec.parseBinary(in), partial(in), false);
            case "BINARY.PEEK" -> new Binary(SectionSpec.parseBinary(in), partial(in), true);
            case "BINARY.SIZE" -> new BinarySize(SectionSpec.parseBinary(in));
            case "RFC822" -> new Bytes("RFC822", SectionSpec.WHOLE, null, false);
            case "RFC822.HEADER" -> new Bytes("RFC822.HEADER", SectionSpec.HEADER, null, true);
            case "RFC822.TEXT" -> new Bytes("RFC822.TEXT", SectionSpec.TEXT, null, false);
            case "RFC822.SIZE" -> Known.RFC822_SIZE;
            case "PREVIEW" -> preview(in);
            case "BODYSTRUCTURE", "EMAILID", "ENVELOPE", "FLAGS", "INTERNALDATE", "MODSEQ", "SAVEDATE", "THREADID",
                    "UID" -> Known.valueOf(name);
            default -> throw new Arguments.Syntax("unknown item");
        };
    }

    private static FetchItem bytes(Arguments in, boolean peek) {
        SectionSpec section = SectionSpec.parse(in);
        return new Bytes("BODY" + section.wire(), section, partial(in), peek);
    }

    private static @Nullable Partial partial(Arguments in) {
        if (!in.skip('<')) return null;
        long offset = in.number64();
        in.take('.');
        long count = in.number64();
        if (count == 0) throw new Arguments.Syntax("partial of 0 bytes");
        in.take('>');
        return new Partial(offset, count);
    }

    /// `PREVIEW (LAZY)` is the same to us: previews are made at delivery. RFC 8970 §3.1.
    private static FetchItem preview(Arguments in) {
        if (in.skip(" (")) {
            if (!in.word().equals("LAZY")) throw new Arguments.Syntax("unknown modifier of PREVIEW");
            in.close();
        }
        return Known.PREVIEW;
    }
}
