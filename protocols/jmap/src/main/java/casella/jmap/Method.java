package casella.jmap;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A method a client can call. Each is one class, named as on the wire without the slash. RFC 8620
/// §3.2.
sealed interface Method permits AbsenceGet,
                AttemptGet,
                CompensationGet,
                CoreEcho,
                EmailChanges,
                EmailGet,
                EmailImport,
                EmailParse,
                EmailQuery,
                EmailQueryChanges,
                EmailSet,
                EmailSubmissionChanges,
                EmailSubmissionGet,
                EmailSubmissionQuery,
                EmailSubmissionSet,
                HelpGet,
                HelpSet,
                IdentityChanges,
                IdentityGet,
                MailboxChanges,
                MailboxGet,
                MailboxQuery,
                MailboxQueryChanges,
                MailboxSet,
                NoticeGet,
                ReckoningGet,
                SearchSnippetGet,
                SecondAddressGet,
                SecondAddressSet,
                ServiceGet,
                ThreadChanges,
                ThreadGet {
    /// Every method, by name.
    Map<String, Method> ALL =
            List.<Method>of(
                            new AbsenceGet(),
                            new AttemptGet(),
                            new CompensationGet(),
                            new CoreEcho(),
                            new EmailChanges(),
                            new EmailGet(),
                            new EmailImport(),
                            new EmailParse(),
                            new EmailQuery(),
                            new EmailQueryChanges(),
                            new EmailSet(),
                            new EmailSubmissionChanges(),
                            new EmailSubmissionGet(),
                            new EmailSubmissionQuery(),
                            new EmailSubmissionSet(),
                            new HelpGet(),
                            new HelpSet(),
                            new IdentityChanges(),
                            new IdentityGet(),
                            new MailboxChanges(),
                            new MailboxGet(),
                            new MailboxQuery(),
                            new MailboxQueryChanges(),
                            new MailboxSet(),
                            new SearchSnippetGet(),
                            new NoticeGet(),
                            new ReckoningGet(),
                            new SecondAddressGet(),
                            new SecondAddressSet(),
                            new ServiceGet(),
                            new ThreadChanges(),
                            new ThreadGet())
                    .stream()
                    .collect(Collectors.toUnmodifiableMap(Method::name, Function.identity()));

    /// Returns the name on the wire: `Email/get`.
    String name();

    /// Returns what `using` must name for it to be known.
    Capability capability();

    /// Answers one call. Runs on the request's own virtual thread.
    ///
    /// @throws Refusal if the arguments do not hold
    /// @throws casella.base.Fault if something it needs is away or broken
    Answer run(Call call);
}
