package casella.imap;

import casella.base.Fault;
import casella.message.Headers;
import casella.message.Part;
import casella.message.Range;
import casella.message.Section;
import casella.message.Summary;
import casella.message.TransferDecoding;
import casella.store.Account;
import casella.store.Body;
import casella.store.Email;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The bytes of one message that a FETCH needs, read at once: from the first to the last byte any item asks for.
///
/// @param offset of the first byte in the message
record Stretch(int offset, byte[] bytes) {
    /// What reading came to.
    sealed interface Read {
        record Have(Stretch stretch) implements Read {}

        /// The message is kept, and cannot be reached now.
        record Away(Fault why) implements Read {}

        /// No item needs bytes of this message.
        record Nothing() implements Read {}
    }

    static Read read(Account account, Email email, Summary summary, List<FetchItem> items) {
        int from = Integer.MAX_VALUE;
        int until = -1;
        for (FetchItem item : items) {
            Range range =
                    switch (item) {
                        case FetchItem.Bytes bytes -> range(bytes.section(), summary);
                        case FetchItem.Binary binary -> range(binary.section(), summary);
                        case FetchItem.BinarySize _, FetchItem.Known _ -> null;
                    };
            if (range == null) continue;
            from = Math.min(from, range.offset());
            until = Math.max(until, range.end());
        }
        if (until < 0) return new Read.Nothing();
        if (until == from) return new Read.Have(new Stretch(from, new byte[0]));
        boolean whole = from == 0 && until == summary.size();
        Body body = whole ? account.body(email) : account.body(email, from, until);
        return switch (body) {
            case Body.Present(byte[] bytes) -> new Read.Have(new Stretch(whole ? 0 : from, bytes));
            case Body.Unavailable(Fault why) -> new Read.Away(why);
        };
    }

    /// Returns the bytes of the section; null when the message has none. RFC 9051 §6.4.5.
    byte @Nullable [] content(SectionSpec spec, Summary summary) {
        Range range = range(spec, summary);
        if (range == null) return null;
        Range here = new Range(range.offset() - offset, range.length());
        return switch (spec.text()) {
            case WHOLE, HEADER, TEXT, MIME ->
                    here.offset() == 0 && here.length() == bytes.length ? bytes : here.in(bytes);
            case HEADER_FIELDS -> Headers.filtered(bytes, here, new HashSet<>(spec.fields()), false);
            case HEADER_FIELDS_NOT -> Headers.filtered(bytes, here, new HashSet<>(spec.fields()), true);
        };
    }

    /// Returns the section without its transfer encoding; null when the message has none.
    TransferDecoding.@Nullable Decoded decoded(SectionSpec spec, Summary summary) {
        Range range = range(spec, summary);
        if (range == null) return null;
        Part part = spec.part().isEmpty() ? null : summary.part(number(spec));
        String encoding = part == null ? null : part.encoding();
        return TransferDecoding.decode(bytes, range.offset() - offset, range.length(), encoding);
    }

    /// Returns how many bytes [#decoded] gives; 0 when the message has no such part.
    static int decodedSize(Summary summary, SectionSpec spec) {
        if (spec.part().isEmpty()) return summary.size();
        Part part = summary.part(number(spec));
        return part == null ? 0 : part.decodedSize();
    }

    private static @Nullable Range range(SectionSpec spec, Summary summary) {
        Section.What what =
                switch (spec.text()) {
                    case WHOLE -> Section.What.ALL;
                    case HEADER, HEADER_FIELDS, HEADER_FIELDS_NOT -> Section.What.HEADER;
                    case TEXT -> Section.What.TEXT;
                    case MIME -> Section.What.MIME;
                };
        return new Section(number(spec), what).in(summary);
    }

    private static String number(SectionSpec spec) {
        return spec.part().stream().map(String::valueOf).collect(Collectors.joining("."));
    }
}
