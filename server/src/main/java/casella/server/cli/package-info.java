/// The command line.
///
/// Promises: exit code 0 done, 1 found something wrong, 2 bad usage, 3 not reachable; facts go to standard output (as
/// JSON with `--json`), everything else to standard error; with a server running every command goes through its socket,
/// without one the data folder is opened here under its lock, never beside a server.
/// Never: opens the engine or a vault itself.
/// Start reading at [Cli], then [Caller].
@NullMarked
package casella.server.cli;

import org.jspecify.annotations.NullMarked;
