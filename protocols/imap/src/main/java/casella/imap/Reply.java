package casella.imap;

import org.jspecify.annotations.Nullable;

/// The tagged answer to a command. RFC 9051 §7.1.
///
/// @param outcome OK, NO or BAD
/// @param code for programs; null for none
/// @param text for people; one line of ASCII
record Reply(Outcome outcome, @Nullable Code code, String text) {
    enum Outcome {
        OK,
        NO,
        BAD
    }

    static Reply ok(String text) {
        return new Reply(Outcome.OK, null, text);
    }

    static Reply ok(Code code, String text) {
        return new Reply(Outcome.OK, code, text);
    }

    static Reply no(Code code, String text) {
        return new Reply(Outcome.NO, code, text);
    }

    static Reply bad(String text) {
        return new Reply(Outcome.BAD, null, text);
    }

    static Reply bad(Code code, String text) {
        return new Reply(Outcome.BAD, code, text);
    }

    /// Returns the line without its CRLF.
    String line(String tag) {
        return tag + " " + outcome + " " + (code == null ? "" : "[" + code.text() + "] ") + text;
    }
}
