package casella.imap;

/// Which edition of IMAP a connection speaks; it changes once, by ENABLE. RFC 9051 §6.3.1.
enum Dialect {
    /// IMAP4rev1: mailbox names in modified UTF-7, SEARCH answers with SEARCH. RFC 3501.
    REV1,
    /// IMAP4rev2: UTF-8 everywhere, SEARCH answers with ESEARCH. RFC 9051.
    REV2
}
