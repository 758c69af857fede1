/// JMAP: the API of the webmail and of clients that prefer JSON to lines. RFC 8620 (core), RFC
/// 8621 (mail).
///
/// Lives here: the HTTP endpoints (session, API, upload, download, push, the webmail's log-in and
/// its static files), one class for each method (`EmailGet`, `MailboxSet`), and what they share.
/// Promises: every limit the session object names is kept; a request that is refused says why in
/// the words of the RFC; a list of emails is answered from summaries with one call of the store
/// for a page. Never: opens storage by itself, trusts a header that a page of another origin could
/// set, puts a message's content or a password in the log.
/// Start reading at [casella.jmap.JmapServer], then [casella.jmap.Api], then
/// [casella.jmap.MailboxGet].
@NullMarked
package casella.jmap;

import org.jspecify.annotations.NullMarked;
