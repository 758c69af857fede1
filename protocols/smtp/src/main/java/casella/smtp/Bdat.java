package casella.smtp;

import casella.base.Deadline;
import casella.message.envelope.Body;
import casella.smtp.Command.Turn;
import casella.wire.Taker;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// BDAT: brings a message, or a chunk of one, as so many octets. RFC 3030 §2.
///
/// Whatever the answer, the octets are read: they are never taken for commands. Where it cannot be told how many they
/// are, or they are far too many, the session ends.
///
/// @param octets how many follow the line
/// @param last   whether the message is complete with them
record Bdat(long octets, boolean last) implements Command.InAnyState {
    private static final String USAGE = "BDAT size, or BDAT size LAST";
    private static final Reply REFUSED_BEFORE =
            new Reply.Refused(503, "5.5.1", "This message is refused already, say RSET");

    /// `"BDAT" SP chunk-size [ SP "LAST" ]`
    static Bdat parse(Arguments in) {
        String size = in.next();
        String mark = in.next();
        boolean last = mark.equalsIgnoreCase("LAST");
        if (!size.matches("[0-9]{1,18}") || !(last || mark.isEmpty()) || !in.rest().isEmpty()) {
            throw Refusal.lost(new Reply.Refused(501, "5.5.4", USAGE));
        }
        return new Bdat(Long.parseLong(size), last);
    }

    @Override
    public Turn run(State state, Session session) throws IOException {
        if (octets > 2L * session.config().messageBytesMax()) return farTooLarge(session);
        return switch (state) {
            case State.Mailing mailing when !mailing.recipients().isEmpty() -> {
                var letter = new Letter(session.room(), session.config().messageBytesMax());
                boolean binary = mailing.mail().options().body() == Body.BINARY_MIME;
                yield chunk(new State.Chunking(mailing, new Chunks(letter, binary, session.dataDeadline())), session);
            }
            case State.Mailing _ -> thrownAway(state, Handover.nobody(session), session);
            case State.Chunking chunking when chunking.chunks().refused() != null -> {
                State next = chunking.chunks().late() ? new State.Over()
                        : last ? chunking.mailing().over() : chunking;
                yield thrownAway(next, REFUSED_BEFORE, session);
            }
            case State.Chunking chunking -> chunk(chunking, session);
            case State.Idle _ -> thrownAway(state, Replies.MAIL_FIRST, session);
            case State.Fresh _, State.Over _ -> thrownAway(state, session.helloFirst(), session);
        };
    }

    /// Nobody waits for so much to go by.
    private Turn farTooLarge(Session session) {
        session.brokenOff(552, Replies.TOO_LARGE.sentence());
        return new Turn(new State.Over(), Replies.TOO_LARGE);
    }

    private Turn thrownAway(State next, Reply reply, Session session) throws IOException {
        var away = new Away(octets, session.dataDeadline());
        session.connection().readTo(away);
        return away.left == 0 ? new Turn(next, reply) : new Turn(new State.Over(), Handover.TOO_SLOW);
    }

    /// Reads and forgets.
    private static final class Away implements Taker {
        private final Deadline deadline;
        private long left;
        private boolean late;

        Away(long octets, Deadline deadline) {
            this.left = octets;
            this.deadline = deadline;
        }

        @Override
        public boolean done() {
            return left == 0 || late;
        }

        @Override
        public int take(byte[] bytes, int from, int until) {
            late = deadline.over();
            int count = (int) Math.min(left, until - from);
            left -= count;
            return count;
        }
    }

    private Turn chunk(State.Chunking state, Session session) throws IOException {
        Chunks chunks = state.chunks();
        boolean heldOn = false;
        try {
            session.connection().readTo(chunks.new Chunk(octets));
            Turn turn = answer(state, session);
            heldOn = turn.next() == state;
            return turn;
        } finally {
            if (!heldOn) chunks.close();
        }
    }

    private Turn answer(State.Chunking state, Session session) {
        Chunks chunks = state.chunks();
        State.Mailing mailing = state.mailing();
        Reply refused = refusal(chunks, session);
        if (refused != null) {
            session.notTaken(mailing, refused.code(), refused.sentence(), chunks.letter().messageId());
            if (chunks.late() || chunks.letter().farTooLarge()) return new Turn(new State.Over(), refused);
            if (last) return new Turn(mailing.over(), Handover.forEach(refused, mailing, session));
            // What follows of it is thrown away until RSET or the last chunk: it may be on its way already.
            chunks.refuse(refused);
            return new Turn(state, refused);
        }
        if (!last) return new Turn(state, new Reply.Done(250, "2.0.0", octets + " octets taken"));
        return new Turn(mailing.over(), Handover.deliver(mailing, chunks.letter(), session));
    }

    private @Nullable Reply refusal(Chunks chunks, Session session) {
        Reply refused = Handover.refusal(chunks.flawed(last), chunks.letter(), session);
        return refused == null && chunks.late() ? Handover.TOO_SLOW : refused;
    }
}
