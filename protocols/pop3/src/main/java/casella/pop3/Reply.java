package casella.pop3;

import org.jspecify.annotations.Nullable;

/// The first line of an answer. RFC 1939 §3; codes: RFC 2449 §8, RFC 3206.
///
/// @param code for programs; null for none
/// @param text for people; one line of ASCII
record Reply(boolean ok, @Nullable Code code, String text) {
    enum Code {
        SYS_TEMP("SYS/TEMP"),
        SYS_PERM("SYS/PERM"),
        AUTH("AUTH");

        private final String text;

        Code(String text) {
            this.text = text;
        }
    }

    static Reply ok(String text) {
        return new Reply(true, null, text);
    }

    static Reply error(String text) {
        return new Reply(false, null, text);
    }

    static Reply error(Code code, String text) {
        return new Reply(false, code, text);
    }

    /// Returns the line without its CRLF.
    String line() {
        return (ok ? "+OK " : "-ERR ") + (code == null ? "" : "[" + code.text + "] ") + text;
    }
}
