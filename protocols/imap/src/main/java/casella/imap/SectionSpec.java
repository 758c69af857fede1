package casella.imap;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Which bytes of a message `BODY[…]` asks for. RFC 9051 §6.4.5, §9 `section-spec`.
///
/// @param part numbers of the parts on the way down, `1.2`; empty for the message itself
/// @param text what of that part
/// @param fields for the two kinds that select header fields, as written; else empty
record SectionSpec(List<Integer> part, Text text, List<String> fields) {
    static final SectionSpec WHOLE = new SectionSpec(List.of(), Text.WHOLE, List.of());
    static final SectionSpec HEADER = new SectionSpec(List.of(), Text.HEADER, List.of());
    static final SectionSpec TEXT = new SectionSpec(List.of(), Text.TEXT, List.of());

    /// Deeper than any message we take apart; more is answered as a part that is not there.
    private static final int DEPTH_MAX = 200;
    private static final int FIELDS_MAX = 500;

    enum Text {
        WHOLE,
        HEADER,
        HEADER_FIELDS,
        HEADER_FIELDS_NOT,
        TEXT,
        MIME
    }

    SectionSpec {
        part = List.copyOf(part);
        fields = List.copyOf(fields);
    }

    /// `section`: `[` to `]`.
    static SectionSpec parse(Arguments in) {
        in.take('[');
        if (in.skip(']')) return WHOLE;
        var part = new ArrayList<Integer>();
        if (!part(in, part) && in.skip(']')) return new SectionSpec(part, Text.WHOLE, List.of());
        String name = in.name();
        SectionSpec spec =
                switch (name) {
                    case "HEADER" -> new SectionSpec(part, Text.HEADER, List.of());
                    case "HEADER.FIELDS" -> new SectionSpec(part, Text.HEADER_FIELDS, fields(in));
                    case "HEADER.FIELDS.NOT" -> new SectionSpec(part, Text.HEADER_FIELDS_NOT, fields(in));
                    case "TEXT" -> new SectionSpec(part, Text.TEXT, List.of());
                    case "MIME" -> mime(part);
                    default -> throw new Arguments.Syntax("unknown section");
                };
        in.take(']');
        return spec;
    }

    /// `section-binary`: part numbers alone. RFC 9051 §9.
    static SectionSpec parseBinary(Arguments in) {
        in.take('[');
        var part = new ArrayList<Integer>();
        if (part(in, part)) throw in.expected("a part number");
        in.take(']');
        return new SectionSpec(part, Text.WHOLE, List.of());
    }

    /// Takes `1.2` of `1.2]` and `1.2.` of `1.2.MIME`; says whether a name must follow.
    private static boolean part(Arguments in, List<Integer> part) {
        boolean more = part.isEmpty() && !in.nextDigit() && !in.next(']');
        while (in.nextDigit()) {
            long number = in.positive();
            if (part.size() == DEPTH_MAX) throw new Arguments.Syntax("part number too deep");
            part.add((int) Math.min(number, Integer.MAX_VALUE));
            more = in.skip('.');
            if (!more) break;
        }
        return more;
    }

    private static SectionSpec mime(List<Integer> part) {
        if (part.isEmpty()) throw new Arguments.Syntax("MIME needs a part number");
        return new SectionSpec(part, Text.MIME, List.of());
    }

    private static List<String> fields(Arguments in) {
        var fields = new ArrayList<String>();
        in.space();
        in.open();
        do {
            if (fields.size() == FIELDS_MAX) throw new Arguments.Syntax("too many header fields");
            fields.add(in.astring());
        } while (in.skip(' '));
        in.close();
        return fields;
    }

    /// Returns the section as the answer repeats it, brackets included; names of fields in upper case as asked.
    String wire() {
        var out = new StringBuilder("[");
        out.append(part.stream().map(String::valueOf).collect(Collectors.joining(".")));
        if (text == Text.WHOLE) return out.append(']').toString();
        if (!part.isEmpty()) out.append('.');
        out.append(text.name().replace('_', '.'));
        if (!fields.isEmpty()) {
            out.append(fields.stream().map(SectionSpec::field).collect(Collectors.joining(" ", " (", ")")));
        }
        return out.append(']').toString();
    }

    private static String field(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        boolean atom = !upper.isEmpty() && upper.chars().allMatch(c -> c > ' ' && c < 0x7F && "(){%*\"\\]".indexOf(c) < 0);
        return atom ? upper : Quoted.of(upper);
    }
}
