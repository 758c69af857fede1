package casella.imap;

import casella.message.Disposition;
import casella.message.Parameter;
import casella.message.Part;
import java.io.IOException;
import java.util.List;

/// Writes BODY and BODYSTRUCTURE, which adds the extension data. RFC 9051 §7.5.2, §9 `body`.
final class StructureText {
    private StructureText() {}

    /// @param extended for BODYSTRUCTURE
    static void write(Part part, boolean extended, Output out) throws IOException {
        out.text("(");
        if (part.isMultipart()) multipart(part, extended, out);
        else single(part, extended, out);
        out.text(")");
    }

    private static void multipart(Part part, boolean extended, Output out) throws IOException {
        for (Part child : part.children()) write(child, extended, out);
        out.text(" ").string(part.subtype());
        if (!extended) return;
        parameters(part.parameters(), out.text(" "));
        place(part, out);
    }

    private static void single(Part part, boolean extended, Output out) throws IOException {
        out.string(part.type()).text(" ").string(part.subtype());
        boolean plain = part.type().equals("text") && part.parameters().stream().noneMatch(StructureText::isCharset);
        // RFC 2045 §5.2: text without a charset is US-ASCII, and clients expect to be told.
        if (plain && part.parameters().isEmpty()) out.text(" (\"charset\" \"us-ascii\")");
        else parameters(part.parameters(), out.text(" "));
        out.text(" ").string(part.contentId());
        out.text(" ").string(part.description());
        out.text(" ").string(part.encoding());
        out.text(" ").number(part.bodyLength());
        Part.Nested nested = part.nested();
        if (nested != null) {
            out.text(" ");
            EnvelopeText.write(nested.envelope(), out);
            out.text(" ");
            write(nested.root(), extended, out);
        }
        if (nested != null || part.type().equals("text")) out.text(" ").number(part.lines());
        if (!extended) return;
        out.text(" ").string(part.md5());
        place(part, out);
    }

    private static boolean isCharset(Parameter parameter) {
        return parameter.name().equalsIgnoreCase("charset");
    }

    /// Disposition, language, location: the tail of both kinds.
    private static void place(Part part, Output out) throws IOException {
        Disposition disposition = part.disposition();
        if (disposition == null) {
            out.text(" NIL");
        } else {
            out.text(" (").string(disposition.type()).text(" ");
            parameters(disposition.parameters(), out);
            out.text(")");
        }
        languages(part.language(), out);
        out.text(" ").string(part.location());
    }

    private static void languages(List<String> languages, Output out) throws IOException {
        if (languages.isEmpty()) {
            out.text(" NIL");
            return;
        }
        String before = " (";
        for (String language : languages) {
            out.text(before).string(language);
            before = " ";
        }
        out.text(")");
    }

    private static void parameters(List<Parameter> parameters, Output out) throws IOException {
        if (parameters.isEmpty()) {
            out.text("NIL");
            return;
        }
        String before = "(";
        for (Parameter parameter : parameters) {
            out.text(before).string(parameter.name()).text(" ").string(parameter.value());
            before = " ";
        }
        out.text(")");
    }
}
