package casella.server.outgoing;

import casella.base.ArrivalId;
import casella.base.Clock;
import casella.base.Sha256;
import casella.delivery.Delivery;
import casella.delivery.Envelope;
import casella.delivery.Recipient;
import casella.delivery.Successes;
import casella.delivery.Trace;
import casella.relay.Report;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Tells senders who asked for it that their mail was delivered here. RFC 3461 §4.1
///
/// Mail that waits for its account counts as delivered: nothing but its owner's leaving keeps it from there any more.
final class Deliveries implements Successes {
    private final String hostName;
    private final Delivery delivery;
    private final Clock clock;

    Deliveries(String hostName, Delivery delivery, Clock clock) {
        this.hostName = hostName;
        this.delivery = delivery;
        this.clock = clock;
    }

    @Override
    public void tell(Envelope envelope, byte[] mail, List<Success> delivered) {
        tell(Report.Action.DELIVERED, "2.1.5", envelope, mail, delivered, false);
        tell(Report.Action.EXPANDED, "2.1.5", envelope, mail, delivered, true);
    }

    private void tell(
            Report.Action action, String status, Envelope envelope, byte[] mail, List<Success> delivered,
            boolean expanded) {
        var lines = new ArrayList<Report.Line>();
        for (Success one : delivered) {
            Recipient recipient = one.recipient();
            if (one.expanded() != expanded) continue;
            lines.add(new Report.Line(recipient.address(), recipient.wants().original(), status, "", ""));
        }
        if (lines.isEmpty()) return;
        // The same for the same transmission, so that it is brought once.
        String of = action + " " + envelope.trace().id() + " " + envelope.trace().at();
        ArrivalId id = ArrivalId.derived(
                envelope.trace().at().toEpochMilli(), Sha256.of(of.getBytes(StandardCharsets.US_ASCII)));
        var about = new Report.About(envelope.sender(), envelope.options(), envelope.trace().at(), mail);
        byte[] report = Report.write(hostName, action, about, lines, id.toString(), clock.now(), clock.now());
        delivery.report(envelope.sender(), id, new Trace(
                hostName, InetAddress.getLoopbackAddress(), hostName, "ESMTP", id.toString(), clock.now(),
                        true), report);
    }
}
