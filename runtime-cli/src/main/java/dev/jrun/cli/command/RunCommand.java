// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.cli.call.Arguments;
import dev.jrun.cli.call.Command;
import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Options;
import dev.jrun.cli.call.Outcome;
import dev.jrun.container.Run;
import dev.jrun.container.RunRequest;
import dev.jrun.container.RunRequest.Attachment;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.launch.LaunchRequest.Adoption;
import dev.jrun.launch.LaunchRequest.Afterwards;
import dev.jrun.program.SessionBrokenException;
import java.util.OptionalInt;
import picocli.CommandLine.Model.CommandSpec;

/** {@code jrun run}: makes a container and starts it immediately. */
public final class RunCommand implements Command {

    @Override
    public String summary() {
        return "make a container from a bundle, start it, and remove it when it has ended";
    }

    @Override
    public String examples() {
        return """
                Run a container in the background:
                    jrun run --detach --bundle hello web
                Run one in the foreground, and keep its state after it has ended:
                    jrun run --keep --bundle short done
                """;
    }

    @Override
    public Arguments arguments() {
        return Arguments.CONTAINER;
    }

    @Override
    public void describe(CommandSpec spec) {
        LaunchOptions.describe(spec);
        Options.flag(spec, "do not wait for the container to end", "-d", "--detach");
        Options.flag(spec, "do not remove the container when it has ended", "--keep");
        Options.flag(spec, "do not adopt the container's orphans", "--no-subreaper");
    }

    @Override
    public Outcome execute(Invocation invocation) throws CommandException, ContainerException, SessionBrokenException {
        var request = new RunRequest(LaunchOptions.request(invocation), attachment(invocation));
        OptionalInt code = new Run(invocation.host(), invocation.store()).execute(invocation.session(), request);
        return code.isPresent() ? new Outcome.Exit(code.getAsInt()) : new Outcome.ShimEnds();
    }

    private static Attachment attachment(Invocation invocation) {
        if (invocation.isSet("--detach")) {
            return new Attachment.Detached();
        }
        return new Attachment.Foreground(
                invocation.isSet("--no-subreaper") ? Adoption.BY_HOST : Adoption.BY_SHIM,
                invocation.isSet("--keep") ? Afterwards.KEEP : Afterwards.REMOVE);
    }
}
