package casella.pop3;

import java.util.ArrayList;
import java.util.List;

/// CAPA: tells what we speak. RFC 2449 §5, §6.
record Capa() implements Command.InAnyState {
    @Override
    public Turn run(State state, Client client) {
        var all = new ArrayList<>(List.of("TOP", "UIDL", "RESP-CODES", "AUTH-RESP-CODE", "PIPELINING", "EXPIRE NEVER"));
        if (state instanceof State.Authorization) {
            if (client.canStartTls()) all.add("STLS");
            if (client.mayLogIn()) all.addAll(List.of("USER", "SASL PLAIN"));
        }
        Answer.Writer lines = out -> {
            for (String capability : all) out.write(capability + "\r\n");
        };
        return new Turn(state, new Answer.Lines(Reply.ok("Capabilities follow"), lines));
    }
}
