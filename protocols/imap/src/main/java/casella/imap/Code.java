package casella.imap;

import java.util.List;

/// What stands in brackets before the text of a reply, for programs to read. RFC 9051 §7.1.
sealed interface Code {
    /// Codes that are a word. RFC 9051 §7.1, RFC 5530 §3; TOOBIG: RFC 7889 §4.
    enum Word implements Code {
        ALERT,
        ALREADYEXISTS,
        AUTHENTICATIONFAILED,
        AUTHORIZATIONFAILED,
        CANNOT,
        CLIENTBUG,
        CLOSED,
        CONTACTADMIN,
        CORRUPTION,
        EXPIRED,
        EXPUNGEISSUED,
        HASCHILDREN,
        INUSE,
        LIMIT,
        NONEXISTENT,
        NOPERM,
        NOTSAVED,
        OVERQUOTA,
        PARSE,
        PRIVACYREQUIRED,
        SERVERBUG,
        TOOBIG,
        TRYCREATE,
        UIDNOTSTICKY,
        UNAVAILABLE,
        UNKNOWN_CTE;

        @Override
        public String text() {
            return name().replace('_', '-');
        }
    }

    /// `READ-ONLY` or `READ-WRITE`.
    record Access(boolean readOnly) implements Code {}

    /// @param capabilities in the order they are told
    record Capabilities(List<String> capabilities) implements Code {}

    /// @param name `UIDVALIDITY`, `UIDNEXT`, `HIGHESTMODSEQ`
    record Counter(String name, long number) implements Code {}

    /// @param name `MAILBOXID`: RFC 8474 §4.1
    record Id(String name, String id) implements Code {}

    record PermanentFlags(List<String> flags) implements Code {}

    record BadCharset(List<String> known) implements Code {}

    /// RFC 9051 §7.1 `APPENDUID`.
    record AppendUid(long uidValidity, String uids) implements Code {}

    /// @param from UIDs in the source, in the order of `to`. RFC 9051 §7.1 `COPYUID`
    record CopyUid(long uidValidity, String from, String to) implements Code {}

    /// @param set UIDs or message numbers that were not changed. RFC 7162 §3.1.3
    record Modified(String set) implements Code {}

    /// Returns the code without its brackets.
    default String text() {
        return switch (this) {
            case Word word -> word.text();
            case Access(boolean readOnly) -> readOnly ? "READ-ONLY" : "READ-WRITE";
            case Capabilities(var names) -> "CAPABILITY " + String.join(" ", names);
            case Counter(String name, long number) -> name + " " + number;
            case Id(String name, String id) -> name + " (" + id + ")";
            case PermanentFlags(var flags) -> "PERMANENTFLAGS (" + String.join(" ", flags) + ")";
            case BadCharset(var known) -> "BADCHARSET (" + String.join(" ", known) + ")";
            case AppendUid(long validity, String uids) -> "APPENDUID " + validity + " " + uids;
            case CopyUid(long validity, String from, String to) -> "COPYUID " + validity + " " + from + " "
                    + to;
            case Modified(String set) -> "MODIFIED " + set;
        };
    }
}
