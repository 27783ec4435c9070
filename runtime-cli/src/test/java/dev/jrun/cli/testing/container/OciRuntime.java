// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.container;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A runtime as its users call it: jrun, or another to compare with.
 *
 * @param prefix the command that calls it, if any
 * @param root its state directory
 */
public record OciRuntime(String name, List<String> prefix, Path program, Path root) {

    private static final ObjectMapper JSON = new ObjectMapper();

    public Execution call(String... arguments) {
        return Execution.of(process(arguments));
    }

    public Execution callIn(Path directory, String... arguments) {
        return behind("env", "-C", directory.toString()).call(arguments);
    }

    /** The same runtime, executed by a command that executes its arguments. */
    public OciRuntime behind(String... command) {
        List<String> changed = new ArrayList<>(prefix);
        changed.addAll(List.of(command));
        return new OciRuntime(name, changed, program, root);
    }

    public Execution.Started start(Path input, String... arguments) {
        return Execution.started(process(arguments), input);
    }

    /** The words of a call. */
    public List<String> words(String... arguments) {
        List<String> words = new ArrayList<>(prefix);
        words.addAll(List.of(program.toString(), "--root", root.toString()));
        words.addAll(List.of(arguments));
        return words;
    }

    private ProcessBuilder process(String... arguments) {
        var process = new ProcessBuilder(words(arguments));
        process.environment().put("JRUN_ENGINE_IDLE", "30");
        return process;
    }

    /** What {@code state} says. */
    public JsonNode state(String id) {
        return json(call("state", id).succeeds().output());
    }

    public String status(String id) {
        return state(id).get("status").asText();
    }

    public void awaitStatus(String id, String status) {
        Eventually.isTrue("container " + id + " is " + status, () -> status(id).equals(status));
    }

    public static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }
}
