package casella.imap;

import casella.message.Summary;
import casella.store.Keywords;
import casella.store.Mailbox;
import casella.store.NewEmail;
import casella.store.Outcome;
import casella.store.Placement;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// APPEND: puts a message into a mailbox. RFC 9051 §6.3.12.
///
/// @param received null for now
/// @param content the message as sent, 1 byte to `imap.message-bytes-max`
record Append(String name, Keywords keywords, @Nullable Instant received, byte[] content)
        implements Command.WithAccount {

    /// `"APPEND" SP mailbox [SP flag-list] [SP date-time] SP literal`. RFC 9051 §9.
    static Append parse(Arguments in) {
        in.space();
        String name = in.mailboxName();
        in.space();
        List<String> flags = List.of();
        if (in.next('(')) {
            flags = in.flagList();
            in.space();
        }
        Instant received = null;
        if (in.next('"')) {
            received = ImapDate.dateTime(in);
            in.space();
        }
        byte[] content = in.literal();
        in.end();
        if (content.length == 0) throw new Arguments.Syntax("empty message");
        return new Append(name, Flags.keywords(flags), received, content);
    }

    @Override
    public Turn run(State.WithAccount state, Client client) throws IOException {
        Mailbox mailbox = state.account().mailbox(name);
        if (mailbox == null) return new Turn(state, Reply.no(Code.Word.TRYCREATE, "No such mailbox"));
        Summary summary = client.onCpu(content.length, () -> Summary.of(content));
        Instant at = received == null ? client.now() : received;
        var email = new NewEmail(content, summary, at, "", "", List.of(mailbox.id()), keywords);
        Reply reply =
                switch (state.account().add(email)) {
                    case Outcome.Kept(_, List<Placement> placements) ->
                            Reply.ok(
                                    new Code.AppendUid(mailbox.uidValidity(),
                                            placements.getFirst().uid().toString()),
                                    "APPEND done");
                    case Outcome.OverQuota _ -> Reply.no(Code.Word.OVERQUOTA, "No room left");
                    case Outcome.NoMailbox _ -> Reply.no(Code.Word.TRYCREATE, "No such mailbox");
                };
        return new Turn(state, reply);
    }

    /// The content is its owner's.
    @Override
    public String toString() {
        return "Append";
    }
}
