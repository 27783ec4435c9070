// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.exec;

import dev.jrun.spec.Capabilities;
import dev.jrun.spec.Process;
import dev.jrun.spec.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Completes a process that is described less fully than the container's own, with the container's values, as runc does.
 */
final class ProcessInContainer {

    private final Process own;

    /** @param own the container's own process */
    ProcessInContainer(Process own) {
        this.own = own;
    }

    /**
     * A process that a document describes. Its arguments, environment, directory and user are its own, and so is
     * noNewPrivileges.
     */
    Process of(Process described) {
        User user = described.user();
        OptionalInt umask = user.umask().isPresent() ? user.umask() : own.user().umask();
        return new Process(
                described.terminal(),
                described.consoleSize(),
                new User(user.uid(), user.gid(), umask, user.additionalGids()),
                described.args(),
                described.env(),
                described.cwd(),
                described.capabilities().or(own::capabilities),
                described.rlimits().isEmpty() ? own.rlimits() : described.rlimits(),
                described.noNewPrivileges(),
                described.oomScoreAdj().isPresent() ? described.oomScoreAdj() : own.oomScoreAdj(),
                described.scheduler().or(own::scheduler),
                described.ioPriority().or(own::ioPriority),
                described.execCPUAffinity().isEmpty() ? own.execCPUAffinity() : described.execCPUAffinity(),
                described.apparmorProfile().or(own::apparmorProfile),
                described.selinuxLabel().or(own::selinuxLabel));
    }

    /** The container's own, but for what the command line says. */
    Process of(AskedProcess.OnCommandLine asked) {
        return new Process(
                asked.terminal(),
                Optional.empty(),
                user(asked),
                asked.arguments(),
                joined(own.env(), asked.environment()),
                asked.cwd().orElse(own.cwd()),
                capabilities(asked.capabilities()),
                own.rlimits(),
                own.noNewPrivileges() || asked.noNewPrivileges(),
                own.oomScoreAdj(),
                own.scheduler(),
                own.ioPriority(),
                own.execCPUAffinity(),
                asked.apparmorProfile().or(own::apparmorProfile),
                asked.selinuxLabel().or(own::selinuxLabel));
    }

    private User user(AskedProcess.OnCommandLine asked) {
        List<Long> groups = joined(own.user().additionalGids(), asked.groups());
        return asked.user().isPresent()
                ? asked.user().get().in(own.user(), groups)
                : new User(own.user().uid(), own.user().gid(), own.user().umask(), groups);
    }

    /** Not the inheritable and the ambient ones, which would outlive what the process executes (CVE-2022-29162). */
    private Optional<Capabilities> capabilities(List<String> more) {
        if (more.isEmpty()) {
            return own.capabilities();
        }
        Optional<Capabilities> has = own.capabilities();
        return Optional.of(new Capabilities(
                with(more, has.flatMap(Capabilities::bounding)),
                with(more, has.flatMap(Capabilities::effective)),
                has.flatMap(Capabilities::inheritable),
                with(more, has.flatMap(Capabilities::permitted)),
                has.flatMap(Capabilities::ambient)));
    }

    private static Optional<List<String>> with(List<String> more, Optional<List<String>> names) {
        return Optional.of(joined(names.orElse(List.of()), more));
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        List<T> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
