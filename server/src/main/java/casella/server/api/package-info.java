/// The operations API: health, metrics, status and debt over HTTP, for operators and their programs.
///
/// Promises: every endpoint is in one table, from which both the routes and the OpenAPI document are made; answers come
/// from memory and never wait for a disk; nothing here changes anything or names an account or an address.
/// Never: asks who is asking: it listens on loopback unless told otherwise, and is not for the open network.
/// Start reading at [Endpoint], then [OperationsApi].
@NullMarked
package casella.server.api;

import org.jspecify.annotations.NullMarked;
