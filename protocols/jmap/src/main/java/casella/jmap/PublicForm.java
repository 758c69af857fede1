package casella.jmap;

import java.net.InetAddress;
import java.util.Map;

/// A form for anybody, below a path of its own: plain HTML that needs no script, made by whoever runs the service.
public interface PublicForm {
    /// Fields of a form at most, and bytes of all of them as they are sent.
    int FIELDS_MAX = 20;

    int BYTES_MAX = 96 << 10;

    /// @param status of HTTP: 200, 422 for what was filled in wrongly, 429 for too many
    record Answer(int status, PublicPages.Page page) {}

    /// Returns where a brand's form is, for its log-in page: a path of this server or a URL, of a folder with `it/` and `en/`; empty where it
    /// names none.
    default String at(String brand) {
        return "";
    }

    /// Returns the empty form.
    ///
    /// @param host the Host header without its port
    /// @param language as the path says it, whatever that is
    Answer show(String host, String language);

    /// Takes what was filled in; waits for the desk's disk.
    ///
    /// @param fields decoded, at most [#FIELDS_MAX]
    /// @param from the peer
    Answer take(String host, String language, Map<String, String> fields, InetAddress from);
}
