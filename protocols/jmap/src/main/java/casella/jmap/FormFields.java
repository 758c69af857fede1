package casella.jmap;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What a browser sends of a form: `application/x-www-form-urlencoded` of the URL Standard, in UTF-8.
final class FormFields {
    private FormFields() {}

    /// Returns the fields by their names, the last of each name; empty if it is no form, or has too many.
    static Optional<Map<String, String>> of(byte[] body) {
        Map<String, String> fields = new LinkedHashMap<>();
        String text = new String(body, StandardCharsets.ISO_8859_1);
        if (text.isEmpty()) return Optional.of(fields);
        String[] pairs = text.split("&", PublicForm.FIELDS_MAX + 1);
        if (pairs.length > PublicForm.FIELDS_MAX) return Optional.empty();
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            try {
                String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
                fields.put(name, equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
        return Optional.of(fields);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
