package casella.pop3;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads one command line, left to right. Throws [Syntax] where it does not fit. RFC 1939 §3, §9.
final class Arguments {
    private static final int DIGITS_MAX = 9;

    private final byte[] line;
    private int at;

    /// @param line without its line end
    Arguments(byte[] line) {
        this.line = line;
    }

    /// Returns the next word in upper case.
    String word() {
        int from = at;
        while (at < line.length && line[at] != ' ') at++;
        if (from == at) throw new Syntax("Expected a command");
        String word = new String(line, from, at - from, StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
        if (word.length() > 40 || !word.chars().allMatch(c -> c > ' ' && c < 0x7F)) throw new Syntax("Unknown command");
        return word;
    }

    /// Returns `command` if nothing follows; spaces at the end are forgiven.
    <T> T nothing(T command) {
        while (at < line.length && line[at] == ' ') at++;
        if (at < line.length) throw new Syntax("Unexpected argument");
        return command;
    }

    /// Returns the one number that follows: 1 or more.
    int onlyNumber() {
        return nothing(number());
    }

    /// Returns the one number that follows, null if nothing does.
    @Nullable Integer optionalNumber() {
        if (new String(line, at, line.length - at, StandardCharsets.ISO_8859_1).isBlank()) return null;
        return onlyNumber();
    }

    /// Returns the next number: 0 or more, at most nine digits.
    int number() {
        space();
        int from = at;
        int number = 0;
        while (at < line.length && line[at] >= '0' && line[at] <= '9') {
            if (at - from == DIGITS_MAX) throw new Syntax("Number too large");
            number = number * 10 + (line[at] - '0');
            at++;
        }
        if (from == at) throw new Syntax("Expected a number");
        return number;
    }

    boolean atEnd() {
        return at == line.length;
    }

    void space() {
        if (at >= line.length || line[at] != ' ') throw new Syntax("Expected an argument");
        at++;
    }

    /// Returns all that follows one space: a password may hold spaces. RFC 1939 §7 `PASS`.
    byte[] rest() {
        space();
        byte[] rest = java.util.Arrays.copyOfRange(line, at, line.length);
        if (rest.length == 0) throw new Syntax("Expected an argument");
        at = line.length;
        return rest;
    }

    String restText() {
        return new String(rest(), StandardCharsets.UTF_8);
    }

    /// The client's line does not follow the grammar.
    static final class Syntax extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Syntax(String message) {
            super(message, null, false, false);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }
}
