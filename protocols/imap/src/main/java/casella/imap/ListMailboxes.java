package casella.imap;

import casella.base.MailboxId;
import casella.store.Mailbox;
import casella.store.Role;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// LIST: names of mailboxes and what they are. RFC 9051 §6.3.9; SPECIAL-USE: RFC 6154 §2.
///
/// Every mailbox exists and can be selected; its attributes for children and use are always told.
///
/// @param patterns reference and pattern joined; empty for `LIST "" ""`, which asks for the separator
/// @param status figures to tell with each name; null for none
record ListMailboxes(
        List<MailboxPattern> patterns,
        boolean onlySubscribed,
        boolean recursive,
        boolean onlySpecial,
        boolean tellSubscribed,
        @Nullable Set<Status.Item> status)
        implements Command.WithAccount {
    private static final int PATTERNS_MAX = 50;
    static final Comparator<Mailbox> ORDER = Comparator.comparing((Mailbox m) -> !m.name().equals(MailboxName.INBOX))
            .thenComparing(Mailbox::name);

    /// `"LIST" [SP list-select-opts] SP mailbox SP mbox-or-pat [SP list-return-opts]`. RFC 9051 §9.
    static ListMailboxes parse(Arguments in) {
        in.space();
        Set<String> select = in.next('(') ? words(in) : Set.of();
        if (in.next(' ')) in.space();
        String reference = in.mailboxName();
        in.space();
        var patterns = new ArrayList<MailboxPattern>();
        if (in.skip('(')) {
            do {
                if (patterns.size() == PATTERNS_MAX) throw new Arguments.Syntax("too many patterns");
                patterns.add(new MailboxPattern(reference + in.listMailbox()));
            } while (in.skip(' '));
            in.close();
        } else {
            String pattern = in.listMailbox();
            if (!pattern.isEmpty()) patterns.add(new MailboxPattern(reference + pattern));
        }
        Set<String> told = new HashSet<>();
        Set<Status.Item> status = in.skip(' ') ? returned(in, told) : null;
        in.end();
        for (String option : select) {
            if (!Set.of("SUBSCRIBED", "REMOTE", "RECURSIVEMATCH", "SPECIAL-USE").contains(option)) {
                throw new Arguments.Syntax("unknown selection option");
            }
        }
        boolean subscribed = select.contains("SUBSCRIBED");
        boolean recursive = select.contains("RECURSIVEMATCH");
        if (recursive && !subscribed) throw new Arguments.Syntax("RECURSIVEMATCH needs SUBSCRIBED");
        return new ListMailboxes(
                List.copyOf(patterns),
                subscribed,
                recursive,
                select.contains("SPECIAL-USE"),
                subscribed || told.contains("SUBSCRIBED"),
                status);
    }

    private static Set<String> words(Arguments in) {
        var words = new HashSet<String>();
        in.open();
        if (in.skip(')')) return words;
        do words.add(in.word()); while (in.skip(' '));
        in.close();
        return words;
    }

    private static @Nullable Set<Status.Item> returned(Arguments in, Set<String> told) {
        if (!in.word().equals("RETURN")) throw new Arguments.Syntax("expected RETURN");
        in.space();
        in.open();
        Set<Status.Item> status = null;
        if (in.skip(')')) return status;
        do {
            String option = in.word();
            switch (option) {
                case "STATUS" -> {
                    in.space();
                    status = Status.items(in);
                }
                case "SUBSCRIBED", "CHILDREN", "SPECIAL-USE" -> told.add(option);
                default -> throw new Arguments.Syntax("unknown return option");
            }
        } while (in.skip(' '));
        in.close();
        return status;
    }

    @Override
    public Turn run(State.WithAccount state, Client client) throws IOException {
        if (patterns.isEmpty()) {
            client.out().untagged("LIST (\\Noselect) \"/\" \"\"");
            return new Turn(state, Reply.ok("LIST done"));
        }
        Set<MailboxId> closed = new HashSet<>();
        List<Mailbox> all = new ArrayList<>(state.account().read(view -> {
            List<Mailbox> found = view.mailboxes();
            for (Mailbox mailbox : found) if (view.closed(mailbox.id())) closed.add(mailbox.id());
            return found;
        }));
        all.sort(ORDER);
        Set<String> parents = new HashSet<>();
        Set<String> aboveSubscribed = new HashSet<>();
        for (Mailbox mailbox : all) {
            addParents(mailbox.name(), parents);
            if (mailbox.subscribed()) addParents(mailbox.name(), aboveSubscribed);
        }
        for (Mailbox mailbox : all) {
            if (patterns.stream().noneMatch(pattern -> pattern.matches(mailbox.name()))) continue;
            boolean below = recursive && aboveSubscribed.contains(mailbox.name());
            if (onlySubscribed && !mailbox.subscribed() && !below) continue;
            if (onlySpecial && use(mailbox.role()) == null) continue;
            write(mailbox, parents.contains(mailbox.name()), below, client.out());
            // RFC 9051 §6.3.9: figures that cannot be had are left out.
            if (status != null && !closed.contains(mailbox.id())) Status.write(mailbox, status, client);
        }
        return new Turn(state, Reply.ok("LIST done"));
    }

    static void addParents(String name, Set<String> parents) {
        for (int at = name.lastIndexOf('/'); at > 0; at = name.lastIndexOf('/', at - 1)) {
            parents.add(name.substring(0, at));
        }
    }

    private void write(Mailbox mailbox, boolean children, boolean below, Output out) throws IOException {
        var attributes = new ArrayList<String>();
        attributes.add(children ? "\\HasChildren" : "\\HasNoChildren");
        if (tellSubscribed && mailbox.subscribed()) attributes.add("\\Subscribed");
        String use = use(mailbox.role());
        if (use != null) attributes.add(use);
        out.text("* LIST (" + String.join(" ", attributes) + ") \"/\" ").mailbox(mailbox.name());
        if (below) out.text(" (\"CHILDINFO\" (\"SUBSCRIBED\"))");
        out.end();
    }

    /// Returns the attribute for a use, null for an ordinary mailbox. INBOX has none. RFC 6154 §2, RFC 8457 §3.
    private static @Nullable String use(@Nullable Role role) {
        if (role == null) return null;
        return switch (role) {
            case INBOX -> null;
            case ARCHIVE, DRAFTS, FLAGGED, IMPORTANT, JUNK, SENT, TRASH -> {
                String word = role.word();
                yield "\\" + word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
            }
        };
    }

    @Override
    public String label() {
        return "list";
    }
}
