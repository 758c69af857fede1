package casella.smtp;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// A command line, read from left to right. RFC 5321 §4.1.1, §4.1.2.
final class Arguments {
    private static final int PARAMETERS_MAX = 20;

    private final String line;
    private int at;

    Arguments(String line) {
        this.line = line;
    }

    /// Returns the verb in upper case. Verbs are told apart without case (RFC 5321 §2.4).
    String verb() {
        int end = line.indexOf(' ');
        if (end < 0) end = line.length();
        at = end;
        return line.substring(0, end).toUpperCase(Locale.ROOT);
    }

    /// Returns what is left, spaces at both ends taken off.
    String rest() {
        String rest = line.substring(at).strip();
        at = line.length();
        return rest;
    }

    /// @throws Refusal unless nothing is left. White space at the end is forgiven (RFC 5321 §4.1.1)
    void end(String verb) {
        if (!rest().isEmpty()) throw new Refusal(Reply.noArgument(verb));
    }

    /// Skips spaces and `word` (`FROM:`), compared without case, and the spaces after it that many clients send.
    void word(String word, String usage) {
        skipSpaces();
        if (!line.regionMatches(true, at, word, 0, word.length())) throw new Refusal(501, "5.5.4", usage);
        at += word.length();
        skipSpaces();
    }

    /// Returns the next part up to a space, empty at the end.
    String next() {
        skipSpaces();
        int end = line.indexOf(' ', at);
        if (end < 0) end = line.length();
        String next = line.substring(at, end);
        at = end;
        return next;
    }

    private void skipSpaces() {
        while (at < line.length() && line.charAt(at) == ' ') at++;
    }

    /// Reads a path.
    ///
    /// @param enhanced the code for one that is wrong: 5.1.7 for a sender, 5.1.3 for a recipient
    Path path(String enhanced) {
        var reader = new PathReader(line, at, enhanced);
        Path path = reader.path();
        at = reader.end();
        if (at < line.length() && line.charAt(at) != ' ') throw new Refusal(501, enhanced, "A space must follow >");
        return path;
    }

    /// Reads the parameters: `SIZE=1000 BODY=8BITMIME`. Keywords come in upper case; a keyword without `=` has the value
    /// `""`.
    Map<String, String> parameters() {
        var parameters = new LinkedHashMap<String, String>();
        for (String next = next(); !next.isEmpty(); next = next()) {
            int equals = next.indexOf('=');
            String keyword = (equals < 0 ? next : next.substring(0, equals)).toUpperCase(Locale.ROOT);
            String value = equals < 0 ? "" : next.substring(equals + 1);
            boolean fits = keyword.matches("[A-Z0-9][A-Z0-9-]*") && value.chars().allMatch(c -> c > ' ' && c != 0x7F);
            if (!fits || (equals >= 0 && value.isEmpty())) {
                throw new Refusal(501, "5.5.4", "A parameter is not KEYWORD or KEYWORD=value");
            }
            if (parameters.put(keyword, value) != null) throw new Refusal(501, "5.5.4", keyword + " is given twice");
            if (parameters.size() > PARAMETERS_MAX) throw new Refusal(501, "5.5.4", "Too many parameters");
        }
        return parameters;
    }
}
