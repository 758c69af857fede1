package casella.smtp;

/// A sender or recipient as written between angle brackets. RFC 5321 §4.1.2.
///
/// @param local  local part, quotes kept; empty for `<>`
/// @param domain domain or address literal; empty for `<>` and `<Postmaster>`
record Path(String local, String domain) {
    static final Path NULL = new Path("", "");

    boolean isNull() {
        return local.isEmpty();
    }

    /// Returns the address without brackets; empty for `<>`.
    String text() {
        return domain.isEmpty() ? local : local + "@" + domain;
    }

    /// Says whether it needs SMTPUTF8. RFC 6531 §3.2
    boolean ascii() {
        return text().chars().allMatch(c -> c < 0x80);
    }
}
