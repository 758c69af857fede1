/// Mail as bytes and as meaning: structure, headers, addresses, text, and mail we write ourselves.
///
/// Lives here: [Summary] and what it is made of ([Envelope], [Part], [Address]); [Section] (which
/// bytes an IMAP section names); [Headers]; decoding ([Words], [TransferDecoding], [Charsets],
/// [BodyValue]); [BodyLists]; [BaseSubject]; [Draft].
///
/// Promises: pure functions of bytes, safe from any thread. Reading is total: no bytes make it
/// throw, and its time and memory are bounded by named constants; what lies beyond a limit becomes
/// an opaque part, never an error. Every offset lies inside the mail.
///
/// Never: opens anything, changes a byte of a mail, logs, or keeps a mail after the call.
///
/// Start reading at [Summary], then [Structure].
///
/// RFC 5322, RFC 2045, RFC 2046, RFC 2047, RFC 2231, RFC 2183, RFC 7103; for its callers RFC 9051
/// §6.4.5, RFC 8621 §4.1 and RFC 5256 §2.1. Stored form: `src/main/proto/summary.proto`.
@NullMarked
package casella.message;

import org.jspecify.annotations.NullMarked;
