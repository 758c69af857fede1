package casella.message;

import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes the stored form of a [Summary]: a version byte, then `StoredSummary` of `summary.proto`,
/// fields in ascending order, so that equal summaries have equal bytes. [StoredReader] reads it.
/// Written by hand: decision 0021.
final class SummaryForm {
    /// The first version. The byte changes only when old code would misread new bytes; a field more
    /// is no new version.
    static final byte VERSION_1 = 1;

    private SummaryForm() {}

    static byte[] encode(Summary s) {
        return StoredWriter.bytes(
                VERSION_1,
                w -> {
                    w.message(1, e -> envelope(e, s.envelope()));
                    w.string(2, s.preview());
                    w.message(3, p -> part(p, s.root()));
                    w.bool(4, s.hasAttachment());
                    w.number(5, s.size());
                });
    }

    private static void envelope(StoredWriter w, Envelope e) throws IOException {
        w.optional(1, e.dateText());
        OffsetDateTime at = e.sentAt();
        if (at != null) {
            w.signed(2, at.toEpochSecond());
            w.signed(3, at.getOffset().getTotalSeconds());
        }
        w.optional(4, e.subjectText());
        w.optionalUnlessEqual(5, e.subject(), e.subjectText());
        addresses(w, 6, e.from());
        addresses(w, 7, e.sender());
        addresses(w, 8, e.replyTo());
        addresses(w, 9, e.to());
        addresses(w, 10, e.cc());
        addresses(w, 11, e.bcc());
        w.optional(12, e.inReplyToText());
        w.optional(13, e.messageIdText());
        w.strings(14, e.messageId());
        w.strings(15, e.inReplyTo());
        w.strings(16, e.references());
    }

    private static void addresses(StoredWriter w, int number, List<? extends Address> list)
            throws IOException {
        for (Address address : list) w.message(number, a -> address(a, address));
    }

    private static void address(StoredWriter w, Address address) throws IOException {
        switch (address) {
            case Address.Mailbox m -> {
                w.optional(1, m.name());
                w.optionalUnlessEqual(2, m.nameText(), m.name());
                w.string(3, m.local());
                w.string(4, m.domain());
            }
            case Address.Group g -> {
                w.optional(1, g.name());
                w.optionalUnlessEqual(2, g.nameText(), g.name());
                w.bool(5, true);
                addresses(w, 6, g.members());
            }
        }
    }

    private static void parameters(StoredWriter w, int number, List<Parameter> list)
            throws IOException {
        for (Parameter p : list) {
            w.message(
                    number,
                    f -> {
                        f.string(1, p.name());
                        f.string(2, p.value());
                    });
        }
    }

    private static void part(StoredWriter w, Part p) throws IOException {
        w.string(1, p.type());
        w.string(2, p.subtype());
        parameters(w, 3, p.parameters());
        w.optional(4, p.contentId());
        w.optional(5, p.description());
        w.string(6, p.encoding());
        disposition(w, p.disposition());
        w.strings(8, p.language());
        w.optional(9, p.location());
        w.optional(10, p.md5());
        w.number(11, p.headerOffset());
        w.number(12, p.headerLength());
        w.number(13, p.bodyOffset());
        w.number(14, p.bodyLength());
        w.number(15, p.lines());
        w.number(16, p.decodedSize());
        w.bool(17, p.opaque());
        for (Part child : p.children()) w.message(18, c -> part(c, child));
        Part.Nested nested = p.nested();
        if (nested != null) {
            w.message(19, e -> envelope(e, nested.envelope()));
            w.message(20, r -> part(r, nested.root()));
        }
    }

    private static void disposition(StoredWriter w, @Nullable Disposition disposition)
            throws IOException {
        if (disposition == null) return;
        w.message(
                7,
                d -> {
                    d.string(1, disposition.type());
                    parameters(d, 2, disposition.parameters());
                });
    }
}
