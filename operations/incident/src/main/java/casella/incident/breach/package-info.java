/// The register of personal data breaches: what GDPR Art. 33 and 34 ask to be written down, notified and told. Loss of availability and of
/// integrity are breaches as well (EDPB Guidelines 9/2022 on personal data breach notification under GDPR).
///
/// Lives here: a breach as the list of what was noted of it ([Breach], [Note]), the register in the desk's database ([Breaches]), the
/// clock of 72 hours ([Clock72]), and the document for the authority ([BreachPdf]).
/// Promises: nothing that was noted is changed or removed; who became aware when is always stated; numbers say how they were counted.
/// Never: decides anything. It writes down who decided what and why.
/// Start reading at [Note], then [Breach].
@NullMarked
package casella.incident.breach;

import org.jspecify.annotations.NullMarked;
