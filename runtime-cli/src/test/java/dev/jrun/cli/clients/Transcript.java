// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients;

import dev.jrun.cli.testing.host.Execution;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a user sees of a series of commands: exit codes and all that is printed, but what differs from run to run, and
 * how a runtime puts an error of which the engine reads a few words.
 */
public final class Transcript {

    private static final Map<String, String> RULES = new LinkedHashMap<>();

    static {
        RULES.put("\\b[0-9a-f]{64}\\b", "ID");
        RULES.put("\\b[0-9a-f]{12}\\b", "ID");
        // A client of Docker 20.10 logs, when it feels like it, that it does not wait any more.
        RULES.put("(?m)^time=\".*\n", "");
        RULES.put("(?m)^root +[0-9]+ +", "root PID ");
        RULES.put(
                "\\bError: (?:OCI runtime error: )?(?:jrun|runc): .*?((?:: OCI [^:\n]*)?)\n",
                "Error: of the runtime$1\n");
        RULES.put("(?m)^--> [0-9a-f]{11,12}$", "--> ID");
        RULES.put("(OCI runtime \\w+ failed: ).*?(exec: \"[^\"]*\"|/nosuch).*", "$1$2");
    }

    private final StringBuilder text = new StringBuilder();

    public Transcript add(List<String> words, Execution execution) {
        text.append("$ ").append(String.join(" ", words)).append('\n');
        text.append(withoutDifferences(execution.output()));
        text.append(withoutDifferences(execution.errors()));
        text.append("-> ").append(execution.code()).append('\n');
        return this;
    }

    private static String withoutDifferences(String printed) {
        String rest = printed;
        for (Map.Entry<String, String> rule : RULES.entrySet()) {
            rest = rest.replaceAll(rule.getKey(), rule.getValue());
        }
        return rest;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
