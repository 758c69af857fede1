package casella.jmap;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// A form that keeps what is filled in.
final class FormFilledIn implements PublicForm {
    /// What was taken: the language, then the fields.
    final List<String> taken = new CopyOnWriteArrayList<>();

    /// Where the form of every brand is; a test sets it.
    volatile String at = "";

    @Override
    public String at(String brand) {
        return at;
    }

    @Override
    public Answer show(String host, String language) {
        return answer(200, "<form " + language + ">");
    }

    @Override
    public Answer take(String host, String language, Map<String, String> fields, InetAddress from) {
        taken.add(language + " " + fields + " " + from.isLoopbackAddress());
        return answer(fields.containsKey("text") ? 200 : 422, "<p>taken");
    }

    private static Answer answer(int status, String text) {
        return new Answer(status, new PublicPages.Page("text/html; charset=utf-8", text.getBytes(UTF_8)));
    }
}
