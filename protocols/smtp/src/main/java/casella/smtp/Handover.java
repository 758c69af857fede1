package casella.smtp;

import casella.base.Metric;
import casella.delivery.Content;
import casella.delivery.DeliveryOutcome;
import casella.delivery.Envelope;
import casella.delivery.Trace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What becomes of a message that is complete, whichever command brought it: it is refused, or had kept.
final class Handover {
    static final Reply TOO_SLOW = new Reply.Later(421, "4.4.2", "The message came too slowly");

    private Handover() {}

    /// Returns the reply to a message with nobody to send it to. RFC 5321 §3.3; RFC 2033 §4.2 for LMTP.
    static Reply nobody(Session session) {
        return session.door() == Door.LMTP
                ? new Reply.Refused(503, "5.5.1", "No recipient was taken")
                : new Reply.Refused(554, "5.5.1", "No recipient was taken");
    }

    /// Returns why what came so far is not taken, or null if it is.
    ///
    /// @param flawed whether a CR or LF stands alone in it
    static @Nullable Reply refusal(boolean flawed, Letter letter, Session session) {
        if (flawed) return count(session, "bare-line-end", Replies.BARE_LINE_END);
        if (letter.tooLarge()) return count(session, "too-large", Replies.TOO_LARGE);
        if (letter.noRoom()) return count(session, "no-room", Replies.NO_ROOM);
        if (letter.looped()) return count(session, "loop", Replies.LOOP);
        return null;
    }

    private static Reply count(Session session, String outcome, Reply reply) {
        session.metrics().add(Metric.SMTP_MESSAGES, 1, session.door().label(), outcome);
        return reply;
    }

    /// Returns `reply` as it is said of a message: for LMTP once for each recipient.
    static Reply forEach(Reply reply, State.Mailing state, Session session) {
        if (session.door() != Door.LMTP) return reply;
        return new Reply.Each(Collections.nCopies(state.recipients().size(), reply));
    }

    /// Has the message kept, and returns the reply.
    static Reply deliver(State.Mailing state, Letter letter, Session session) {
        String id = session.nextTransmission();
        var trace = new Trace(
                state.hello().name(),
                session.connection().peer().getAddress(),
                session.config().hostName(),
                session.with(state),
                id,
                session.clock().now(),
                session.door() == Door.SUBMISSION);
        var envelope =
                new Envelope(state.mail().sender().text(), state.recipients(), state.mail().options(),
                        state.client().submitter(), trace);
        Content content = letter;
        if (session.door() == Door.SUBMISSION) {
            Path sender = state.mail().sender();
            boolean named = sender.ascii() && !sender.domain().isEmpty();
            content = letter.completed(trace.at(), named ? sender.domain() : session.config().hostName());
        }
        List<DeliveryOutcome> outcomes = session.delivery().deliver(envelope, content);
        Reply reply = session.door() == Door.LMTP ? each(outcomes) : Replies.of(outcomes, id);
        boolean kept = outcomes.stream().anyMatch(DeliveryOutcome::accepted);
        if (kept) session.messageKept();
        session.metrics().add(Metric.SMTP_MESSAGES, 1, session.door().label(), kept ? "kept" : "not-kept");
        return reply;
    }

    private static Reply each(List<DeliveryOutcome> outcomes) {
        if (outcomes.size() == 1) return Replies.of(outcomes.getFirst());
        var replies = new ArrayList<Reply>(outcomes.size());
        for (DeliveryOutcome outcome : outcomes) replies.add(Replies.of(outcome));
        return new Reply.Each(replies);
    }
}
