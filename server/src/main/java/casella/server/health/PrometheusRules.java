package casella.server.health;

/// The file docs/operations/prometheus-rules.yml: every symptom as an alerting rule, made from [Symptom].
public final class PrometheusRules {
    /// What a server cannot find itself.
    private static final String AWAY = """
                  - alert: server-does-not-answer
                    expr: 'up{job="casella"} == 0'
                    for: 1m
                    labels: {severity: critical}
                    annotations:
                      summary: 'The server does not answer'
                      machine: 'Servers that send keep their mail and try again for days; clients reconnect by themselves.'
                      operator: 'Look whether the process runs, and at the end of its log; start it.'
                      runbook_url: docs/operations/runbooks/server-does-not-answer.md
            """;

    private PrometheusRules() {}

    /// Returns the rules in Prometheus' form.
    public static String text() {
        var out = new StringBuilder("""
                # What casella doctor finds, for Prometheus. Made from casella.server.health.Symptom.
                groups:
                  - name: casella
                    rules:
                """);
        for (Symptom symptom : Symptom.values()) {
            out.append("      - alert: ").append(symptom.id()).append('\n');
            out.append("        expr: '").append(symptom.expression()).append("'\n");
            out.append("        labels: {severity: ").append(symptom.level().word()).append("}\n");
            out.append("        annotations:\n");
            out.append("          summary: ").append(quoted(symptom.title())).append('\n');
            out.append("          machine: ").append(quoted(symptom.machine())).append('\n');
            out.append("          operator: ").append(quoted(symptom.operator())).append('\n');
            out.append("          runbook_url: ").append(symptom.runbook()).append('\n');
        }
        return out.append(AWAY).toString();
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
