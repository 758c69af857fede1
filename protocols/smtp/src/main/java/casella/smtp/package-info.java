/// SMTP in: one session engine behind three doors, the MX, submission and LMTP.
///
/// Promises: 250 after DATA is only said when delivery said kept; a message ends at CRLF `.` CRLF and nowhere else, or
/// with the last octet of its last chunk; one with a bare CR or LF is refused whole, unless it is BINARYMIME, which goes by BDAT alone; nothing said before TLS is believed after it; what a session holds in
/// memory is limited for each message and over all.
/// Never: stores, decides who exists, relays.
/// Start reading at [Session], then [Command], then a command: [Mail], [Rcpt], [Data], [Bdat].
/// RFCs: 5321 (SMTP), 2033 (LMTP), 6409 (submission), 3207 (STARTTLS), 4954 (AUTH), 1870 (SIZE), 2920 (PIPELINING),
/// 2034 and 3463 (enhanced codes), 6531 (SMTPUTF8), 3030 (CHUNKING, BINARYMIME), 3461 (DSN), 6710 (MT-PRIORITY).
@NullMarked
package casella.smtp;

import org.jspecify.annotations.NullMarked;
