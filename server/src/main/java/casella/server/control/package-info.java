/// Where the command line and the server meet: the data folder and its lock, the orders, and the socket that carries them.
///
/// Promises: a data folder has one process at a time; an order does the same through the socket as in the folder itself;
/// the socket is for the folder's owner only (mode 0600) and takes bounded orders.
/// Never: listens on a network, writes a password into a log.
/// Start reading at [Operations], then [Order], then [ControlSocket]. The protocol: docs/formats/control-socket.md.
@NullMarked
package casella.server.control;

import org.jspecify.annotations.NullMarked;
