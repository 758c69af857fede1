package casella.server.cli;

import tools.jackson.databind.JsonNode;

/// What a certificate of an erasure says, in words.
final class ErasureWords {
    private ErasureWords() {}

    static String of(JsonNode payload) {
        var text = new StringBuilder("account " + Shown.text(payload, "account"));
        text.append("\nerasure ordered ").append(Shown.text(payload, "ordered"));
        text.append(Shown.text(payload, "reason").equals("plan") ? " (the plan's days were over)" : "");
        for (JsonNode place : payload.path("places")) {
            String confirmed = Shown.text(place, "confirmed");
            String by = Shown.text(place, "by");
            text.append('\n').append(Shown.text(place, "place")).append(": ");
            if (!confirmed.isEmpty()) text.append("has nothing left, ").append(confirmed);
            else if (by.isEmpty()) text.append("not confirmed yet");
            else text.append("has something set aside that may be of it; it goes on ").append(by);
            // The queue's never goes by itself: accepted mail may be in it alone.
            if (confirmed.isEmpty() && !by.isEmpty() && Shown.text(place, "place").equals("set-aside")) {
                text.append("; files of the queue's quarantine stay until somebody deletes them: "
                        + "casella quarantine list names them");
            }
        }
        String completed = Shown.text(payload, "completed");
        return text.append(completed.isEmpty() ? "\nnot complete" : "\ncomplete " + completed).toString();
    }

    /// Says whether every place has confirmed.
    static boolean complete(JsonNode payload) {
        return !Shown.text(payload, "completed").isEmpty();
    }
}
