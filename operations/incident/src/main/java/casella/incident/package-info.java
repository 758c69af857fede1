/// The incident desk: what people are told, what is recorded of it, what is owed.
///
/// Lives here: the desk's own database ([Desk]), incidents and who is told of them ([Incidents], [Publisher]). In rooms of their
/// own: the status pages (`status`), what did not work for whom (`availability`), the register of breaches (`breach`), what became of
/// mail (`losses`), what owners are given (`compensation`), complaints (`complaint`), the brand's signed messages (`voice`).
/// Promises: what is shown, recorded and answered here works with every engine and vault down; what was said when is kept and never edited.
/// Never: waits for the store where an incident is told or shown. What files messages, counts mail or reads the mailbox for
/// complaints does wait, behind, and says so.
/// Start reading at [Incidents].
@NullMarked
package casella.incident;

import org.jspecify.annotations.NullMarked;
