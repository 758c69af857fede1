/// Whose mail it is: brands, domains, plans, accounts, aliases, credentials, and each account's face.
///
/// Promises: needs no engine and no vault; log-in and the acceptance of recipients go on from a local snapshot when the
/// database is gone ([Directory#condition()]); the password is never kept, only an argon2id hash and SCRAM-SHA-256
/// keys; the same time is taken for an account that exists and one that does not.
/// Never: speaks a protocol, opens a socket, logs a password or an address in clear.
/// Start reading at [Directory], then [Authenticator], then [Registrar]; [SqliteDirectory#open] makes all three.
/// RFCs: 5321 (addresses), 5233 (sub-addresses), 5890 (domains), 4013 (SASLprep), 5802 and 7677 (SCRAM), 9106 (argon2).
@NullMarked
package casella.directory;

import org.jspecify.annotations.NullMarked;
