package casella.server.config;

/// The `submission` section: how much owners may send to other servers.
///
/// @param messagesPerMinute of one owner
/// @param recipientsPerHour of one owner whose plan does not say otherwise
/// @param recipientsPerDay as above
public record SubmissionSection(int messagesPerMinute, int recipientsPerHour, int recipientsPerDay) {
    private static final int MOST = 100_000_000;

    static final String ABOUT = "How much owners may send to other servers, by mail program and webmail together.";

    static SubmissionSection read(Section in) {
        return new SubmissionSection(
                Section.between(in.number("messages-per-minute"), 1, MOST)
                        .means("Messages with recipients on other servers that one owner may send in a minute; more get 450.")
                        .orElse(60),
                Section.between(in.number("recipients-per-hour"), 1, MOST)
                        .means("Recipients on other servers that one owner may send to in an hour, where the plan does not say"
                                + " otherwise (`casella plan add --recipients-per-hour`); more get 450.")
                        .orElse(500),
                Section.between(in.number("recipients-per-day"), 1, MOST)
                        .means("As above, in a day. Counted in memory: a restart forgets it.")
                        .orElse(2_000));
    }
}
