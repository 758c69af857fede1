package casella.jmap;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// Hears what is asked of domains at `/Asked`, and answers those that ask with a query.
final class SetupAsked implements ClientSetup {
    final List<Question> questions = new CopyOnWriteArrayList<>();

    @Override
    public boolean knows(String method, String path) {
        return path.equalsIgnoreCase("/asked/here.xml") && !method.equals("PUT");
    }

    @Override
    public Optional<PublicPages.Page> answer(Question question) {
        questions.add(question);
        if (question.query().isEmpty()) return Optional.empty();
        return Optional.of(new PublicPages.Page("text/xml; charset=utf-8", question.body()));
    }
}
