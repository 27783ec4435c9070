// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.cli.call.CallerPath;
import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Options;
import dev.jrun.container.exec.AskedProcess;
import dev.jrun.container.exec.AskedProcess.AskedUser;
import dev.jrun.container.exec.ExecCall;
import dev.jrun.container.exec.ExecCall.WhilePaused;
import dev.jrun.container.exec.SubCgroups;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.engine.Call;
import dev.jrun.launch.Caller;
import dev.jrun.launch.exec.ExecRequest;
import dev.jrun.launch.exec.ExecRequest.Ending;
import dev.jrun.launch.terminal.CallerTerminals;
import dev.jrun.spec.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Model.CommandSpec;

/** The options that {@code exec} and {@code explain exec} share. */
final class ExecOptions {

    /** What a document says, and therefore not the command line. */
    private static final List<String> OF_PROCESS = List.of(
            "--cwd",
            "--env",
            "--user",
            "--additional-gids",
            "--cap",
            "--no-new-privs",
            "--process-label",
            "--apparmor");

    private ExecOptions() {}

    static void describe(CommandSpec spec) {
        Options.value(
                spec, "FILE", "run the process that this document describes; -: standard input", "-p", "--process");
        Options.flag(spec, "do not wait for the process to end", "-d", "--detach");
        Options.value(spec, "FILE", "write the pid of the process to this file", "--pid-file");
        Options.value(spec, "SOCKET", "send a pidfd of the process to this socket", "--pidfd-socket");
        Options.value(spec, "UID[:GID]", "the user and group in the container", "-u", "--user");
        Options.values(spec, "GID", "an additional supplementary group", "-g", "--additional-gids");
        Options.value(spec, "DIR", "the working directory in the container", "--cwd");
        Options.values(spec, "NAME=VALUE", "an additional environment variable", "-e", "--env");
        Options.values(spec, "CAP", "an additional capability: bounding, effective and permitted", "-c", "--cap");
        Options.flag(spec, "set no_new_privs: it gains no privileges by executing a file", "--no-new-privs");
        Options.value(spec, "LABEL", "the SELinux context of the process", "--process-label");
        Options.value(spec, "PROFILE", "the AppArmor profile of the process", "--apparmor");
        Options.value(spec, "N", "pass N more descriptors to the process, after 0, 1 and 2", "--preserve-fds");
        Options.values(
                spec,
                "[CONTROLLER:]PATH",
                "put the process into this cgroup below the container's; on cgroup v1, one for each controller",
                "--cgroup");
        Options.flag(spec, "if the container is paused, wait until it is resumed", "--ignore-paused");
        Options.flag(spec, "give the process a terminal", "-t", "--tty");
        Options.value(
                spec, "SOCKET", "send the master side of the process's terminal to this socket", "--console-socket");
    }

    static ExecCall call(Invocation invocation) throws CommandException, ContainerException {
        Call call = invocation.call();
        var options = new ExecRequest.Options(
                CallerPath.named("--pid-file", invocation),
                CallerPath.named("--pidfd-socket", invocation),
                PreservedDescriptors.named(invocation),
                CallerPath.named("--console-socket", invocation));
        return new ExecCall(
                invocation.containerId(),
                asked(invocation),
                options,
                invocation.isSet("--detach") ? Ending.DETACHED : Ending.SUPERVISED,
                SubCgroups.of(invocation.values("--cgroup")),
                invocation.isSet("--ignore-paused") ? WhilePaused.WAIT : WhilePaused.REFUSE,
                new Caller(
                        call.home(),
                        call.arguments(),
                        List.of(), // there are no hooks
                        new CallerTerminals(call.terminals(), call.rows(), call.columns())),
                call.pid(),
                invocation.warnings());
    }

    private static AskedProcess asked(Invocation invocation) throws ContainerException {
        List<String> arguments =
                invocation.arguments().subList(1, invocation.arguments().size());
        String document = invocation.option("--process", "");
        if (!document.isEmpty()) {
            checkIsAlone(invocation, arguments);
            return new AskedProcess.Document(document);
        }
        if (arguments.isEmpty()) {
            throw new ContainerException("exec needs a command, or --process FILE");
        }
        return new AskedProcess.OnCommandLine(
                arguments,
                cwd(invocation),
                user(invocation),
                environment(invocation),
                groups(invocation),
                invocation.values("--cap"),
                invocation.isSet("--tty"),
                invocation.isSet("--no-new-privs"),
                given(invocation, "--apparmor"),
                given(invocation, "--process-label"));
    }

    private static void checkIsAlone(Invocation invocation, List<String> arguments) throws ContainerException {
        for (String option : OF_PROCESS) {
            if (invocation.isSet(option)) {
                throw new ContainerException(option + " cannot be combined with --process; set it in that document");
            }
        }
        if (!arguments.isEmpty()) {
            throw new ContainerException("a command cannot be combined with --process; name it in that document");
        }
    }

    private static Optional<String> given(Invocation invocation, String option) {
        return Optional.of(invocation.option(option, "")).filter(text -> !text.isEmpty());
    }

    private static Optional<String> cwd(Invocation invocation) throws ContainerException {
        Optional<String> directory = given(invocation, "--cwd");
        if (directory.isPresent() && !directory.get().startsWith("/")) {
            throw new ContainerException("--cwd: found \"" + directory.get() + "\"; allowed: an absolute path");
        }
        return directory;
    }

    private static Optional<AskedUser> user(Invocation invocation) throws ContainerException {
        Optional<String> user = given(invocation, "--user");
        if (user.isEmpty()) {
            return Optional.empty();
        }
        int colon = user.get().indexOf(':');
        if (colon < 0) {
            return Optional.of(new AskedUser(id("--user", user.get()), OptionalLong.empty()));
        }
        return Optional.of(new AskedUser(
                id("--user", user.get().substring(0, colon)),
                OptionalLong.of(id("--user", user.get().substring(colon + 1)))));
    }

    /** Digits and nothing else: what is taken for another user's number may be root's (CVE-2026-30892). */
    private static long id(String option, String text) throws ContainerException {
        OptionalLong id = text.matches("[0-9]{1,10}") ? Range.ID.parse(stripped(text)) : OptionalLong.empty();
        return id.orElseThrow(() -> new ContainerException(option + ": found \"" + text + "\"; allowed: " + Range.ID));
    }

    private static String stripped(String digits) {
        return Long.toString(Long.parseLong(digits));
    }

    private static List<Long> groups(Invocation invocation) throws ContainerException {
        List<Long> groups = new ArrayList<>();
        for (String group : invocation.values("--additional-gids")) {
            groups.add(id("--additional-gids", group));
        }
        return groups;
    }

    private static List<String> environment(Invocation invocation) throws ContainerException {
        List<String> entries = invocation.values("--env");
        for (String entry : entries) {
            if (entry.indexOf('=') < 1) {
                throw new ContainerException("--env: found \"" + entry + "\"; allowed: NAME=value");
            }
        }
        return entries;
    }
}
