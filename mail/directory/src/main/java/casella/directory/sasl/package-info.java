/// Logging in by SASL: the server's side of each mechanism, without the protocol around it. RFC 4422.
///
/// Promises: every mechanism counts its failures where passwords do ([casella.directory.Authenticator]); a token is believed
/// only if a key of the configured file signed it for us, by an algorithm that cannot be turned around.
/// Never: reads from a connection, stores.
/// Start reading at [Mechanisms].
/// RFCs: 5802 and 7677 (SCRAM), 5929 and 9266 (channel bindings), 7628 (OAUTHBEARER), 7519 (JWT).
@NullMarked
package casella.directory.sasl;

import org.jspecify.annotations.NullMarked;
