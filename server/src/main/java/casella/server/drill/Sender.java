package casella.server.drill;

import casella.delivery.Admission;
import casella.delivery.Content;
import casella.delivery.Delivery;
import casella.delivery.Envelope;
import casella.delivery.Trace;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Sends a small mail such as people wait for (a code) to the drill's own account again and again, by the way all mail
/// comes. For one virtual thread.
final class Sender implements Runnable {
    private final OwnAccount own;
    private final String name;
    private final long everyMillis;
    private final Scene scene;
    private final Measured measured;

    /// @param name of the drill and its time: makes subjects that come but once
    /// @param everyMillis a mail is sent
    Sender(OwnAccount own, String name, long everyMillis, Scene scene, Measured measured) {
        this.own = own;
        this.name = name;
        this.everyMillis = everyMillis;
        this.scene = scene;
        this.measured = measured;
    }

    @Override
    public void run() {
        int count = 0;
        do {
            count++;
            String subject = "Your verification code %s-%04d".formatted(name, count);
            long at = measured.now();
            boolean accepted = send(subject);
            long now = measured.now();
            if (accepted) measured.accepted.put(subject, now);
            else measured.refused.incrementAndGet();
            var result = accepted ? Sample.Result.RIGHT : Sample.Result.FAILED;
            var place = scene.place().apply(own.id());
            measured.add(new Sample(Sample.Kind.MAIL, 1, at, now - at, result, place));
        } while (!measured.rested(everyMillis));
    }

    private boolean send(String subject) {
        byte[] message = message(subject);
        Delivery delivery = scene.delivery();
        // One that nobody has in memory: the directory is asked each time.
        String detail = subject.substring(subject.lastIndexOf('-') + 1);
        Admission admission = delivery.admit(own.detailed(detail), message.length);
        if (!(admission instanceof Admission.Admitted(var recipient))) return false;
        var trace = new Trace("casella-drill", InetAddress.getLoopbackAddress(), scene.hostname(), "LMTP",
                subject.substring(subject.lastIndexOf(' ') + 1), scene.clock().now(), true);
        var envelope = new Envelope("noreply@" + own.domain(), List.of(recipient), trace);
        return delivery.deliver(envelope, Content.of(message)).getFirst().accepted();
    }

    private byte[] message(String subject) {
        String text =
                """
                From: Casella drill <noreply@%s>
                To: <%s>
                Subject: %s
                Auto-Submitted: auto-generated

                A drill of this server sent this mail to itself. Nobody needs to do anything.
                """
                        .formatted(own.domain(), own.address(), subject);
        return text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    }
}
