// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.cli.call.CallerEnvironment;
import dev.jrun.cli.call.CallerPath;
import dev.jrun.cli.call.CallerUser;
import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Options;
import dev.jrun.container.launch.CreateRequest;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.engine.Call;
import dev.jrun.launch.BundlePath;
import dev.jrun.launch.LaunchRequest;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** The options that {@code create}, {@code run} and {@code explain} share. */
final class LaunchOptions {

    private LaunchOptions() {}

    static void describe(CommandSpec spec) {
        Options.value(spec, "DIR", "the bundle's directory (default: the current one)", "-b", "--bundle");
        Options.value(spec, "FILE", "read this file instead of the bundle's config.json", "-f", "--config");
        Options.value(
                spec, "SOCKET", "send the master side of the process's terminal to this socket", "--console-socket");
        Options.value(spec, "FILE", "write the pid of the container's first process to this file", "--pid-file");
        Options.value(spec, "SOCKET", "send a pidfd of the container's first process to this socket", "--pidfd-socket");
        Options.flag(
                spec,
                "change the root by moving mounts, not by pivot_root(2); for a root file system in a ramdisk",
                "--no-pivot");
        Options.flag(spec, "let the container keep the caller's session keyring", "--no-new-keyring");
        Options.value(
                spec,
                "N",
                "pass N more descriptors to the container, after 0, 1, 2 and those of $LISTEN_FDS",
                "--preserve-fds");
    }

    static CreateRequest request(Invocation invocation) throws CommandException, ContainerException {
        return request(invocation, invocation.containerId());
    }

    static CreateRequest request(Invocation invocation, ContainerId id) throws CommandException, ContainerException {
        Call call = invocation.call();
        int activated = activatedSockets(call);
        var options = new LaunchRequest.Options(
                CallerPath.named("--pid-file", invocation),
                preserved(activated, invocation),
                invocation.isSet("--no-pivot"),
                invocation.isSet("--no-new-keyring"),
                activated == 0 ? List.of() : List.of("LISTEN_FDS=" + activated, "LISTEN_PID=1"),
                CallerPath.named("--console-socket", invocation),
                CallerPath.named("--pidfd-socket", invocation),
                CallerEnvironment.serviceManager(call));
        return new CreateRequest(
                id,
                new BundlePath(invocation.option("--bundle", "."), invocation.option("--config", "")),
                options,
                invocation.context().global().allowed(),
                invocation.context().global().cgroups(),
                CallerEnvironment.caller(call),
                call.pid(),
                CallerUser.uid(),
                invocation.warnings());
    }

    private static int preserved(int activated, Invocation invocation) throws CommandException {
        long all = (long) activated + PreservedDescriptors.named(invocation);
        if (all > PreservedDescriptors.MOST) {
            throw new CommandException("--preserve-fds and LISTEN_FDS name " + all
                    + " descriptors that the container is to inherit; allowed: at most " + PreservedDescriptors.MOST);
        }
        return (int) all;
    }

    /** What sd_listen_fds(3) says: these descriptors are for this process and its container. */
    private static int activatedSockets(Call call) {
        Map<String, String> environment = call.environment();
        boolean ours = Integer.toString(call.pid()).equals(environment.get("LISTEN_PID"));
        return ours ? Math.max(0, PreservedDescriptors.number(environment.getOrDefault("LISTEN_FDS", ""))) : 0;
    }
}
