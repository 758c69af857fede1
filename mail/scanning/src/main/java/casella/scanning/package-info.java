/// Asks programs beside this server what they think of a mail: rspamd whether it is spam, ClamAV's clamd whether it is malware.
///
/// [casella.scanning.Scanners] asks all there are, side by side, for a bounded time; whoever does not answer is passed over, and
/// nothing here ever keeps or refuses a mail. It never reads or changes an account. Start with `Scanners`, then
/// [casella.scanning.Rspamd] and [casella.scanning.Clamd]; what they say comes over [casella.scanning.Talks].
///
/// Sources: rspamd documentation, "Protocol" and "Controller worker"; clamd(8), "COMMANDS".
@NullMarked
package casella.scanning;

import org.jspecify.annotations.NullMarked;
