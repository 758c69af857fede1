package casella.smtp;

import casella.base.Metric;
import casella.delivery.Content;
import casella.delivery.DeliveryOutcome;
import casella.delivery.Envelope;
import casella.delivery.Trace;
import casella.smtp.Command.Turn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// DATA: takes the message and has it kept. RFC 5321 §4.1.1.4; for LMTP RFC 2033 §4.2.
record Data() implements Command.WhenMailing {
    private static final Reply TOO_SLOW = new Reply.Later(421, "4.4.2", "The message came too slowly");

    static Data parse(Arguments in) {
        in.end("DATA");
        return new Data();
    }

    @Override
    public Turn run(State.Mailing state, Session session) throws IOException {
        if (state.recipients().isEmpty()) {
            // RFC 5321 §3.3, RFC 2033 §4.2; a client that pipelines learns here that nobody was taken.
            return new Turn(
                    state,
                    session.door() == Door.LMTP
                            ? new Reply.Refused(503, "5.5.1", "No recipient was taken")
                            : new Reply.Refused(554, "5.5.1", "No recipient was taken"));
        }
        session.say(new Reply.GoOn(354, "Send the message, end with a line of one dot"));
        try (Letter letter = new Letter(session.room(), session.config().messageBytesMax())) {
            var stream = new DotStream(letter, session.dataDeadline());
            session.connection().readTo(stream);
            Reply refused = refusal(stream, letter, session);
            if (stream.gaveUp() && refused == null) refused = TOO_SLOW;
            if (refused != null) {
                session.notTaken(state, refused.code(), refused.sentence(), letter.messageId());
                return stream.gaveUp() ? new Turn(new State.Over(), refused)
                        : new Turn(state.over(), forEach(refused, state, session));
            }
            return new Turn(state.over(), deliver(state, letter, session));
        }
    }

    /// Returns why the message is not taken, or null if it is.
    private static @Nullable Reply refusal(DotStream stream, Letter letter, Session session) {
        if (stream.flawed()) return count(session, "bare-line-end", Replies.BARE_LINE_END);
        if (letter.tooLarge()) return count(session, "too-large", Replies.TOO_LARGE);
        if (letter.noRoom()) return count(session, "no-room", Replies.NO_ROOM);
        if (letter.looped()) return count(session, "loop", Replies.LOOP);
        return null;
    }

    private static Reply count(Session session, String outcome, Reply reply) {
        session.metrics().add(Metric.SMTP_MESSAGES, 1, session.door().label(), outcome);
        return reply;
    }

    private static Reply forEach(Reply reply, State.Mailing state, Session session) {
        if (session.door() != Door.LMTP) return reply;
        return new Reply.Each(Collections.nCopies(state.recipients().size(), reply));
    }

    private static Reply deliver(State.Mailing state, Letter letter, Session session) {
        String id = session.nextTransmission();
        var trace = new Trace(
                state.hello().name(),
                session.connection().peer().getAddress(),
                session.config().hostName(),
                session.with(state),
                id,
                session.clock().now(),
                session.door() == Door.SUBMISSION);
        var envelope = new Envelope(state.mail().sender().text(), state.recipients(), trace);
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
