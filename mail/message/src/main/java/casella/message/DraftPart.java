package casella.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A part to be written.
public sealed interface DraftPart {

    Labels labels();

    /// What a part says about itself beside its type.
    ///
    /// @param disposition such as `inline` or `attachment`, or null
    /// @param name file name, any characters; written as `filename` (RFC 2231), and an attachment
    ///     without disposition becomes one
    /// @param cid Content-ID without angle brackets
    /// @param language tags
    /// @param location a URI
    /// @param fields others
    record Labels(
            @Nullable String disposition,
            @Nullable String name,
            @Nullable String cid,
            List<String> language,
            @Nullable String location,
            List<DraftField> fields) {
        public static final Labels NONE = new Labels(null, null, null, List.of(), null, List.of());

        public Labels {
            language = List.copyOf(language);
            fields = List.copyOf(fields);
        }

        public static Labels attachment(@Nullable String name) {
            return new Labels("attachment", name, null, List.of(), null, List.of());
        }

        public static Labels inline(String cid, @Nullable String name) {
            return new Labels("inline", name, cid, List.of(), null, List.of());
        }
    }

    /// Text, written in UTF-8. Its line ends, whichever they are, become CR LF.
    ///
    /// @param subtype such as `plain` or `html`
    record Text(String subtype, String text, Labels labels) implements DraftPart {}

    /// Anything else, written in base64.
    ///
    /// @param mediaType `type/subtype`; what is none becomes application/octet-stream. Not a
    ///     multipart or a message
    /// @param parameters of the type
    record Content(String mediaType, List<Parameter> parameters, byte[] bytes, Labels labels)
            implements DraftPart {
        public Content {
            parameters = List.copyOf(parameters);
        }

        public Content(String mediaType, byte[] bytes, Labels labels) {
            this(mediaType, List.of(), bytes, labels);
        }
    }

    /// A whole mail, written as it is (RFC 2046 §5.2.1 allows no other encoding).
    record Message(byte[] raw, Labels labels) implements DraftPart {}

    /// Parts together.
    ///
    /// @param subtype such as `mixed`, `alternative`, `related`, `report`
    /// @param parameters beside the boundary, such as `report-type`
    /// @param parts at least one
    record Multipart(
            String subtype, List<Parameter> parameters, List<DraftPart> parts, Labels labels)
            implements DraftPart {
        public Multipart {
            parameters = List.copyOf(parameters);
            parts = List.copyOf(parts);
            if (parts.isEmpty()) throw new IllegalArgumentException("multipart: without parts");
        }

        public Multipart(String subtype, List<DraftPart> parts) {
            this(subtype, List.of(), parts, Labels.NONE);
        }
    }
}
