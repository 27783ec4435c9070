// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import dev.jrun.container.conversation.WarningWriter;
import dev.jrun.container.launch.Host;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.state.StateStore;
import dev.jrun.engine.Call;
import dev.jrun.engine.EngineControl;
import dev.jrun.program.Session;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/**
 * A command to execute.
 *
 * @param name by which it was called
 * @param parsed the words after its name
 */
public record Invocation(String name, CommandContext context, ParseResult parsed) {

    public Call call() {
        return context.call();
    }

    public Session session() {
        return context.session();
    }

    public EngineControl engine() {
        return context.engine();
    }

    public Host host() {
        return context.host();
    }

    /** The directory of states that the caller means. */
    public StateStore store() {
        return new StateStore(Path.of(context.global().root()), GlobalOptions.engines(call()));
    }

    public boolean isSet(String option) {
        return Options.isSet(parsed, option);
    }

    /** The value given for {@code option}. */
    public String option(String name, String otherwise) {
        return Options.get(parsed, name, otherwise);
    }

    /** The value given for {@code option}, which may be empty; none if it was not given. */
    public Optional<String> given(String option) {
        return Optional.ofNullable(Options.get(parsed, option, null));
    }

    /** The values given for {@code option}, which can be given several times. */
    public List<String> values(String option) {
        return Options.all(parsed, option);
    }

    /** The arguments that are not options. */
    public List<String> arguments() {
        return Options.arguments(parsed);
    }

    /**
     * The first argument, as a container's id.
     *
     * @throws ContainerException if no container can have it
     */
    public ContainerId containerId() throws ContainerException {
        return ContainerId.of(arguments().getFirst());
    }

    /** Where and when it is said what does not keep a container or a process from being made. */
    public WarningWriter warnings() {
        return context.log();
    }

    /** Says, when the command is over, what did not keep it from being done. */
    public void warn(String message) {
        context.log().warn(message);
    }

    /** Says, when the command has failed, what of it could not be done, where there is more. */
    public void error(String message) {
        context.log().error(message);
    }

    /** Prints to the caller's standard output when the command is over. */
    public void print(String text) {
        context.output().print(text);
    }
}
