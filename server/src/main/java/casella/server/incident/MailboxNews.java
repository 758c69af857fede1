package casella.server.incident;

import casella.base.AccountId;
import casella.base.Admission;
import casella.directory.Account;
import casella.directory.Authenticator.Verdict;
import casella.directory.NotYetWords;
import casella.incident.news.News;
import casella.incident.voice.Language;
import casella.jmap.ServiceWords;
import casella.store.Service;
import java.util.function.Function;

/// How a mailbox is, for whoever asks at a second address: the place in the line where its owner is not let in yet, else what works.
///
/// @param service what serves an account now
public record MailboxNews(Admission doors, Function<AccountId, Service> service) implements News.States {
    @Override
    public String of(Account account, Language language) {
        boolean italian = language == Language.ITALIAN;
        boolean held = doors.holds(account.id());
        if (held && doors.ask(account.id(), Admission.Door.JMAP) instanceof Admission.Answer.NotYet(
                var place, var estimate, var retry)) {
            var told = new Verdict.NotYet(place, estimate, retry);
            return italian ? NotYetWords.italian(told) : NotYetWords.english(told);
        }
        return ServiceWords.of(service.apply(account.id()).state(), italian);
    }
}
